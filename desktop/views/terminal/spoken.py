"""The screen's text for screen readers: a text that is there for them and for no eye.

WORKAROUND, while a QAccessibleTextInterface written in Python crashes PySide6 (6.11 and 6.12): Qt's own text widget
has one that works, so one that paints nothing and takes neither mouse nor focus lies over the terminal.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget


class SpokenText(QPlainTextEdit):
    def __init__(self, terminal: QWidget) -> None:
        super().__init__(terminal)
        self._terminal = terminal
        self.setObjectName(f"{terminal.objectName()}_text")
        self.setAccessibleName(terminal.accessibleName())
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for layer in (self, self.viewport()):
            layer.setAutoFillBackground(False)
            layer.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def show_text(self, text: str, row: int, before: str) -> None:
        """The lines of the screen, and where its cursor is: in which of them, and after which text.

        Only what differs is replaced: what was typed or printed is told, and not all of the screen again.
        """
        self._replace(self.toPlainText(), text)
        block = self.document().findBlockByNumber(row)
        if block.isValid():
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + min(_units(before), block.length() - 1))
            if cursor.position() != self.textCursor().position():
                self.setTextCursor(cursor)
        self.setGeometry(self._terminal.rect())
        self.show()

    def _replace(self, old: str, new: str) -> None:
        if old == new:
            return
        begin = _alike(old, new)
        end = _alike(old[begin:][::-1], new[begin:][::-1])
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(old[:begin]))
        cursor.setPosition(_units(old[: len(old) - end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(new[begin : len(new) - end])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """What is seen is the terminal."""


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    differ = (place for place, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs)
    return next(differ, min(len(one), len(other)))


def _units(text: str) -> int:
    """Qt counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
