"""What is shown of one container: its log and all that the engine tells of it."""
