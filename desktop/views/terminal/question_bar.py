"""A question under the terminal that blocks nothing: about a text, of which the beginning is shown as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.text import visible

from ..plain import PlainLabel

_PREVIEW_CHARACTERS = 60


class QuestionBar(QFrame):
    """Escape or Cancel drops the text. `name` begins the names of its parts."""

    accepted = Signal(str)
    closed = Signal()

    def __init__(self, name: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_bar")
        self._text = ""
        self._label = PlainLabel(wrap=True)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._accept = self._button(f"{name}_accept", accept)
        self._cancel = self._button(f"{name}_cancel", self.tr("Cancel"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._accept)
        layout.addWidget(self._cancel)
        self._accept.clicked.connect(self._on_accepted)
        self._cancel.clicked.connect(self.dismiss)
        self.hide()

    def show_question(self, text: str, question: str) -> None:
        self._text = text
        begin = visible(text.replace("\r", "\n").lstrip("\n").partition("\n")[0], _PREVIEW_CHARACTERS)
        self._label.setText(f"{question}\n{begin}")
        self.show()

    def focus_cancel(self) -> None:
        """Not the other: an Enter typed by habit would say yes."""
        self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Drop the text and go away."""
        self._text = ""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _on_accepted(self) -> None:
        text = self._text
        self.dismiss()
        self.accepted.emit(text)

    def _button(self, name: str, words: str) -> QPushButton:
        made = QPushButton(words)
        made.setObjectName(name)
        made.setAccessibleName(words.replace("&", ""))
        return made
