"""Icons drawn by us: machine states, each a shape and a colour, and the line icons of the window.

Everything is drawn on a grid of 24 units, so that one drawing is sharp at any size and scale.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPainterPathStroker, QPen, QPixmap, QPolygonF

from desktop.core.machine import State

GRID = 24.0
APP_COLOUR = "#0f62c0"
_TRAY_SIZES = (16, 22, 24, 32, 44, 48, 64)

STATE_COLOURS = {
    "stopped": "#78828f",
    "moving": "#c27400",
    "running": "#1c9a52",
    "suspended": "#3f7fc4",
    "failed": "#d63a2e",
}
"""Middle tones, each at least 3:1 against a white and against a black panel."""


def look_of(state: State) -> str:
    """Which of the looks a state has: `stopped moving running suspended failed`."""
    if state in (State.STOPPED, State.RUNNING, State.SUSPENDED, State.FAILED):
        return str(state)
    return "moving"


def state_icon(state: State) -> QIcon:
    """The tray's icon for a state."""
    icon = QIcon()
    for size in _TRAY_SIZES:
        icon.addPixmap(state_pixmap(state, size))
    return icon


def state_pixmap(state: State, size: int, scale: float = 1.0) -> QPixmap:
    return _drawn(size, scale, lambda painter: _draw_state(painter, look_of(state)))


def app_icon() -> QIcon:
    """The app's own, as `resources/icons/moorage.svg` has it for menus."""
    icon = QIcon()
    for size in _TRAY_SIZES:
        icon.addPixmap(_drawn(size, 1.0, lambda painter: _fill(painter, APP_COLOUR, _disc(), _anchor())))
    return icon


def line_icon(name: str, colour: str, size: int = 18, scale: float = 1.0, disabled: str = "") -> QIcon:
    """A line icon of the window in one colour; `name` is a key of LINE_ICONS."""
    icon = QIcon()
    for tint, mode in ((colour, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
        if tint:
            icon.addPixmap(_drawn(size, scale, partial(_draw_line, name=name, colour=tint)), mode)
    return icon


def _drawn(size: int, scale: float, draw: Callable[[QPainter], None]) -> QPixmap:
    pixels = round(size * scale)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixels / GRID, pixels / GRID)
    draw(painter)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _draw_state(painter: QPainter, look: str) -> None:
    _fill(painter, STATE_COLOURS[look], _BODIES[look](), _MARKS[look]())


def _fill(painter: QPainter, colour: str, body: QPainterPath, mark: QPainterPath) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPath(body)
    painter.setBrush(QColor("#ffffff"))
    painter.drawPath(mark)


def _square() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(2, 2, 20, 20), 4, 4)
    return path


def _disc() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(12, 12), 11, 11)
    return path


def _rounded(points: list[tuple[float, float]], radius: float) -> QPainterPath:
    """A polygon with round corners."""
    pen = QPen(Qt.GlobalColor.black, radius * 2)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    inner = QPainterPath()
    inner.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    inner.closeSubpath()
    return inner.united(_stroked(inner, pen))


def _stroked(path: QPainterPath, pen: QPen) -> QPainterPath:
    return QPainterPathStroker(pen).createStroke(path)


def _diamond() -> QPainterPath:
    return _rounded([(12, 2.5), (21.5, 12), (12, 21.5), (2.5, 12)], 2)


def _triangle() -> QPainterPath:
    return _rounded([(12, 3.5), (21.5, 20), (2.5, 20)], 2)


def _moon() -> QPainterPath:
    """A crescent: it needs no mark, and is told from a disc at 16 pixels too."""
    moon, shadow = QPainterPath(), QPainterPath()
    moon.addEllipse(QPointF(11, 12.5), 10.5, 10.5)
    shadow.addEllipse(QPointF(16.5, 8), 8.4, 8.4)
    return moon.subtracted(shadow)


def _stop_mark() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(8, 8, 8, 8), 1, 1)
    return path


def _dots() -> QPainterPath:
    path = QPainterPath()
    for x in (7.5, 12.0, 16.5):
        path.addEllipse(QPointF(x, 12), 1.6, 1.6)
    return path


def _alarm_mark() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(10.8, 8, 2.4, 6.6), 1.2, 1.2)
    path.addEllipse(QPointF(12, 17.2), 1.4, 1.4)
    return path


def _anchor() -> QPainterPath:
    """The mark of Moorage: ring, stock, shank and flukes."""
    pen = QPen(Qt.GlobalColor.black, 2.1)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    lines = QPainterPath()
    lines.addEllipse(QPointF(12, 6.3), 1.7, 1.7)
    lines.moveTo(12, 8.2)
    lines.lineTo(12, 18.4)
    lines.moveTo(8.9, 10.6)
    lines.lineTo(15.1, 10.6)
    lines.moveTo(6.4, 13.4)
    lines.cubicTo(7.0, 17.0, 9.4, 18.4, 12, 18.4)
    lines.cubicTo(14.6, 18.4, 17.0, 17.0, 17.6, 13.4)
    return _stroked(lines, pen)


_BODIES = {
    "stopped": _square, "moving": _diamond, "running": _disc, "suspended": _moon, "failed": _triangle,
}  # fmt: skip
_MARKS = {
    "stopped": _stop_mark, "moving": _dots, "running": _anchor,
    "suspended": QPainterPath, "failed": _alarm_mark,
}  # fmt: skip


def _draw_line(painter: QPainter, name: str, colour: str) -> None:
    pen = QPen(QColor(colour), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in LINE_ICONS[name]:
        _draw_stroke(painter, line)


def _draw_stroke(painter: QPainter, stroke: tuple[object, ...]) -> None:
    kind, *numbers = stroke
    values = [float(str(number)) for number in numbers]
    if kind == "rect":
        painter.drawRoundedRect(QRectF(*values[:4]), 1.6, 1.6)
    elif kind == "circle":
        painter.drawEllipse(QPointF(values[0], values[1]), values[2], values[2])
    elif kind == "arc":
        painter.drawArc(QRectF(*values[:4]), round(values[4] * 16), round(values[5] * 16))
    else:
        points = [QPointF(x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        painter.drawPolyline(QPolygonF(points))


LINE_ICONS: dict[str, tuple[tuple[object, ...], ...]] = {
    "overview": (
        ("rect", 3.5, 3.5, 7, 9), ("rect", 13.5, 3.5, 7, 5),
        ("rect", 3.5, 15.5, 7, 5), ("rect", 13.5, 11.5, 7, 9),
    ),
    "containers": (
        ("line", 12, 3, 20.5, 7.5, 20.5, 16.5, 12, 21, 3.5, 16.5, 3.5, 7.5, 12, 3),
        ("line", 3.5, 7.5, 12, 12, 20.5, 7.5),
        ("line", 12, 12, 12, 21),
    ),
    "images": (
        ("line", 12, 3.5, 21, 8.5, 12, 13.5, 3, 8.5, 12, 3.5),
        ("line", 3, 12.5, 12, 17.2, 21, 12.5),
        ("line", 3, 16.3, 12, 21, 21, 16.3),
    ),
    "volumes": (
        ("line", 4, 6, 4, 18), ("line", 20, 6, 20, 18),
        ("line", 4, 6, 7, 4, 12, 3.3, 17, 4, 20, 6, 17, 8, 12, 8.7, 7, 8, 4, 6),
        ("line", 4, 12, 7, 14, 12, 14.7, 17, 14, 20, 12), ("line", 4, 18, 7, 20, 12, 20.7, 17, 20, 20, 18),
    ),
    "networks": (
        ("circle", 12, 5, 2.4), ("circle", 5, 18.5, 2.4), ("circle", 19, 18.5, 2.4),
        ("line", 12, 7.4, 12, 12), ("line", 5, 16.1, 5, 12, 19, 12, 19, 16.1),
    ),
    "console": (("rect", 3, 4, 18, 16), ("line", 7, 9, 10.5, 12, 7, 15), ("line", 12.5, 15.5, 17, 15.5)),
    "tasks": (
        ("line", 3.5, 6.5, 5.5, 8.5, 9, 4.5), ("line", 12, 6.5, 20.5, 6.5),
        ("line", 3.5, 16.5, 5.5, 18.5, 9, 14.5), ("line", 12, 16.5, 20.5, 16.5),
    ),
    "settings": (
        ("line", 4, 7, 9, 7), ("line", 14, 7, 20, 7), ("circle", 11.5, 7, 2.4),
        ("line", 4, 17, 12, 17), ("line", 17, 17, 20, 17), ("circle", 14.5, 17, 2.4),
    ),
    "notices": (
        ("line", 4.5, 17.5, 6.5, 14.5, 6.5, 10), ("arc", 6.5, 3.8, 11, 11, 0, 180),
        ("line", 17.5, 9.5, 17.5, 14.5, 19.5, 17.5, 4.5, 17.5), ("arc", 9.6, 16.6, 4.8, 4.8, 180, 180),
    ),
    "copy": (("rect", 8.5, 8.5, 12, 12), ("line", 15.5, 5, 15.5, 3.8, 5, 3.8, 3.8, 5, 3.8, 15.5, 5, 15.5)),
    "check": (("line", 5, 12.5, 10, 17.5, 19.5, 7),),
    "plus": (("line", 12, 5, 12, 19), ("line", 5, 12, 19, 12)),
    "close": (("line", 6, 6, 18, 18), ("line", 18, 6, 6, 18)),
    "start": (("line", 8, 5, 18.5, 12, 8, 19, 8, 5),),
    "suspend": (("arc", 3.2, 4.2, 16.6, 16.6, 93.3, 263.4), ("arc", 9.4, 2.2, 12.4, 12.4, 137.5, 175)),
    "stop": (("rect", 6, 6, 12, 12),),
    "restart": (("arc", 4.5, 4.5, 15, 15, 60, 290), ("line", 15.2, 1.8, 16.2, 5.6, 12.2, 6.6)),
}  # fmt: skip


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours as WCAG counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else math.pow((channel + 0.055) / 1.055, 2.4)

    light = QColor(colour)
    red, green, blue = (linear(part) for part in (light.redF(), light.greenF(), light.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
