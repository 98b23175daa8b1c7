"""Keys of GNU screen in the widget: the prefix, and the key after it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from desktop.terminal.prefix import ScreenKey, key_after_prefix

from .keys import is_bare_modifier

_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class PrefixKeys(QObject):
    """`asked` comes with a ScreenKey and what was typed for it, `waiting` while the key after the prefix is awaited."""

    asked = Signal(object, str)
    waiting = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.letter = ""
        self._is_waiting = False

    def takes(self, event: QKeyEvent) -> bool:
        """Whether a key is the prefix, or the one after it, and not the guest's."""
        if not self._is_waiting:
            if not self._is_prefix(event):
                return False
            self._set_waiting(True)
            return True
        if is_bare_modifier(event):
            return True
        self._set_waiting(False)
        key = ScreenKey.LITERAL if self._is_prefix(event) else key_after_prefix(self.letter, event.text())
        if key is not None:
            self.asked.emit(key, event.text())
        return True

    def forget(self) -> None:
        """The focus went elsewhere: the next key is no command."""
        if self._is_waiting:
            self._set_waiting(False)

    def _is_prefix(self, event: QKeyEvent) -> bool:
        if not self.letter or event.key() != ord(self.letter.upper()):
            return False
        held = event.modifiers() & (_HELD | Qt.KeyboardModifier.ShiftModifier)
        return held == Qt.KeyboardModifier.ControlModifier

    def _set_waiting(self, waiting: bool) -> None:
        self._is_waiting = waiting
        self.waiting.emit(waiting)
