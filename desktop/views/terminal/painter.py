"""Rows of runs, drawn with a QPainter in device pixels."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from desktop.terminal.cells import Colour, Glyph, Run, Style
from desktop.terminal.render import Colours, Row

from .boxes import FIRST, LAST, draw_box
from .glyphs import Face, GlyphFitter
from .metrics import CellMetrics
from .palette import Rgb, Scheme, blend, contrast, readable
from .tiles import TileMaker, Tiles

_MAX_STYLES = 4096
_FAINT = 0.55
_NAMED = 16
_DOTTED = 4
_MANY_RUNS = 20
"""In a row with fewer, such as a log's, to look for words drawn before takes as long as it saves."""
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
    tiles: Tiles | None
    """None where a text has more to it than its glyphs."""
    style: Style
    """Kept, so that its id stays its own."""


class RowPainter:
    """Draws rows. Make a new one when the font, the scheme or the guest's palette changes."""

    def __init__(self, metrics: CellMetrics, colours: Colours, scheme: Scheme) -> None:
        self.metrics = metrics
        self.background = QColor(*colours.background)
        self.colours = colours
        self._scheme = scheme
        self._selection = QColor(*scheme.selection)
        # By the ids of styles, which are the same objects from row to row: to hash one takes as long as to draw it.
        self._inks: dict[int, _Ink] = {}
        self._selected_inks: dict[int, _Ink] = {}
        self._glyphs = GlyphFitter(metrics)
        self._tile_maker = TileMaker(metrics)

    def paint(self, painter: QPainter, row: Row, columns: int) -> None:
        """Draw a whole row, its selected part too."""
        metrics = self.metrics
        top = row.y * metrics.height
        painter.fillRect(0, top, columns * metrics.width, metrics.height, self.background)
        self._runs(painter, row.runs, top, False)
        if row.selected is not None:
            first, last = _whole(row.runs, *row.selected)
            self._clipped(painter, row, first, last - first + 1, self._selection, True)
        for first, last in row.links:
            self._mark_link(painter, row, first, last)

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

    def _mark_link(self, painter: QPainter, row: Row, first: int, last: int) -> None:
        """A dotted line in the text's own colour, where the guest has drawn no line of its own."""
        cell_width, top = self.metrics.width, row.y * self.metrics.height
        for x, cells, _, style in row.runs:
            ink, left, right = self._ink(style, False), max(x, first), min(x + cells, last + 1)
            if left < right and not ink.underline and ink.text is not None:
                dotted = ink._replace(underline=_DOTTED, underline_colour=ink.text)
                y = top + self.metrics.underline_y
                self._underline(painter, left * cell_width, y, (right - left) * cell_width, dotted)

    def _clipped(self, painter: QPainter, row: Row, column: int, cells: int, colour: QColor, is_selected: bool) -> None:
        metrics = self.metrics
        rect = QRect(column * metrics.width, row.y * metrics.height, cells * metrics.width, metrics.height)
        painter.setClipRect(rect)
        painter.fillRect(rect, colour)
        self._runs(painter, row.runs, rect.top(), is_selected)
        painter.setClipping(False)

    def _runs(self, painter: QPainter, runs: list[Run], top: int, is_selected: bool) -> None:
        if is_selected or len(runs) < _MANY_RUNS:
            self._draw(painter, runs, top, is_selected)
        else:
            self._copy(painter, runs, top)

    def _copy(self, painter: QPainter, runs: list[Run], top: int) -> None:
        """Draw runs of which many were drawn before: those that were are copied, in their order among the others."""
        cell_width, inks = self.metrics.width, self._inks
        others: list[Run] = []
        for run in runs:
            x, _, text, style = run
            ink, tile = inks.get(id(style)), None
            # A glyph of the run before may reach into this one, where it has no background of its own.
            if ink is not None and ink.tiles is not None and (ink.background is not None or not others):
                tile = ink.tiles.get(text) or self._see(ink, text)
            if tile is None:
                others.append(run)
                continue
            if others:
                self._draw(painter, others, top, False)
                others = []
            painter.drawImage(x * cell_width, top, tile)
        self._draw(painter, others, top, False)

    def _draw(self, painter: QPainter, runs: list[Run], top: int, is_selected: bool) -> None:
        cell_width, height = self.metrics.width, self.metrics.height
        baseline, fonts = top + self.metrics.ascent, self.metrics.fonts
        inks = self._selected_inks if is_selected else self._inks
        face: Face | None = None
        pen: QColor | None = None
        for x, cells, text, style in runs:
            ink = inks.get(id(style)) or self._ink(style, is_selected)
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

    def _see(self, ink: _Ink, text: str) -> QImage | None:
        if ink.tiles is None or ink.text is None or not text:
            return None
        if self._tile_maker.is_full:
            self.forget()
        return self._tile_maker.see(ink.tiles, text, ink.face, ink.text, ink.background or self.background)

    def forget(self) -> None:
        """Let go of what is kept for the next rows."""
        self._inks.clear()
        self._selected_inks.clear()
        self._tile_maker.begin()

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
        elif ink.underline in (_DOTTED, 5):  # and dashed
            step = line if ink.underline == _DOTTED else max(3 * line, self.metrics.width // 2)
            gap = line if ink.underline == _DOTTED else max(line, self.metrics.width - step)
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
        inks = self._selected_inks if is_selected else self._inks
        ink = inks.get(id(style))
        if ink is None:
            if len(inks) >= _MAX_STYLES:
                self.forget()
            ink = inks[id(style)] = self._make_ink(style, is_selected)
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
        face, has_lines = (style.bold, style.italic), bool(style.underline or style.strikethrough or style.overline)
        under = text if style.underline_colour is None else self._rgb(style.underline_colour, text)
        return _Ink(
            None if style.invisible else QColor(*text),
            None if background is None else QColor(*background),
            face,
            style.underline,
            QColor(*under),
            has_lines,
            style.strikethrough,
            style.overline,
            None if is_selected or has_lines else {},
            style,
        )

    def _rgb(self, colour: Colour, default: Rgb) -> Rgb:
        if colour is None:
            return default
        return self.colours.palette[colour] if isinstance(colour, int) else colour


def _whole(runs: list[Run], first: int, last: int) -> tuple[int, int]:
    """A wide character of which half is selected is copied, and so is marked, as a whole."""
    for x, cells, text, _ in runs:
        if isinstance(text, Glyph):
            first = x if x < first < x + cells else first
            last = x + cells - 1 if x <= last < x + cells else last
    return first, last
