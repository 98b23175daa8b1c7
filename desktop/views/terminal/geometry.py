"""Between a widget's own coordinates and the device pixels of its grid, at any scale."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtWidgets import QWidget

from .metrics import CellMetrics

MARGIN_PX = 6


class Geometry:
    """Where the grid lies in a widget: a margin away from its upper left corner."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget

    @property
    def ratio(self) -> float:
        """Device pixels to one of the widget's."""
        return self._widget.devicePixelRatioF()

    @property
    def margin(self) -> int:
        return round(MARGIN_PX * self.ratio)

    @property
    def corner(self) -> QPoint:
        """The first cell's, in device pixels."""
        return QPoint(self.margin, self.margin)

    @property
    def device_size(self) -> tuple[int, int]:
        return round(self._widget.width() * self.ratio), round(self._widget.height() * self.ratio)

    def room(self, metrics: CellMetrics) -> tuple[int, int]:
        """Columns and rows that there is room for."""
        (width, height), margins = self.device_size, 2 * self.margin
        return max(2, (width - margins) // metrics.width), max(1, (height - margins) // metrics.height)

    def size_of(self, columns: int, rows: int, metrics: CellMetrics) -> QSize:
        """How large the widget must be to have room for a grid."""
        margins = 2 * self.margin
        return QSize(
            _up((columns * metrics.width + margins) / self.ratio), _up((rows * metrics.height + margins) / self.ratio)
        )

    def to_grid(self, position: QPointF) -> QPointF:
        """A position on the widget, in device pixels from the first cell's corner."""
        return position * self.ratio - QPointF(self.corner)

    def to_widget(self, area: QRect) -> QRect:
        """Device pixels of the grid as the widget's own, rounded outwards."""
        ratio, margin = self.ratio, self.margin
        left, top = int((area.x() + margin) / ratio), int((area.y() + margin) / ratio)
        right = _up((area.x() + area.width() + margin) / ratio)
        bottom = _up((area.y() + area.height() + margin) / ratio)
        return QRect(left, top, right - left, bottom - top)


def _up(value: float) -> int:
    return -int(-value // 1)
