"""Finding text on a screen and in its scrollback, by libghostty's own search."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from desktop.terminal.ghostty import check, ffi, lib, new_sized
from desktop.terminal.screen import Screen

_SHOWN = 4096  # matches in one viewport: 500 rows of eight
_WIDE_SHIFT = 42  # in a cell's word, see `cells.py`


class Match(NamedTuple):
    """What is found in one row of the viewport: first and last column, and whether it is the one gone to."""

    row: int
    first: int
    last: int
    is_current: bool


class Search:
    """Follows one screen; `work` searches in small steps. Close it before the screen is closed or replaced."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._search: Any = None
        self._needle = ""
        self._status = ffi.new("GhosttySearchStatus*")
        self._number = ffi.new("size_t*")
        self._cell = ffi.new("GhosttyCell*")
        self._matches = ffi.new("GhosttySelection[]", _SHOWN)
        self._buffer = ffi.new("GhosttySelectionBuffer*")

    @property
    def _handle(self) -> Any:
        """The native search, which reads the terminal: that is at rest."""
        self._screen.settle()
        return self._search

    @property
    def needle(self) -> str:
        return self._needle

    def look_for(self, needle: str) -> None:
        """Begin anew; nothing is looked for where `needle` is empty. Upper and lower case are the same."""
        self.close()
        self._needle = needle
        if not needle:
            return
        out = ffi.new("GhosttySearch*")
        check(lib.ghostty_search_new(ffi.NULL, out, self._screen.handle), "search")
        self._search = out[0]
        data = needle.encode("utf-8", "replace")
        keep = ffi.new("uint8_t[]", data)
        text = ffi.new("GhosttyString*", {"ptr": keep, "len": len(data)})
        check(lib.ghostty_search_set(self._handle, lib.GHOSTTY_SEARCH_OPT_NEEDLE, text), "search")

    def close(self) -> None:
        """Free the native memory; `look_for` begins again."""
        if self._handle is not None:
            lib.ghostty_search_free(self._handle)
            self._search = None
        self._needle = ""

    def work(self, budget_s: float) -> bool:
        """Search on for about `budget_s`; returns whether something is left to search."""
        deadline = time.monotonic() + budget_s
        while self._handle is not None:
            check(lib.ghostty_search_tick(self._handle, self._status), "search")
            if self._status[0] == lib.GHOSTTY_SEARCH_STATUS_COMPLETE:
                return False
            if self._status[0] == lib.GHOSTTY_SEARCH_STATUS_FEED_REQUIRED:
                check(lib.ghostty_search_feed(self._handle), "search")
            if time.monotonic() >= deadline:
                return True
        return False

    def follow(self) -> None:
        """The screen has changed: take in what is new, and what is gone."""
        if self._handle is not None:
            check(lib.ghostty_search_feed(self._handle), "search")

    @property
    def total(self) -> int:
        """How many were found up to now."""
        return int(self._number[0]) if self._get(lib.GHOSTTY_SEARCH_DATA_TOTAL_MATCHES, self._number) else 0

    @property
    def index(self) -> int | None:
        """The one gone to, counted from the newest, 0."""
        return int(self._number[0]) if self._get(lib.GHOSTTY_SEARCH_DATA_SELECTED_INDEX, self._number) else None

    def go(self, older: bool) -> None:
        """Go to the next one, older or newer; the viewport follows where it must."""
        if self._handle is not None:
            option = lib.GHOSTTY_SEARCH_OPT_SELECT_NEXT if older else lib.GHOSTTY_SEARCH_OPT_SELECT_PREV
            lib.ghostty_search_set(self._handle, option, ffi.NULL)

    def in_view(self) -> list[Match]:
        """What is found in the viewport, row by row; one that goes over the line's end has several rows."""
        buffer = self._buffer
        buffer.ptr, buffer.cap, buffer.len = self._matches, _SHOWN, 0
        if not self._get(lib.GHOSTTY_SEARCH_DATA_VIEWPORT_MATCHES, buffer):
            return []
        chosen = new_sized("GhosttySelection")
        spot = self._spot(chosen) if self._get(lib.GHOSTTY_SEARCH_DATA_SELECTED_MATCH, chosen) else None
        found: list[Match] = []
        for number in range(buffer.len):
            place = self._spot(self._matches[number])  # the library tells a whole page, the viewport is a part of it
            if place is not None:
                found += self._rows_of(place, place == spot)
        return found

    def _spot(self, selection: Any) -> tuple[int, int, int, int] | None:
        start, end = self._point(selection.start), self._point(selection.end)
        if start is None or end is None:
            return None
        lib.ghostty_grid_ref_cell(ffi.addressof(selection, "end"), self._cell)
        is_wide = self._cell[0] >> _WIDE_SHIFT & 3 == 1  # its second half belongs to it
        return *start, end[0] + is_wide, end[1]

    def _rows_of(self, spot: tuple[int, int, int, int], is_current: bool) -> list[Match]:
        left, top, right, bottom = spot
        last = self._screen.columns - 1
        return [
            Match(row, left if row == top else 0, right if row == bottom else last, is_current)
            for row in range(top, min(bottom + 1, self._screen.rows))
        ]

    def _point(self, ref: Any) -> tuple[int, int] | None:
        out = ffi.new("GhosttyPointCoordinate*")
        tag = lib.GHOSTTY_POINT_TAG_VIEWPORT
        if lib.ghostty_terminal_point_from_grid_ref(self._screen.handle, ffi.addressof(ref), tag, out):
            return None
        return out.x, out.y

    def _get(self, key: int, out: Any) -> bool:
        return self._handle is not None and not lib.ghostty_search_get(self._handle, key, out)
