"""A line chart of the last minutes: one or two lines on one scale, with gaps where nothing was measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ..plain import PlainLabel
from ..theme import Colours, colours_of

SPAN_S = 600
GAP_S = 4.0
"""Measured are seconds: more between two is a time when nobody looked, or nothing ran."""
LEAST_PX = 84


@dataclass(frozen=True)
class Line:
    """Moments in seconds before now, and values."""

    name: str
    points: Sequence[tuple[float, float]]


class Chart(QWidget):
    """`words` puts a value in words, for the scale and the newest value; `least` is the smallest full scale."""

    def __init__(self, name: str, title: str, words: Callable[[float], str], least: float) -> None:
        super().__init__()
        self.setObjectName(name)
        self._title, self._words = title, words
        self._now = PlainLabel(name=f"{name}_now", role="caption", elide=True)
        self._now.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._plot = _Plot(f"{name}_plot", words, least)
        self._head = QHBoxLayout()
        self._head.addWidget(PlainLabel(title, name=f"{name}_title", role="strong"))
        self._head.addWidget(self._now, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head)
        column.addWidget(self._plot, 1)
        self.show_lines((), "")

    def head_px(self, now: str) -> int:
        """The width in which the title and these words stand whole."""
        words_px = self._now.fontMetrics().horizontalAdvance(now)
        return self._head.sizeHint().width() - self._now.sizeHint().width() + words_px

    def show_lines(self, lines: Sequence[Line], now: str) -> None:
        """`now`: the newest values in words."""
        self._now.setText(now)
        self.setAccessibleName(f"{self._title}: {now}" if now else self._title)
        self._plot.setAccessibleName(self.accessibleName())
        self._plot.show_lines(lines)


class _Plot(QWidget):
    def __init__(self, name: str, words: Callable[[float], str], least: float) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._words, self._least = words, least
        self._lines: Sequence[Line] = ()

    def sizeHint(self) -> QSize:
        return QSize(240, LEAST_PX + 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, LEAST_PX)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time goes, with the words at its ends
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(colours.line))
        painter.setBrush(QColor(colours.field))
        painter.drawRoundedRect(area, 6, 6)
        top = scale_for(max((value for line in self._lines for _, value in line.points), default=0.0), self._least)
        inner = area.adjusted(1, 6, -1, -1)
        self._draw_grid(painter, inner, top, colours)
        for pen, line in zip(_pens(colours), self._lines, strict=False):
            self._draw_line(painter, inner, top, pen, line)
        painter.end()

    def _draw_grid(self, painter: QPainter, area: QRectF, top: float, colours: Colours) -> None:
        painter.setPen(QPen(QColor(colours.line), 1, Qt.PenStyle.DotLine))
        middle = area.top() + area.height() / 2
        painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        painter.setPen(QColor(colours.muted))
        words = area.adjusted(7, 0, -7, -3)
        painter.drawText(words, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, self._words(top))
        ago = self.tr("10 min ago")
        painter.drawText(words, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, ago)

    def _draw_line(self, painter: QPainter, area: QRectF, top: float, pen: QPen, line: Line) -> None:
        painter.setPen(pen)
        for piece in _pieces(line.points):
            places = [
                QPointF(area.right() - ago_s / SPAN_S * area.width(), area.bottom() - value / top * area.height())
                for ago_s, value in piece
            ]
            painter.drawPolyline(QPolygonF(places)) if len(places) > 1 else painter.drawPoint(places[0])


def scale_for(largest: float, least: float) -> float:
    """The full scale: `least`, or 2, 5, 10, 20, 50 … times as much, where that is needed."""
    top = float(least)
    while top < largest:
        for factor in (2, 2.5, 2):  # 1, 2, 5, 10
            top *= factor
            if top >= largest:
                break
    return top


def _pens(colours: Colours) -> tuple[QPen, QPen]:
    """Told apart by more than their colour."""
    second = QPen(QColor(colours.text), 1.4)
    second.setDashPattern([3, 2.5])
    return QPen(QColor(colours.accent_text), 1.8), second


def _pieces(points: Sequence[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = []
    for point in points:
        if not found or found[-1][-1][0] - point[0] > GAP_S:
            found.append([])
        found[-1].append(point)
    return found
