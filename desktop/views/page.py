"""A page that scrolls, with cards in one column or, where there is room, in two."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

TWO_COLUMNS_FROM_PX = 760
WIDEST_PX = 1180
GAP_PX = 14


class Page(QScrollArea):
    """`add_wide` puts a part over the full width, `add` into the columns."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("scrolled")
        body.setMaximumWidth(WIDEST_PX)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(20, 16, 20, 20)
        self._column.setSpacing(GAP_PX)
        self._parts: list[tuple[QWidget, int]] = []
        self._columns = (QVBoxLayout(), QVBoxLayout())
        self._row = QHBoxLayout()
        self._row.setSpacing(GAP_PX)
        for column in self._columns:
            column.setSpacing(GAP_PX)
            self._row.addLayout(column, 1)
        self._column.addLayout(self._row)
        self._column.addStretch(1)
        self._two: bool | None = None
        self.setWidget(body)

    def add_wide(self, part: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 2, part)

    def add(self, part: QWidget, column: int) -> None:
        self._parts.append((part, column))
        self._place(self.viewport().width() >= TWO_COLUMNS_FROM_PX, force=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(self.viewport().width() >= TWO_COLUMNS_FROM_PX)

    def _place(self, two: bool, force: bool = False) -> None:
        if two == self._two and not force:
            return
        self._two = two
        for column in self._columns:
            while column.count():
                column.takeAt(0)
        for part, wished in self._parts:
            self._columns[wished if two else 0].addWidget(part)
        for column in self._columns:
            column.addStretch(1)
        self._row.setStretch(1, 1 if two else 0)
        self._row.setSpacing(GAP_PX if two else 0)
