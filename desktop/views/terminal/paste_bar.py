"""The question before a paste that could run something."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.core.text import visible

from ..plain import PlainLabel

_PREVIEW_CHARACTERS = 60


class PasteBar(QFrame):
    """Asks under the terminal, without blocking anything. Escape or Cancel drops the text."""

    accepted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paste_bar")
        self._text = ""
        self._label = PlainLabel(wrap=True)
        self._label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._paste = QPushButton(self.tr("&Paste"))
        self._paste.setObjectName("paste_accept")
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.setObjectName("paste_cancel")
        self._paste.setAccessibleName(self._paste.text().replace("&", ""))
        self._cancel.setAccessibleName(self._cancel.text())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._paste)
        layout.addWidget(self._cancel)
        self._paste.clicked.connect(self._on_accepted)
        self._cancel.clicked.connect(self.dismiss)
        self.hide()

    def ask(self, text: str) -> None:
        """Show the question for `text`."""
        self._text = text
        lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
        question = self.tr("Paste %n line(s)? The shell in the machine may run them at once.", "", len(lines))
        self._label.setText(f"{question}\n{visible(lines[0], _PREVIEW_CHARACTERS)}")
        self.show()
        # Not on Paste: an Enter typed by habit after pasting would say yes.
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
