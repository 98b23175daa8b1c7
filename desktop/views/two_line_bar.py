"""A bar over a table or a log: its two halves stand side by side, or one below the other where it is narrow."""

from __future__ import annotations

from PySide6.QtCore import QMargins
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLayout, QWidget


class TwoLineBar(QFrame):
    def __init__(self, name: str, one_line_from_px: int, margins: QMargins, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._one_line_from_px = one_line_from_px
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._halves.setContentsMargins(margins)
        self._halves.setSpacing(8)

    def set_halves(self, first: QLayout, second: QLayout) -> None:
        """The first one takes what room there is."""
        self._halves.addLayout(first, 1)
        self._halves.addLayout(second)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.turn()

    def one_line_from_px(self) -> int:
        return self._one_line_from_px

    def turn(self) -> None:
        one_line = self.width() >= self.one_line_from_px()
        direction = QBoxLayout.Direction.LeftToRight if one_line else QBoxLayout.Direction.TopToBottom
        if self._halves.direction() is not direction:
            self._halves.setDirection(direction)
