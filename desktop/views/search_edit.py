"""A field to search or filter with, whose hint and button to clear it have names."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton


class SearchEdit(QLineEdit):
    """Escape empties it first, before what Escape does where it stands."""

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and self._empties(event):
            event.accept()  # otherwise a shortcut of the pane around it takes the key
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._empties(event):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _empties(self, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and bool(self.text())


def search_edit(name: str, hint: str, clear: str, widest_px: int) -> QLineEdit:
    """`clear`: what the button in it says to who cannot see it."""
    made = SearchEdit()
    made.setObjectName(name)
    made.setPlaceholderText(hint)
    made.setAccessibleName(hint)
    made.setClearButtonEnabled(True)
    made.setMaximumWidth(widest_px)
    for button in made.findChildren(QToolButton):
        button.setObjectName(f"{name}_clear")
        button.setAccessibleName(clear)
    return made
