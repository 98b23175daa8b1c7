"""Rows of runs written as escape sequences."""

from __future__ import annotations

from desktop.terminal.cells import PLAIN, Colour, Glyph, Run, Style
from desktop.terminal.render import Row

_FLAGS = (
    ("bold", b"1"), ("faint", b"2"), ("italic", b"3"), ("blink", b"5"), ("inverse", b"7"),
    ("invisible", b"8"), ("strikethrough", b"9"), ("overline", b"53"),
)  # fmt: skip


def row_as_vt(row: Row) -> bytes:
    """Draw a row from its first column, over an empty one; leaves no style behind."""
    parts = []
    for column, cells, text, style in row.runs:
        words = text.encode() if text else b" " * cells
        place = b"\x1b[%d;%dH" % (row.y + 1, column + 1)
        parts.append(place + words if style is PLAIN else place + sgr(style) + words + b"\x1b[m")
    return b"".join(parts)


def selection_as_vt(row: Row) -> bytes:
    """Draw the selected part of a row in reverse, over the row as it is drawn."""
    if row.selected is None:
        return b""
    first, last = row.selected
    blanks = b"\x1b[%d;%dH\x1b[7m%b\x1b[m" % (row.y + 1, first + 1, b" " * (last + 1 - first))
    runs = [_reversed(run, first, last) for run in row.runs if run[0] <= last and run[0] + run[1] > first]
    return blanks + row_as_vt(Row(row.y, runs, None))


def _reversed(run: Run, first: int, last: int) -> Run:
    column, cells, text, style = run
    style = style._replace(inverse=not style.inverse)
    if isinstance(text, Glyph):
        return column, cells, text, style
    start, end = max(first, column), min(last + 1, column + cells)
    return start, end - start, text[start - column : end - column], style


def sgr(style: Style) -> bytes:
    """The sequence that makes `style` of no style."""
    parts = [code for name, code in _FLAGS if getattr(style, name)]
    if style.underline:
        parts.append(b"4" if style.underline == 1 else b"4:%d" % style.underline)
    parts += _colour(38, style.fg) + _colour(48, style.bg) + _colour(58, style.underline_colour)
    return b"\x1b[" + b";".join(parts) + b"m"


def _colour(kind: int, colour: Colour) -> list[bytes]:
    if colour is None:
        return []
    if isinstance(colour, int):
        return [b"%d;5;%d" % (kind, colour)]
    return [b"%d;2;%d;%d;%d" % (kind, *colour)]
