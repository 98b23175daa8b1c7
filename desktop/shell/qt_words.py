"""What Qt says on standard error."""

from __future__ import annotations

from PySide6.QtCore import QLoggingCategory


def say_less() -> None:
    """Qt tells of each character that a font cannot shape, and characters come from guests: such words have no end."""
    QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
