"""Rows of runs, drawn with a QPainter in device pixels."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop.terminal.cells import Colour, Glyph, Run, Style
from desktop.terminal.render import Colours, Row

from .boxes import FIRST, LAST, draw_box
from .glyphs import Face, GlyphFitter
from .metrics import CellMetrics
from .palette import Rgb, Scheme, blend, contrast, readable

_MAX_STYLES = 4096
_FAINT = 0.55
_NAMED = 16
_UNSEEN = "\xa0\xad"  # a blank that does not break, and a hyphen that is not there


class _Ink(NamedTuple):
    """A style made ready for the painter."""

    text: QColor | None
    background: QColor | None
    face: Face
    underline: int
    underline_colour: QColor
    has_lines: bool
    strikethrough: bool
    overline: bool


class RowPainter:
    """Draws rows. Make a new one when the font, the scheme or the guest's palette changes."""

    def __init__(self, metrics: CellMetrics, colours: Colours, scheme: Scheme) -> None:
        self.metrics = metrics
        self.background = QColor(*colours.background)
        self.colours = colours
        self._scheme = scheme
        self._selection = QColor(*scheme.selection)
        self._inks: dict[tuple[Style, bool], _Ink] = {}
        self._glyphs = GlyphFitter(metrics)

    def paint(self, painter: QPainter, row: Row, columns: int) -> None:
        """Draw a whole row, its selected part too."""
        metrics = self.metrics
        top = row.y * metrics.height
        painter.fillRect(0, top, columns * metrics.width, metrics.height, self.background)
        self._runs(painter, row.runs, top, False)
        if row.selected is not None:
            first, last = row.selected
            self._clipped(painter, row, first, last - first + 1, self._selection, True)

    def paint_cursor(self, painter: QPainter, row: Row, column: int, cells: int, colour: QColor) -> None:
        """Draw a block cursor and, in the background's colour, what is beneath it."""
        rect = QRect(
            column * self.metrics.width,
            row.y * self.metrics.height,
            cells * self.metrics.width,
            self.metrics.height,
        )
        painter.fillRect(rect, colour)
        painter.save()
        painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
        for x, width, text, style in row.runs:
            if x <= column < x + width and text:
                ink = self._ink(style, False)._replace(text=self.background)
                painter.setPen(self.background)
                self._uneven(painter, x, width, text, rect.top(), ink)
        painter.restore()

    def _clipped(self, painter: QPainter, row: Row, column: int, cells: int, colour: QColor, is_selected: bool) -> None:
        metrics = self.metrics
        rect = QRect(column * metrics.width, row.y * metrics.height, cells * metrics.width, metrics.height)
        painter.setClipRect(rect)
        painter.fillRect(rect, colour)
        self._runs(painter, row.runs, rect.top(), is_selected)
        painter.setClipping(False)

    def _runs(self, painter: QPainter, runs: list[Run], top: int, is_selected: bool) -> None:
        cell_width, height = self.metrics.width, self.metrics.height
        baseline, fonts = top + self.metrics.ascent, self.metrics.fonts
        face: Face | None = None
        pen: QColor | None = None
        for x, cells, text, style in runs:
            ink = self._inks.get((style, is_selected)) or self._ink(style, is_selected)
            if ink.background is not None:
                painter.fillRect(x * cell_width, top, cells * cell_width, height, ink.background)
            if ink.text is not None and text:
                if ink.text is not pen:
                    pen = ink.text
                    painter.setPen(pen)
                if not text.isascii():
                    self._uneven(painter, x, cells, text, top, ink)
                    face = None
                else:
                    if ink.face != face:
                        face = ink.face
                        painter.setFont(fonts[face])
                    painter.drawText(x * cell_width, baseline, text)
            if ink.has_lines:
                self._lines(painter, x * cell_width, top, cells * cell_width, ink)

    def _uneven(self, painter: QPainter, x: int, cells: int, text: str, top: int, ink: _Ink) -> None:
        """Text of which some characters do not come from the font at its own width: each goes to its cell."""
        metrics, is_even = self.metrics, self._glyphs.is_even
        if isinstance(text, Glyph):
            self._glyphs.draw(painter, text, ink.face, x * metrics.width, top, cells)
            return
        start = 0
        for index in range(len(text) + 1):
            char = text[index] if index < len(text) else ""
            if char and (char < "\x7f" or is_even(char)):
                continue
            if index > start:
                painter.setFont(metrics.fonts[ink.face])
                painter.drawText((x + start) * metrics.width, top + metrics.ascent, text[start:index])
            if char:
                self._single(painter, char, (x + index) * metrics.width, top, ink)
            start = index + 1

    def _single(self, painter: QPainter, char: str, left: int, top: int, ink: _Ink) -> None:
        metrics = self.metrics
        if FIRST <= char <= LAST and ink.text is not None:
            draw_box(painter, char, left, top, metrics.width, metrics.height, metrics.line, ink.text)
        elif char not in _UNSEEN:
            self._glyphs.draw(painter, char, ink.face, left, top, 1)

    def _lines(self, painter: QPainter, left: int, top: int, width: int, ink: _Ink) -> None:
        line = self.metrics.line
        if ink.strikethrough and ink.text is not None:
            painter.fillRect(left, top + self.metrics.strike_y, width, line, ink.text)
        if ink.overline and ink.text is not None:
            painter.fillRect(left, top, width, line, ink.text)
        if ink.underline:
            self._underline(painter, left, top + self.metrics.underline_y, width, ink)

    def _underline(self, painter: QPainter, left: int, y: int, width: int, ink: _Ink) -> None:
        line, colour = self.metrics.line, ink.underline_colour
        if ink.underline == 2:  # double
            y = min(y, y - y % self.metrics.height + self.metrics.height - 3 * line)
            painter.fillRect(left, y, width, line, colour)
            painter.fillRect(left, y + 2 * line, width, line, colour)
        elif ink.underline == 3:
            self._curl(painter, left, y, width, colour)
        elif ink.underline in (4, 5):  # dotted, dashed
            step = line if ink.underline == 4 else max(3 * line, self.metrics.width // 2)
            gap = line if ink.underline == 4 else max(line, self.metrics.width - step)
            for start in range(left, left + width, step + gap):
                painter.fillRect(start, y, min(step, left + width - start), line, colour)
        else:
            painter.fillRect(left, y, width, line, colour)

    def _curl(self, painter: QPainter, left: int, y: int, width: int, colour: QColor) -> None:
        line = self.metrics.line
        room = self.metrics.height - y % self.metrics.height
        swing = max(1.0, (room - line) / 2)
        middle, half = y + room / 2, self.metrics.width / 2
        path = QPainterPath(QPointF(left, middle))
        for step in range(round(width / half)):
            start = left + step * half
            bend = middle + (swing * 2 if step % 2 else -swing * 2)
            path.quadTo(QPointF(start + half / 2, bend), QPointF(start + half, middle))
        painter.save()
        painter.setClipRect(QRectF(left, y, width, room), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.strokePath(path, QPen(colour, line))
        painter.restore()

    def _ink(self, style: Style, is_selected: bool) -> _Ink:
        ink = self._inks.get((style, is_selected))
        if ink is None:
            if len(self._inks) >= _MAX_STYLES:
                self._inks.clear()
            ink = self._inks[style, is_selected] = self._make_ink(style, is_selected)
        return ink

    def _make_ink(self, style: Style, is_selected: bool) -> _Ink:
        default = self.colours.background
        text = self._rgb(style.fg, self.colours.foreground)
        background = None if style.bg is None else self._rgb(style.bg, default)
        if style.inverse:
            text, background = background or default, text
        if is_selected:
            background = None
            if contrast(text, self._scheme.selection) < 3.0:
                text = self.colours.foreground
        elif background is None and isinstance(style.fg, int) and style.fg < _NAMED:
            text = readable(text, default)
        if style.faint:
            text = blend(text, background or default, _FAINT)
        under = text if style.underline_colour is None else self._rgb(style.underline_colour, text)
        return _Ink(
            None if style.invisible else QColor(*text),
            None if background is None else QColor(*background),
            (style.bold, style.italic),
            style.underline,
            QColor(*under),
            bool(style.underline or style.strikethrough or style.overline),
            style.strikethrough,
            style.overline,
        )

    def _rgb(self, colour: Colour, default: Rgb) -> Rgb:
        if colour is None:
            return default
        return self.colours.palette[colour] if isinstance(colour, int) else colour
