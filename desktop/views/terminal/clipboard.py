"""Copy and paste for a terminal: the clipboard and, on X11, the primary selection."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop.terminal.keys import encode_paste, is_paste_safe
from desktop.terminal.screen import Screen

_CLIPBOARD, _PRIMARY = QClipboard.Mode.Clipboard, QClipboard.Mode.Selection


class Clipboard(QObject):
    """Moves text between a screen and the desktop. The guest reads no clipboard, and writes it after a yes."""

    pasted = Signal(bytes)
    question = Signal(str)
    """A text that could run something by being pasted; `insert` pastes it after a yes."""

    def __init__(self, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen = screen

    @property
    def has_text(self) -> bool:
        return bool(QGuiApplication.clipboard().text(_CLIPBOARD))

    def put(self, text: str) -> None:
        """What the user agreed to."""
        QGuiApplication.clipboard().setText(text, _CLIPBOARD)

    def copy(self, screen: Screen) -> None:
        """What is selected there."""
        if text := screen.selected_text():
            QGuiApplication.clipboard().setText(text, _CLIPBOARD)

    def keep_primary(self, screen: Screen) -> None:
        """What was selected can be pasted with the middle button, as everywhere on X11."""
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and (text := screen.selected_text()):
            clipboard.setText(text, _PRIMARY)

    def paste(self) -> None:
        self._offer(QGuiApplication.clipboard().text(_CLIPBOARD))

    def paste_primary(self) -> None:
        clipboard = QGuiApplication.clipboard()
        self._offer(clipboard.text(_PRIMARY if clipboard.supportsSelection() else _CLIPBOARD))

    def insert(self, text: str) -> None:
        """Paste without asking."""
        self.pasted.emit(encode_paste(text, self._screen.wants_bracketed_paste))

    def _offer(self, text: str) -> None:
        if not text:
            return
        if is_paste_safe(text, self._screen.wants_bracketed_paste):
            self.insert(text)
        else:
            self.question.emit(text)
