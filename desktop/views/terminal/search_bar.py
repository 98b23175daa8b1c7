"""The line under a terminal that asks what to look for."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ..plain import PlainLabel


class SearchBar(QFrame):
    """Enter goes to an older one or to a newer one, as it was asked for; Shift+Enter the other way, Escape closes."""

    looked_for = Signal(str)
    went = Signal(bool)
    """To the next one: whether an older one is meant."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search_bar")
        self._is_older, self._is_question = True, False
        self._line = QLineEdit()
        self._line.setObjectName("search_line")
        self._line.setPlaceholderText(self.tr("Find on the screen and above it"))
        self._line.setAccessibleName(self._line.placeholderText())
        self._line.setMaxLength(200)
        self._line.setMinimumWidth(160)
        self._count = PlainLabel(name="search_count")
        self._older = self._button("search_older", self.tr("&Older"), lambda: self.went.emit(True))
        self._newer = self._button("search_newer", self.tr("&Newer"), lambda: self.went.emit(False))
        self._close = self._button("search_close", self.tr("Close"), self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._count)
        for part in (self._older, self._newer, self._close):
            layout.addWidget(part)
        self._line.textChanged.connect(self.looked_for)
        self.show_found(0, 0, True)
        self.hide()

    def ask(self, older: bool = True, is_question: bool = False) -> None:
        """Comes up, with what was looked for last, ready to be typed over. A question is over with Enter."""
        self._is_older, self._is_question = older, is_question
        self.show()
        self._line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._line.selectAll()
        self.looked_for.emit(self._line.text())

    def dismiss(self) -> None:
        self.hide()
        self.looked_for.emit("")
        self.closed.emit()

    def show_found(self, total: int, number: int, is_done: bool) -> None:
        """How many there are, and which is the one gone to."""
        locale = QLocale()
        if not self._line.text():
            words = ""
        elif total and not number:
            words = self.tr("Found: %1").replace("%1", locale.toString(total))
        elif total:
            words = self.tr("%1 of %2").replace("%1", locale.toString(number)).replace("%2", locale.toString(total))
        else:
            words = self.tr("Nothing found") if is_done else self.tr("Searching…")
        self._count.setText(words)
        for which in (self._older, self._newer):
            which.setEnabled(total > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went.emit(self._is_older != bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            if self._is_question:
                self.hide()
                self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, words: str, act: object) -> QPushButton:
        made = QPushButton(words)
        made.setObjectName(name)
        made.setAccessibleName(words.replace("&", ""))
        made.setAutoDefault(False)
        made.clicked.connect(act)
        return made
