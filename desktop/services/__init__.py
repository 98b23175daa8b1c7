"""What the app does, as coroutines over the rooms below; no Qt."""
