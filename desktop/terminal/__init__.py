"""The terminal without a widget: screen, keys, session, and the process that keeps the screen."""
