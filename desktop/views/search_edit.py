"""A field to search or filter with, whose hint and button to clear it have names."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QToolButton


def search_edit(name: str, hint: str, clear: str, widest_px: int) -> QLineEdit:
    """`clear`: what the button in it says to who cannot see it."""
    made = QLineEdit()
    made.setObjectName(name)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setClearButtonEnabled(True)
    made.setMaximumWidth(widest_px)
    for button in made.findChildren(QToolButton):
        button.setObjectName(f"{name}_clear")
        button.setAccessibleName(clear)
    return made
