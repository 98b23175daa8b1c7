"""Lasting facts that a user should know, each in a box of its own."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from .plain import PlainLabel
from .told import told_sentence


class WarningList(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("warnings")
        self.setAccessibleName(self.tr("Warnings"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._shown: tuple[str, ...] = ()
        self._boxes: list[QFrame] = []
        self.hide()

    def show_warnings(self, warnings: tuple[str, ...]) -> None:
        if warnings == self._shown:
            return
        self._shown = warnings
        for box in self._boxes:
            self._column.removeWidget(box)
            box.deleteLater()
        self._boxes = [self._make_box(number, words) for number, words in enumerate(warnings)]
        self.setVisible(bool(warnings))

    def _make_box(self, number: int, words: str) -> QFrame:
        box = QFrame()
        box.setObjectName(f"warning_{number}")
        box.setProperty("role", "notice")
        box.setProperty("kind", "warning")
        inner = QVBoxLayout(box)
        inner.setContentsMargins(14, 9, 14, 9)
        label = PlainLabel(told_sentence(words), name=f"warning_{number}_words", wrap=True, selectable=True)
        box.setAccessibleName(label.text())
        inner.addWidget(label)
        self._column.addWidget(box)
        return box
