"""The line over a container's log and facts that says what keeps them from being live."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ..card import button, set_button_text
from ..plain import PlainLabel
from .situation import Situation


class SituationBar(QWidget):
    wished = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("detail_situation")
        self._wish = ""
        self._box = QFrame()
        self._box.setObjectName("detail_situation_box")
        self._box.setProperty("role", "notice")
        self._words = PlainLabel(name="detail_situation_words", wrap=True, selectable=True)
        self._button = button("detail_situation_button", "", lambda: self.wished.emit(self._wish), "quiet")
        inner = QHBoxLayout(self._box)
        inner.setContentsMargins(14, 6, 8, 6)
        inner.addWidget(self._words, 1)
        inner.addWidget(self._button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 0, 20, 10)
        outer.addWidget(self._box)
        self.hide()

    def show_situation(self, situation: Situation | None) -> None:
        self.setVisible(situation is not None)
        if situation is None:
            return
        self._words.setText(situation.words)
        self.setAccessibleName(self._words.text())
        self._wish = situation.wish
        set_button_text(self._button, situation.button or situation.words)
        self._button.setVisible(bool(situation.button))
        kind = "warning" if situation.is_warning else ""
        if self._box.property("kind") != kind:
            self._box.setProperty("kind", kind)
            self._box.style().polish(self._box)
