"""How much scrollback a terminal keeps: a number of lines, give or take a page of the library's.

The library can be limited by lines or by bytes. Beyond its lines it gives the oldest page back to the system and asks
for a new one, of which each 4 KB cost a fault: nine tenths of what it takes to parse plain text. Beyond its bytes it
uses the oldest page again. So the limit is in bytes, as many as the lines take where they are plain. Lines with many
styles, links or clusters take more; where such a limit would drop some too early, it is in lines from then on.
"""

from __future__ import annotations

from typing import Any

from desktop.terminal.ghostty import check, ffi, grid_ref_track, lib

_PAGE_BYTES = 401_408
_CELL_BYTES, _ROW_BYTES = 8, 8
_ROOM_BYTES = _PAGE_BYTES * 10 // 11
"""Of a page for its rows; the rest is for styles and the like."""


class History:
    """The limit of one terminal at a time; call `begin` with each, and `end` before it is freed or emptied."""

    def __init__(self, lines: int) -> None:
        self._lines = lines
        self._page_lines = 0
        self._total = 0
        self._is_in_bytes = False
        self._oldest: Any = None
        self._has_lost = False
        self._scroll = ffi.new("GhosttyTerminalScrollbar*")

    def begin(self, terminal: Any, columns: int) -> None:
        """The terminal is new or empty. One that came with much already keeps all of it."""
        self._is_in_bytes = self._count(terminal) <= self._lines // 2
        self.fit(terminal, columns)
        if not self._is_in_bytes:
            self._limit_lines(terminal)
        self._has_lost = False
        self._watch_oldest(terminal)

    def end(self) -> None:
        if self._oldest is not None:
            lib.ghostty_tracked_grid_ref_free(self._oldest)
            self._oldest = None

    def has_lost_lines(self, terminal: Any) -> bool:
        """Whether there were older lines; of one that came with as many as it may have, they are presumed."""
        if self._oldest is None:
            self._watch_oldest(terminal)
        if self._oldest is not None and not self._has_lost:
            out = ffi.new("GhosttyPointCoordinate*")
            tag = lib.GHOSTTY_POINT_TAG_SCREEN
            self._has_lost = bool(lib.ghostty_tracked_grid_ref_point(self._oldest, tag, out))
        return self._has_lost

    def _watch_oldest(self, terminal: Any) -> None:
        """The library tells of a line that it follows whether it has let go of it."""
        screen = ffi.new("GhosttyTerminalScreen*")
        check(lib.ghostty_terminal_get(terminal, lib.GHOSTTY_TERMINAL_DATA_ACTIVE_SCREEN, screen), "screen")
        if screen[0] == lib.GHOSTTY_TERMINAL_SCREEN_PRIMARY:  # the other one has no older lines
            self._has_lost = self._count(terminal) > self._lines - 2 * self._page_lines
            oldest, point = ffi.new("GhosttyTrackedGridRef*"), ffi.new("MooragePoint*")
            point.tag = lib.GHOSTTY_POINT_TAG_SCREEN
            check(grid_ref_track(terminal, point[0], oldest), "oldest line")
            self._oldest = oldest[0]

    def fit(self, terminal: Any, columns: int) -> None:
        """The terminal has so many columns now."""
        self._page_lines = max(1, _ROOM_BYTES // (columns * _CELL_BYTES + _ROW_BYTES))
        if not self._is_in_bytes:
            return
        self._total = self._count(terminal)
        pages = self._lines // self._page_lines + 1
        self._set(terminal, lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_BYTES, pages * _PAGE_BYTES)
        self._set(terminal, lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_LINES, 2 * self._lines)

    def follow(self, terminal: Any) -> None:
        """Something was printed."""
        if not self._is_in_bytes:
            return
        before, self._total = self._total, self._count(terminal)
        is_less = self._scroll.len < self._total < before  # without any, it was cleared, or it is the other screen
        if is_less and before < self._lines - 2 * self._page_lines:
            self._limit_lines(terminal)

    def _limit_lines(self, terminal: Any) -> None:
        self._is_in_bytes = False
        # Without this the library keeps 10,000 *bytes*, whatever the number of lines allowed.
        check(lib.ghostty_terminal_set(terminal, lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_BYTES, ffi.NULL), "bytes")
        most = max(self._lines, self._count(terminal))  # of one that came with a few more none are dropped
        self._set(terminal, lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_LINES, most)

    def _count(self, terminal: Any) -> int:
        check(lib.ghostty_terminal_get(terminal, lib.GHOSTTY_TERMINAL_DATA_SCROLLBAR, self._scroll), "scrollbar")
        total: int = self._scroll.total
        return total

    def _set(self, terminal: Any, option: int, value: int) -> None:
        check(lib.ghostty_terminal_set(terminal, option, ffi.new("size_t*", value)), "scrollback")
