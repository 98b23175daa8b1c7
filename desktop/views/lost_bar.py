"""The line over rows that may be out of date: why, and a button that tries again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from .card import button
from .plain import PlainLabel
from .told import told_sentence


class LostBar(QWidget):
    retry_requested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        box = QFrame()
        box.setObjectName(f"{name}_box")
        box.setProperty("role", "notice")
        box.setProperty("kind", "warning")
        self._words = PlainLabel(name=f"{name}_words", wrap=True)
        inner = QHBoxLayout(box)
        inner.setContentsMargins(14, 6, 8, 6)
        inner.addWidget(self._words, 1)
        retry = button(f"{name}_retry", self.tr("Try again now"), self.retry_requested.emit, "quiet")
        inner.addWidget(retry)
        self.setFocusProxy(retry)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 0, 20, 10)
        outer.addWidget(box)
        self.hide()

    def show_reason(self, reason: str) -> None:
        words = self.tr("The engine does not answer; these rows are as they were last known. %1")
        self._words.setText(words.replace("%1", told_sentence(reason)).strip())
        self.setAccessibleName(self._words.text())
        self.show()
