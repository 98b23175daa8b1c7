"""Small shapes for the state of a container: each state differs in form and not in colour alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from .theme import Colours, is_dark

SIZE_PX = 14
_GRID = 14.0


@lru_cache(maxsize=256)
def mark_icon(mark: str, colours: Colours, scale: float) -> QIcon:
    """The shape called `mark`, sharp at `scale`; on a selected row it takes the colour of the text."""
    icon = QIcon()
    tint = _tint(mark, colours)
    for mode, colour in ((QIcon.Mode.Normal, tint), (QIcon.Mode.Selected, colours.on_accent)):
        icon.addPixmap(_drawn(mark, QColor(colour), scale), mode)
    faded = QColor(colours.muted)
    faded.setAlphaF(0.6)
    icon.addPixmap(_drawn(mark, faded, scale), QIcon.Mode.Disabled)
    return icon


def _tint(mark: str, colours: Colours) -> str:
    dark = is_dark(colours)
    tints = {
        "running": "#4cc77f" if dark else "#1a8148",
        "moving": "#f0b04a" if dark else "#a06000",
        "paused": "#79b4ff" if dark else "#0f62c0",
        "warning": "#f0b04a" if dark else "#a06000",
        "failed": colours.danger_text,
    }
    return tints.get(mark, colours.muted)


def _drawn(mark: str, colour: QColor, scale: float) -> QPixmap:
    pixels = round(SIZE_PX * scale)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixels / _GRID, pixels / _GRID)
    pen = QPen(colour, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _SHAPES.get(mark, _question)(painter, colour)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _disc(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(7, 7), 4, 4)


def _ring(painter: QPainter, _colour: QColor) -> None:
    painter.drawEllipse(QPointF(7, 7), 4, 4)


def _bars(painter: QPainter, colour: QColor) -> None:
    for x in (3.6, 8.4):
        painter.fillRect(QRectF(x, 2.8, 2.4, 8.4), colour)


def _cross(painter: QPainter, _colour: QColor) -> None:
    painter.drawLine(QPointF(3.4, 3.4), QPointF(10.6, 10.6))
    painter.drawLine(QPointF(10.6, 3.4), QPointF(3.4, 10.6))


def _dots(painter: QPainter, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    for x in (2.4, 7.0, 11.6):
        painter.drawEllipse(QPointF(x, 7), 1.5, 1.5)


def _triangle(painter: QPainter, _colour: QColor) -> None:
    painter.drawPolygon(QPolygonF([QPointF(7, 2), QPointF(12.4, 11.8), QPointF(1.6, 11.8)]))
    painter.drawLine(QPointF(7, 6), QPointF(7, 8.4))
    painter.drawPoint(QPointF(7, 10.2))


def _question(painter: QPainter, _colour: QColor) -> None:
    font = painter.font()
    font.setPixelSize(11)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, _GRID, _GRID), Qt.AlignmentFlag.AlignCenter, "?")


_SHAPES: dict[str, Callable[[QPainter, QColor], None]] = {
    "running": _disc,
    "stopped": _ring,
    "paused": _bars,
    "failed": _cross,
    "moving": _dots,
    "warning": _triangle,
}
