"""What an input method is composing: laid out in cells, and drawn where it will be typed."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QInputMethodEvent, QPainter, QTextCharFormat

from desktop.core.text import cells_of
from desktop.terminal.cells import Glyph

from .glyphs import GlyphFitter
from .metrics import CellMetrics
from .palette import Scheme

_ZERO_WIDTH_JOINER = "\u200d"
_Underline = QTextCharFormat.UnderlineStyle


class _Part(NamedTuple):
    """One character with its marks: where it begins, in Qt's UTF-16 units, and in cells."""

    text: str
    start: int
    cell: int
    cells: int


class Preedit:
    """Empty unless something is composed. Columns are cells from its own beginning."""

    def __init__(self, event: QInputMethodEvent | None = None) -> None:
        text = event.preeditString() if event is not None else ""
        self.parts = _parts_of(text)
        self.cells = sum(part.cells for part in self.parts)
        self.caret: int | None = self.cells
        """The cell before which its caret stands; None where the input method shows none."""
        self.caret_cell = self.cells
        self._formats: list[tuple[int, int, QTextCharFormat]] = []
        kinds = QInputMethodEvent.AttributeType
        for attribute in event.attributes() if event is not None else ():
            if attribute.type == kinds.Cursor:
                self.caret_cell = self._cell_at(attribute.start)
                self.caret = self.caret_cell if attribute.length else None
            elif attribute.type == kinds.TextFormat and isinstance(attribute.value, QTextCharFormat):
                self._formats.append((attribute.start, attribute.start + attribute.length, attribute.value))

    def __bool__(self) -> bool:
        return bool(self.parts)

    def first_column(self, column: int, columns: int) -> int:
        """Where it begins in a grid so wide, so that its end is in it; where it has no room, its caret is."""
        if self.cells < columns:
            return min(column, columns - 1 - self.cells)  # and the caret after it
        return min(0, columns - 1 - self.caret_cell)

    def paint(self, painter: QPainter, left: int, top: int, metrics: CellMetrics, scheme: Scheme) -> None:
        """Draw it, `left` and `top` in device pixels of a painter that is clipped to the grid."""
        glyphs = GlyphFitter(metrics)
        painter.fillRect(left, top, self.cells * metrics.width, metrics.height, QColor(*scheme.background))
        for part in self.parts:
            area = QRect(left + part.cell * metrics.width, top, part.cells * metrics.width, metrics.height)
            style = self._format_of(part)
            ink = QColor(*scheme.foreground)
            if style is not None:
                painter.fillRect(area, style.background())
                if style.foreground().style() != Qt.BrushStyle.NoBrush:
                    ink = style.foreground().color()
            painter.setPen(ink)
            glyphs.draw(painter, Glyph(part.text), (False, False), area.x(), top, part.cells)
            _underline(painter, area, metrics.line, style, ink)
        if self.caret is not None:
            caret = QRect(left + self.caret * metrics.width, top, 2 * metrics.line, metrics.height)
            painter.fillRect(caret, QColor(*scheme.foreground))

    def _cell_at(self, position: int) -> int:
        return next((part.cell for part in self.parts if part.start >= position), self.cells)

    def _format_of(self, part: _Part) -> QTextCharFormat | None:
        found = None
        for start, end, style in self._formats:
            if start <= part.start < end:
                found = style
        return found


def _parts_of(text: str) -> list[_Part]:
    parts: list[_Part] = []
    position = cell = 0
    for char in text:
        is_mark = unicodedata.category(char) in ("Mn", "Me", "Cf")
        if parts and (is_mark or parts[-1].text.endswith(_ZERO_WIDTH_JOINER)):
            parts[-1] = parts[-1]._replace(text=parts[-1].text + char)
        elif char.isprintable():
            cells = max(1, cells_of(char))
            parts.append(_Part(char, position, cell, cells))
            cell += cells
        position += 2 if ord(char) > 0xFFFF else 1
    return parts


def _underline(painter: QPainter, area: QRect, line: int, style: QTextCharFormat | None, ink: QColor) -> None:
    """One line where the input method says nothing; its own kinds where it does."""
    kind = _Underline.SingleUnderline if style is None else style.underlineStyle()
    y = area.bottom() + 1 - line
    if kind in (_Underline.NoUnderline, _Underline.SpellCheckUnderline):
        return
    if kind == _Underline.SingleUnderline:
        painter.fillRect(area.x(), y, area.width(), line, ink)
        return
    step = line if kind == _Underline.DotLine else 3 * line
    for x in range(area.x(), area.right() + 1, step + line):
        painter.fillRect(x, y, min(step, area.right() + 1 - x), line, ink)
