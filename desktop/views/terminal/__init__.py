"""The terminal widget. `widget.TerminalWidget` is its face; import it when the first console opens."""
