"""Box drawing and block characters, drawn to the edges of their cell so that they join.

Fonts draw them for their own line height: between rows, and at odd scales between columns, lines would break.
The shape of each line character is read from its Unicode name.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

Rect = tuple[int, int, int, int]

FIRST, LAST = "\u2500", "\u259f"

_LIGHT, _HEAVY, _DOUBLE = 1, 2, 3
_WEIGHTS = {"LIGHT": _LIGHT, "SINGLE": _LIGHT, "HEAVY": _HEAVY, "DOUBLE": _DOUBLE}
_DIRECTIONS = {
    "LEFT": "L", "RIGHT": "R", "UP": "U", "DOWN": "D", "HORIZONTAL": "LR", "VERTICAL": "UD",
}  # fmt: skip
_DASHES = {"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
_SHADES = {"\u2591": 64, "\u2592": 128, "\u2593": 191}
_QUADRANTS = {
    "\u2596": "c", "\u2597": "d", "\u2598": "a", "\u2599": "acd", "\u259a": "ad",
    "\u259b": "abc", "\u259c": "abd", "\u259d": "b", "\u259e": "bc", "\u259f": "bcd",
}  # fmt: skip


def draw_box(painter: QPainter, char: str, x: int, y: int, width: int, height: int, line: int, colour: QColor) -> None:
    """Draw one character of U+2500 to U+259F in the cell at `x`, `y`."""
    if char in _SHADES:
        shade = QColor(colour)
        shade.setAlpha(_SHADES[char] * colour.alpha() // 255)
        painter.fillRect(x, y, width, height, shade)
        return
    if "\u256d" <= char <= "\u2573":
        _draw_curve(painter, char, QRectF(x, y, width, height), line, colour)
        return
    for left, top, right, bottom in _rects(char, width, height, line):
        painter.fillRect(x + left, y + top, right - left, bottom - top, colour)


@lru_cache(maxsize=1024)
def _rects(char: str, width: int, height: int, line: int) -> tuple[Rect, ...]:
    if char >= "\u2580":
        return tuple(_block(char, width, height))
    words = unicodedata.name(char).removeprefix("BOX DRAWINGS ")
    if "DASH" in words:
        return tuple(_dashes(words.split(), width, height, line))
    arms = _arms(words)
    return tuple(_lines(arms, width, height, line))


def _arms(words: str) -> dict[str, int]:
    """The weight of the line towards each side: L, R, U, D."""
    arms = dict.fromkeys("LRUD", 0)
    weight = 0
    for part in words.split(" AND "):
        tokens = part.split()
        weight = next((_WEIGHTS[token] for token in tokens if token in _WEIGHTS), weight)
        for token in tokens:
            for side in _DIRECTIONS.get(token, ""):
                arms[side] = weight
    return arms


def _lines(arms: dict[str, int], width: int, height: int, line: int) -> list[Rect]:
    rects: list[Rect] = []
    for side, low, high, opposite in (("R", "U", "D", "L"), ("L", "U", "D", "R")):
        for start, end, across, thick in _arm(arms, side, low, high, opposite, width, height, line):
            rects.append((start, across, end, across + thick))
    for side, low, high, opposite in (("D", "L", "R", "U"), ("U", "L", "R", "D")):
        for start, end, across, thick in _arm(arms, side, low, high, opposite, height, width, line):
            rects.append((across, start, across + thick, end))
    return rects


def _arm(
    arms: dict[str, int], side: str, low: str, high: str, opposite: str, length: int, breadth: int, line: int
) -> list[Rect]:
    """Lines of one arm as (start, end, across, thickness), start and end along it."""
    weight = arms[side]
    if not weight:
        return []
    offsets: tuple[tuple[int, int, int], ...]
    if weight == _DOUBLE:
        across = (breadth - line) // 2
        offsets = (
            (across - line, line, _reach(arms[low], arms[high])),
            (across + line, line, _reach(arms[high], arms[low])),
        )
    else:
        thick = line if weight == _LIGHT else _heavy(line)
        offsets = (((breadth - thick) // 2, thick, _single_reach(arms, low, high, opposite)),)
    crossing = max(_thickness(arms[low], line), _thickness(arms[high], line), line)
    middle = (length - crossing) // 2
    lines = []
    for across, thick, reach in offsets:
        if side in "RD":
            lines.append((middle - reach * line, length, across, thick))
        else:
            lines.append((0, middle + crossing + reach * line, across, thick))
    return lines


def _reach(near: int, far: int) -> int:
    """How far beyond the middle one line of a double arm goes, in lines; less than 0: it stops short of it."""
    if near == _DOUBLE:
        return -1
    return 1 if far == _DOUBLE and not near else 0


def _single_reach(arms: dict[str, int], low: str, high: str, opposite: str) -> int:
    doubles = (arms[low] == _DOUBLE) + (arms[high] == _DOUBLE)
    if doubles == 2:
        return 0 if arms[opposite] else -1
    return doubles


def _thickness(weight: int, line: int) -> int:
    return _heavy(line) if weight == _HEAVY else line if weight else 0


def _heavy(line: int) -> int:
    return line * 2 if line > 1 else 3


def _dashes(words: list[str], width: int, height: int, line: int) -> list[Rect]:
    count = _DASHES[words[1]]
    thick = line if words[0] == "LIGHT" else _heavy(line)
    is_horizontal = words[-1] == "HORIZONTAL"
    length, breadth = (width, height) if is_horizontal else (height, width)
    across, rects = (breadth - thick) // 2, []
    for index in range(count):
        start, end = index * length // count, (index + 1) * length // count
        end -= max(1, (end - start) // 3)
        rects.append((start, across, end, across + thick) if is_horizontal else (across, start, across + thick, end))
    return rects


def _block(char: str, width: int, height: int) -> list[Rect]:
    code = ord(char)
    if char in _QUADRANTS:
        middle_x, middle_y = (width + 1) // 2, (height + 1) // 2
        corners = {
            "a": (0, 0, middle_x, middle_y), "b": (middle_x, 0, width, middle_y),
            "c": (0, middle_y, middle_x, height), "d": (middle_x, middle_y, width, height),
        }  # fmt: skip
        return [corners[corner] for corner in _QUADRANTS[char]]
    if code == 0x2580:
        return [(0, 0, width, (height + 1) // 2)]
    if code <= 0x2588:  # from below, in eighths
        return [(0, height - round(height * (code - 0x2580) / 8), width, height)]
    if code <= 0x258F:  # from the left, in eighths
        return [(0, 0, max(1, round(width * (0x2590 - code) / 8)), height)]
    if code == 0x2590:
        return [((width + 1) // 2, 0, width, height)]
    if code == 0x2594:
        return [(0, 0, width, max(1, round(height / 8)))]
    return [(width - max(1, round(width / 8)), 0, width, height)]


def _draw_curve(painter: QPainter, char: str, cell: QRectF, line: int, colour: QColor) -> None:
    """Rounded corners and diagonals."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(cell, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(colour, line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    if char >= "\u2571":
        if char != "\u2572":
            painter.drawLine(cell.bottomLeft(), cell.topRight())
        if char != "\u2571":
            painter.drawLine(cell.topLeft(), cell.bottomRight())
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_arc(char, cell, line))
    painter.restore()


def _arc(char: str, cell: QRectF, line: int) -> QPainterPath:
    # The middle of the straight lines that it meets, which lie on whole pixels.
    middle = QPointF(
        cell.left() + (int(cell.width()) - line) // 2 + line / 2,
        cell.top() + (int(cell.height()) - line) // 2 + line / 2,
    )
    radius = min(cell.width(), cell.height()) / 2
    goes_right, goes_down = char in "\u256d\u2570", char in "\u256d\u256e"
    edge = QPointF(cell.right() if goes_right else cell.left(), middle.y())
    end = QPointF(middle.x(), cell.bottom() if goes_down else cell.top())
    path = QPainterPath(edge)
    path.lineTo(middle.x() + (radius if goes_right else -radius), middle.y())
    path.quadTo(middle, QPointF(middle.x(), middle.y() + (radius if goes_down else -radius)))
    path.lineTo(end)
    return path
