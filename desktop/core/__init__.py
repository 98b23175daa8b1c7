"""Values, states, settings, paths and errors; standard library and msgspec only."""
