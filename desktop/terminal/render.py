"""What a painter needs of a screen: the rows that changed, the cursor, the colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from desktop.terminal.cells import RowDecoder, Run
from desktop.terminal.ghostty import check, ffi, lib, new_sized

Rgb = tuple[int, int, int]

BAR, BLOCK, UNDERLINE, HOLLOW = range(4)


class Row(NamedTuple):
    """One line of the viewport; `selected` is the first and last selected column, if any is, `links` those of each
    stretch that is a link."""

    y: int
    runs: list[Run]
    selected: tuple[int, int] | None
    links: Sequence[tuple[int, int]] = ()


class Cursor(NamedTuple):
    """The cursor, where it is in the viewport. On the second half of a wide character, `column` is its first."""

    column: int
    row: int
    shape: int
    is_blinking: bool


class Colours(NamedTuple):
    """What palette indexes and defaults mean at the moment; the guest may change them."""

    foreground: Rgb
    background: Rgb
    cursor: Rgb | None
    palette: tuple[Rgb, ...]


class Renderer:
    """Follows one terminal through libghostty's render state."""

    def __init__(self) -> None:
        state = ffi.new("GhosttyRenderState*")
        check(lib.ghostty_render_state_new(ffi.NULL, state), "render state")
        self._state = state[0]
        self._iterator_out = ffi.new("GhosttyRenderStateRowIterator*")
        check(lib.ghostty_render_state_row_iterator_new(ffi.NULL, self._iterator_out), "rows")
        self._iterator = self._iterator_out[0]
        self._decoder = RowDecoder(self._iterator)
        self._dirty = ffi.new("GhosttyRenderStateDirty*")
        self._y = ffi.new("uint16_t*")
        self._selection = new_sized("GhosttyRenderStateRowSelection")
        self._cursor = new_sized("GhosttyRenderStateCursor")
        self._colours = new_sized("GhosttyRenderStateColors")
        self._colour_bytes = b""
        self._colour_values: Colours | None = None

    def close(self) -> None:
        self._decoder.close()
        lib.ghostty_render_state_row_iterator_free(self._iterator)
        lib.ghostty_render_state_free(self._state)

    def update(self, terminal: Any, full: bool = False) -> list[Row]:
        """Take the terminal's present state in and return what changed since the last call, or every row."""
        check(lib.ghostty_render_state_update(self._state, terminal), "update")
        self._get(lib.GHOSTTY_RENDER_STATE_DATA_DIRTY, self._dirty)
        full = full or self._dirty[0] == lib.GHOSTTY_RENDER_STATE_DIRTY_FULL
        if not full and self._dirty[0] == lib.GHOSTTY_RENDER_STATE_DIRTY_FALSE:
            return []
        self._get(lib.GHOSTTY_RENDER_STATE_DATA_ROW_ITERATOR, self._iterator_out)
        rows = self._all_rows(terminal) if full else self._dirty_rows(terminal)
        lib.ghostty_render_state_clean(self._state)
        return rows

    def cursor(self) -> Cursor | None:
        """The cursor, or None while it is hidden or scrolled out of view."""
        self._get(lib.GHOSTTY_RENDER_STATE_DATA_CURSOR, self._cursor)
        cursor = self._cursor
        if not (cursor.visible and cursor.viewport_has_value):
            return None
        column = cursor.viewport_x - cursor.wide_tail
        return Cursor(column, cursor.viewport_y, cursor.visual_style, cursor.blinking)

    def colours(self) -> Colours:
        """The colours in force; the same object as long as none has changed."""
        self._get(lib.GHOSTTY_RENDER_STATE_DATA_COLORS, self._colours)
        data: bytes = ffi.buffer(self._colours)[:]
        if self._colour_values is None or data != self._colour_bytes:
            self._colour_bytes = data
            colours = self._colours
            self._colour_values = Colours(
                _rgb(colours.foreground),
                _rgb(colours.background),
                _rgb(colours.cursor) if colours.cursor_has_value else None,
                tuple(_rgb(colour) for colour in colours.palette),
            )
        return self._colour_values

    def _dirty_rows(self, terminal: Any) -> list[Row]:
        rows = []
        while lib.ghostty_render_state_row_iterator_next_dirty(self._iterator, self._y):
            rows.append(self._row(terminal, self._y[0]))
        return rows

    def _all_rows(self, terminal: Any) -> list[Row]:
        rows: list[Row] = []
        while lib.ghostty_render_state_row_iterator_next(self._iterator):
            rows.append(self._row(terminal, len(rows)))
        return rows

    def _row(self, terminal: Any, y: int) -> Row:
        runs = self._decoder.decode(terminal, y)
        return Row(y, runs, self._selected(), self._decoder.links)

    def _selected(self) -> tuple[int, int] | None:
        if lib.ghostty_render_state_row_get(
            self._iterator, lib.GHOSTTY_RENDER_STATE_ROW_DATA_SELECTION, self._selection
        ):
            return None
        return self._selection.start_x, self._selection.end_x

    def _get(self, key: int, out: Any) -> None:
        check(lib.ghostty_render_state_get(self._state, key, out), "render state")


def _rgb(colour: Any) -> Rgb:
    return colour.r, colour.g, colour.b
