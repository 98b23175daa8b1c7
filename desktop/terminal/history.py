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

_NO_LIMIT = 1 << 40


class History:
    """The limit of one terminal at a time; call `begin` with each, and `end` before it is freed or emptied."""

    def __init__(self, lines: int) -> None:
        self._lines = self._most = lines
        self._page_lines = 0
        self._total = 0
        self._is_in_bytes = self._is_lifted = self._has_lost = False
        self._oldest: Any = None
        self._newest: Any = None
        """While there are too many rows: the last of them, for what is printed after it."""
        self._scroll = ffi.new("GhosttyTerminalScrollbar*")

    def begin(self, terminal: Any, columns: int) -> None:
        """The terminal is new or empty. One that came with much already keeps all of it."""
        self._most = max(self._lines, self._count(terminal))
        self._is_in_bytes = self._total <= self._lines // 2
        self._measure(columns)
        self._limit(terminal)
        self._has_lost = False
        self._watch_oldest(terminal)

    def end(self) -> None:
        for place in (self._oldest, self._newest):
            forget(place)
        self._oldest = self._newest = None

    def has_lost_lines(self, terminal: Any) -> bool:
        """Whether there were older lines; of one that came with as many as it may have, they are presumed."""
        if self._oldest is None:
            self._watch_oldest(terminal)
        if self._oldest is not None and not self._has_lost:
            self._has_lost = line_of(self._oldest) is None
        return self._has_lost

    def _watch_oldest(self, terminal: Any) -> None:
        """The library tells of a line that it follows whether it has let go of it."""
        if _is_primary(terminal):  # the other one has no older lines
            self._has_lost = self._count(terminal) > self._lines - 2 * self._page_lines
            self._oldest = tracked(terminal, 0)

    def lift(self, terminal: Any) -> None:
        """Another size comes, for which nothing is to be dropped: `fit` follows."""
        self._is_lifted = True
        self._set(terminal, None, _NO_LIMIT)

    def fit(self, terminal: Any, columns: int) -> None:
        """The terminal has so many columns now."""
        self._measure(columns)
        self._forget_newest()
        if not _is_primary(terminal):
            return  # how many rows there are shows when the other screen is left
        if self._count(terminal) > self._most:
            self._newest = tracked(terminal, self._total - 1)
            self._set(terminal, None, self._total + self._lines)
        else:
            self._limit(terminal)

    def follow(self, terminal: Any) -> None:
        """Something was printed."""
        if self._is_lifted:
            self._lower(terminal)
        elif self._is_in_bytes:
            before = self._total
            self._count(terminal)
            is_less = self._scroll.len < self._total < before  # without any, it was cleared, or it is the other screen
            if is_less and before < self._lines - 2 * self._page_lines:
                self._is_in_bytes, self._most = False, max(self._lines, self._total)
                self._limit(terminal)

    def _lower(self, terminal: Any) -> None:
        if not _is_primary(terminal):
            return
        if self._newest is None:
            self.fit(terminal, self._columns)
        elif self._count(terminal) - (line_of(self._newest) or 0) > self._lines:
            self._forget_newest()
            self._limit(terminal)

    def _forget_newest(self) -> None:
        forget(self._newest)
        self._newest = None

    def _measure(self, columns: int) -> None:
        self._columns = columns
        self._page_lines = max(1, _ROOM_BYTES // (columns * _CELL_BYTES + _ROW_BYTES))

    def _limit(self, terminal: Any) -> None:
        """As many as may be kept."""
        self._is_lifted = False
        if self._is_in_bytes:
            self._count(terminal)
            self._set(terminal, (self._lines // self._page_lines + 1) * _PAGE_BYTES, 2 * self._lines)
        else:
            self._set(terminal, None, self._most)

    def _count(self, terminal: Any) -> int:
        check(lib.ghostty_terminal_get(terminal, lib.GHOSTTY_TERMINAL_DATA_SCROLLBAR, self._scroll), "scrollbar")
        self._total = self._scroll.total
        return self._total

    def _set(self, terminal: Any, most_bytes: int | None, most_lines: int) -> None:
        # That bytes have no limit must be said: without this the library keeps 10,000 *bytes* of any lines.
        for option, value in (
            (lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_BYTES, most_bytes),
            (lib.GHOSTTY_TERMINAL_OPT_SCROLLBACK_MAX_LINES, most_lines),
        ):
            number = ffi.NULL if value is None else ffi.new("size_t*", value)
            check(lib.ghostty_terminal_set(terminal, option, number), "scrollback")


def _is_primary(terminal: Any) -> bool:
    screen = ffi.new("GhosttyTerminalScreen*")
    check(lib.ghostty_terminal_get(terminal, lib.GHOSTTY_TERMINAL_DATA_ACTIVE_SCREEN, screen), "screen")
    return bool(screen[0] == lib.GHOSTTY_TERMINAL_SCREEN_PRIMARY)


def tracked(terminal: Any, line: int) -> Any:
    """A line that is followed as others come and go; to be freed."""
    place, point = ffi.new("GhosttyTrackedGridRef*"), ffi.new("MooragePoint*")
    point.tag, point.value.y = lib.GHOSTTY_POINT_TAG_SCREEN, line
    check(grid_ref_track(terminal, point[0], place), f"line {line}")
    return place[0]


def line_of(place: Any) -> int | None:
    """None where it is not kept any more."""
    out = ffi.new("GhosttyPointCoordinate*")
    if lib.ghostty_tracked_grid_ref_point(place, lib.GHOSTTY_POINT_TAG_SCREEN, out):
        return None
    line: int = out.y
    return line


def forget(place: Any) -> None:
    if place is not None:
        lib.ghostty_tracked_grid_ref_free(place)
