"""A page that scrolls, with cards in one column or, where there is room, in two."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

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
        self._row = QHBoxLayout()
        self._columns = tuple(self._make_column(f"{name}_column_{number}") for number in range(2))
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

    def _make_column(self, name: str) -> QWidget:
        column = QWidget()
        column.setObjectName(name)
        column.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GAP_PX)
        inner.addStretch(1)
        self._row.addWidget(column, 1)
        return column

    def _place(self, two: bool, force: bool = False) -> None:
        if two == self._two and not force:
            return
        self._two = two
        # Not takeAt: an item that Python still holds keeps the next one from hearing of changes in size.
        for part, wished in self._parts:
            for column in self._columns:
                _layout(column).removeWidget(part)
            layout = _layout(self._columns[wished if two else 0])
            layout.insertWidget(layout.count() - 1, part)
        self._columns[1].setVisible(two)
        self._row.setSpacing(GAP_PX if two else 0)


def _layout(column: QWidget) -> QVBoxLayout:
    layout = column.layout()
    assert isinstance(layout, QVBoxLayout)
    return layout
