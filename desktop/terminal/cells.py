"""Rows of libghostty cells, decoded to runs of equal style.

A cell is a 64-bit word: what it holds (bits 0-1), a code point (2-22) or a colour, a style (26-41), its width
(42-43), a hyperlink mark (45). A whole row is read as one large integer and taken apart by a few operations
on it, which run in C: a plain row of 200 cells takes 8 us, one with 50 styles 0.1 ms. Only rows that hold wide
characters, clusters or cells with nothing but a background are walked cell by cell.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from operator import ne
from typing import Any, NamedTuple

from desktop.terminal.ghostty import check, ffi, grid_ref, lib, new_sized

Colour = int | tuple[int, int, int] | None
"""A palette index, a true colour, or none: the default."""


class Style(NamedTuple):
    """How a run looks. The underline is 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed."""

    fg: Colour = None
    bg: Colour = None
    underline_colour: Colour = None
    bold: bool = False
    italic: bool = False
    faint: bool = False
    blink: bool = False
    inverse: bool = False
    invisible: bool = False
    strikethrough: bool = False
    overline: bool = False
    underline: int = 0


PLAIN = Style()


class Glyph(str):
    """One wide character, or a cluster of several code points, that fills all the cells of its run."""

    __slots__ = ()


Run = tuple[int, int, str, Style]
"""Column, cells, text, style. The text is a `Glyph`, or each of its characters fills one cell, or it is empty:
background only."""

_TAG = 3
_CLUSTER, _PALETTE_BACKGROUND = 1, 2
_CODEPOINT = 0x1FFFFF
_STYLE = 0xFFFF
_WIDE_SHIFT = 42
_WIDE = 3 << _WIDE_SHIFT
_LINK_SHIFT = 45
_MAX_STYLES = 4096
_MAX_CLUSTER_BYTES = 256
_MARKED = re.compile(rb"\x01+")

_read_style = lib.ghostty_grid_ref_style


class RowDecoder:
    """Decodes the row that a render state's row iterator stands on. Styles are read from the terminal's own page, in
    one call where the render state takes two: it must not have changed since the render state was updated."""

    def __init__(self, iterator: Any) -> None:
        self._iterator = iterator
        self._cells_out = ffi.new("GhosttyRenderStateRowCells*")
        check(lib.ghostty_render_state_row_cells_new(ffi.NULL, self._cells_out), "row cells")
        self._cells = self._cells_out[0]
        self._view = ffi.new("GhosttyCellsView*")
        self._style = new_sized("GhosttyStyle")
        self._style_bytes = ffi.buffer(self._style)
        self._point, self._ref = ffi.new("MooragePoint*"), new_sized("GhosttyGridRef")
        self._point.tag = lib.GHOSTTY_POINT_TAG_VIEWPORT
        self._cluster = ffi.new("GhosttyBuffer*")
        self._cluster_bytes = ffi.new("uint8_t[]", _MAX_CLUSTER_BYTES)
        # Styles by their bytes: a style's number is good for one page of one moment only.
        self._styles: dict[bytes, Style] = {}
        self._set_width(0)
        self.links: list[tuple[int, int]] = []
        """First and last column of each stretch of linked cells in the row decoded last."""

    def close(self) -> None:
        lib.ghostty_render_state_row_cells_free(self._cells)

    def decode(self, terminal: Any, y: int) -> list[Run]:
        """The runs of the current row, `y` in the viewport, left to right; plain blanks at a run's end are left out."""
        lib.ghostty_render_state_row_get(self._iterator, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS_RAW, self._view)
        raw: bytes = ffi.buffer(self._view.ptr, self._view.len * 8)[:]
        if len(raw) != self._row_bytes:
            self._set_width(len(raw) // 8)
        row = int.from_bytes(raw, "little")
        self.links = self._linked(row) if row & self._link_mask else []
        if row & self._special_mask:
            self._find_page(terminal, y)
            return self._walk(memoryview(raw).cast("Q"))
        points = ((row >> 2) & self._codepoint_mask).to_bytes(self._row_bytes, "little")
        text = memoryview(points).cast("I")[::2].tobytes().decode("utf-32-le", "replace").replace("\0", " ")
        if not row & self._style_mask:
            text = text.rstrip(" ")
            return [(0, len(text), text, PLAIN)] if text else []
        self._find_page(terminal, y)
        packed = ((row & self._style_mask) >> 26).to_bytes(self._row_bytes, "little")
        return self._split(text, memoryview(packed).cast("H")[::4].tolist())

    def _set_width(self, columns: int) -> None:
        ones = int.from_bytes(b"\1\0\0\0\0\0\0\0" * columns, "little")
        self._row_bytes = columns * 8
        self._codepoint_mask = ones * _CODEPOINT
        self._special_mask = ones * (_TAG | _WIDE)
        self._style_mask = ones * (_STYLE << 26)
        self._link_mask = ones << _LINK_SHIFT

    def _linked(self, row: int) -> list[tuple[int, int]]:
        marks = ((row & self._link_mask) >> _LINK_SHIFT).to_bytes(self._row_bytes, "little")[::8]
        return [(found.start(), found.end() - 1) for found in _MARKED.finditer(marks)]

    def _split(self, text: str, ids: list[int]) -> list[Run]:
        runs: list[Run] = []
        styles, style_at = {0: PLAIN}, self._style_at
        starts = [0, *compress(range(1, len(ids)), map(ne, ids, ids[1:]))]  # in C: this is where coloured floods go
        for start, end in zip(starts, [*starts[1:], len(ids)], strict=True):
            number = ids[start]
            style = styles.get(number)
            if style is None:
                style = styles[number] = style_at(start)
            part = text[start:end]
            if style is PLAIN:
                part = part.rstrip(" ")
                end = start + len(part)
            if part:
                runs.append((start, end - start, part, style))
        return runs

    def _walk(self, cells: Any) -> list[Run]:
        """The careful way, for rows with wide characters, clusters or bare backgrounds."""
        self._open_cells()
        runs: list[Run] = []
        styles = {0: PLAIN}
        column, columns = 0, len(cells)
        while column < columns:
            cell = cells[column]
            width = (cell & _WIDE) >> _WIDE_SHIFT
            if width > 1:  # the second half of a wide character, or the gap before one that went to the next row
                column += 1
                continue
            number = (cell >> 26) & _STYLE
            style = styles.get(number)
            if style is None:
                style = styles[number] = self._style_at(column)
            tag = cell & _TAG
            if tag >= _PALETTE_BACKGROUND:
                run = self._background(cells, column)
            elif width or tag == _CLUSTER:
                text = self._cluster_at(column) if tag == _CLUSTER else chr((cell >> 2) & _CODEPOINT)
                run = (column, 1 + width, Glyph(text), style)
            else:
                run = self._narrow(cells, column, style)
            column += run[1]
            if style is PLAIN and tag < _PALETTE_BACKGROUND and not isinstance(run[2], Glyph):
                text = run[2].rstrip(" ")
                run = (run[0], len(text), text, PLAIN)
            if run[1]:
                runs.append(run)
        return runs

    def _background(self, cells: Any, column: int) -> Run:
        cell, end = cells[column], column + 1
        while end < len(cells) and cells[end] & 0x3FFFFFF == cell & 0x3FFFFFF:
            end += 1
        value = (cell >> 2) & 0xFFFFFF
        is_palette = cell & _TAG == _PALETTE_BACKGROUND
        colour: Colour = value & 0xFF if is_palette else (value & 0xFF, value >> 8 & 0xFF, value >> 16)
        return column, end - column, "", _bare(colour)

    def _narrow(self, cells: Any, column: int, style: Style) -> Run:
        number, end = cells[column] >> 26 & _STYLE, column + 1
        while end < len(cells) and not cells[end] & (_TAG | _WIDE) and cells[end] >> 26 & _STYLE == number:
            end += 1
        text = "".join([chr(cells[x] >> 2 & _CODEPOINT or 32) for x in range(column, end)])
        return column, end - column, text, style

    def _open_cells(self) -> None:
        check(
            lib.ghostty_render_state_row_get(self._iterator, lib.GHOSTTY_RENDER_STATE_ROW_DATA_CELLS, self._cells_out),
            "cells",
        )

    def _find_page(self, terminal: Any, y: int) -> None:
        self._point.value.y = y
        check(grid_ref(terminal, self._point[0], self._ref), f"row {y}")

    def _style_at(self, column: int) -> Style:
        self._ref.x = column
        _read_style(self._ref, self._style)
        key = self._style_bytes[:]
        style = self._styles.get(key)
        if style is None:
            if len(self._styles) >= _MAX_STYLES:
                self._styles.clear()
            style = self._styles[key] = _style_of(self._style)
        return style

    def _cluster_at(self, column: int) -> str:
        lib.ghostty_render_state_row_cells_select(self._cells, column)
        buffer = self._cluster
        buffer.ptr, buffer.cap, buffer.len = self._cluster_bytes, _MAX_CLUSTER_BYTES, 0
        if lib.ghostty_render_state_row_cells_get(
            self._cells, lib.GHOSTTY_RENDER_STATE_ROW_CELLS_DATA_GRAPHEMES_UTF8, buffer
        ):
            return "\ufffd"  # longer than any cluster that means something
        text: bytes = ffi.buffer(self._cluster_bytes, buffer.len)[:]
        return text.decode("utf-8", "replace")


@lru_cache(maxsize=_MAX_STYLES)
def _bare(background: Colour) -> Style:
    """The same object each time, as styles are: painters know them by that."""
    return Style(bg=background)


def _style_of(style: Any) -> Style:
    return Style(
        _colour_of(style.fg_color),
        _colour_of(style.bg_color),
        _colour_of(style.underline_color),
        style.bold,
        style.italic,
        style.faint,
        style.blink,
        style.inverse,
        style.invisible,
        style.strikethrough,
        style.overline,
        style.underline,
    )


def _colour_of(colour: Any) -> Colour:
    if colour.tag == lib.GHOSTTY_STYLE_COLOR_PALETTE:
        index: int = colour.value.palette
        return index
    if colour.tag == lib.GHOSTTY_STYLE_COLOR_RGB:
        return colour.value.rgb.r, colour.value.rgb.g, colour.value.rgb.b
    return None
