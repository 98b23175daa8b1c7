"""Screens drawn into a terminal that is not ours, as `screen` and tmux do: what changed, in a part of it."""

from __future__ import annotations

from desktop.core.text import rows_of, visible
from desktop.terminal.cells import Glyph, Run
from desktop.terminal.foreign import blank
from desktop.terminal.render import BAR, BLOCK, HOLLOW, UNDERLINE, Cursor, Row
from desktop.terminal.screen import Screen
from desktop.terminal.sgr import row_as_vt

MOST_LINES = 1000
"""Of what scrolls off between two pictures, so many of the last go into the foreign terminal's own scrollback."""

LEAST_ROWS = 3
"""A lower terminal has no row to spare."""

_MODES = (1, 66, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2004)
_OF_PLACE = frozenset((9, 1000, 1002, 1003, 1005, 1006, 1015, 1016))
"""Modes with which keys, pastes and the pointer come as the guest wants them; those of place tell of cells."""

_SHAPES = {BLOCK: 2, HOLLOW: 2, UNDERLINE: 4, BAR: 6}
_BEGIN, _END = b"\x1b[?2026h\x1b[?25l\x1b[m", b"\x1b[?2026l"


class Drawing:
    """A terminal of `columns` and `rows`; its last row is kept for a line in reverse where `has_foot` is set.

    A screen that is larger than it is shown in part: where the cursor is.
    """

    def __init__(self, columns: int, rows: int, has_foot: bool) -> None:
        self._wants_foot = has_foot
        self._screen: Screen | None = None
        self._size = (0, 0)
        self._left = self._top = 0
        self._is_full = True
        self._modes = frozenset[int]()
        self._cursor: tuple[int, bool] | None = None
        self._title = ""
        self.resize(columns, rows)

    @property
    def room(self) -> tuple[int, int]:
        """Columns and rows that there are for a screen."""
        return self.columns, self.rows - self.has_foot

    def is_part(self, screen: Screen) -> bool:
        """Whether it is larger than its room."""
        return screen.columns > self.room[0] or screen.rows > self.room[1]

    def begin(self) -> bytes:
        """What the terminal shows above its cursor goes into its own scrollback, and its title is put aside."""
        self._title = ""
        self.forget()
        return blank(self.rows) + b"\x1b[?7l\x1b[22;2t"

    def resize(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._left = self._top = 0
        self.has_foot = self._wants_foot and rows >= LEAST_ROWS
        self.forget()

    def forget(self) -> None:
        """The terminal shows something else: all is drawn the next time."""
        self._is_full = True

    def rest(self) -> bytes:
        """Keys and pointer are somebody else's until the next picture, and come as they do without a guest."""
        modes, self._modes = sorted(self._modes), frozenset()
        return b"".join(b"\x1b[?%dl" % mode for mode in modes)

    def draw(self, screen: Screen, foot: str = "") -> bytes:
        """What brings the terminal up to date; `foot` is drawn over the last row of the screen where it has no row."""
        parts = [_BEGIN]
        if screen is not self._screen or (screen.columns, screen.rows) != self._size:
            is_first = self._screen is None
            self._screen, self._size = screen, (screen.columns, screen.rows)
            self._left = self._top = 0
            if not screen.is_alternate:
                screen.mark_line(_history(screen) - (MOST_LINES if is_first else 0) - 1)
            self._is_full = True
        parts += self._scrolled_off(screen)
        rows = screen.changed_rows(full=self._is_full)
        cursor = screen.cursor()
        if cursor is not None and self._follow(cursor) and not self._is_full:
            rows = screen.changed_rows(full=True)
            self._is_full = True
        if self._is_full:
            parts.append(b"\x1b[r\x1b[?7l" + erased(self.rows))
        parts += [self._row(row) for row in rows]
        if foot or self.has_foot:
            parts.append(self._foot(foot))
        parts += [self._state(screen), self._place(cursor), _END]
        self._is_full = False
        return b"".join(parts)

    def _scrolled_off(self, screen: Screen) -> list[bytes]:
        """Draws lines that are above the screen by now, and pushes them off the terminal's top.

        The last such line is marked: how many there are says little once as many are kept as may be.
        """
        if screen.is_alternate:
            return []
        lines, before = _history(screen), screen.marked_line + 1
        screen.mark_line(lines - 1)
        columns, height = self.room
        first = max(before, lines - MOST_LINES)
        if first >= lines or screen.columns > columns:
            return []
        parts = [b"\x1b[1;%dr" % height]
        step = min(height, screen.rows)
        for start in range(first, lines, step):
            screen.scroll_to(start)
            rows = screen.changed_rows(full=True)[: min(step, lines - start)]
            parts += [b"\x1b[%d;1H\x1b[m\x1b[K" % (row.y + 1) + row_as_vt(row) for row in rows]
            parts.append(b"\x1b[%d;1H" % height + b"\n" * len(rows))
        screen.scroll_to_bottom()
        self._is_full = True
        return parts

    def _follow(self, cursor: Cursor) -> bool:
        """Moves the part that is shown to where the cursor is; whether it has moved."""
        before = self._left, self._top
        columns, rows = self.room
        self._left = _shifted(self._left, cursor.column, columns, self._size[0])
        self._top = _shifted(self._top, cursor.row, rows, self._size[1])
        return before != (self._left, self._top)

    def _row(self, row: Row) -> bytes:
        columns, rows = self.room
        y = row.y - self._top
        if not 0 <= y < rows:
            return b""
        runs = [part for run in row.runs if (part := _part(run, self._left, columns)) is not None]
        return b"\x1b[%d;1H\x1b[K" % (y + 1) + row_as_vt(Row(y, runs, None))

    def _foot(self, words: str) -> bytes:
        blanks = b" " * self.columns
        line = rows_of(visible(words), self.columns)[0].encode()
        return b"\x1b[%d;1H\x1b[7m%b\x1b[%d;1H%b\x1b[m" % (self.rows, blanks, self.rows, line)

    def _state(self, screen: Screen) -> bytes:
        modes = frozenset(mode for mode in _MODES if screen.mode(mode))
        if self.is_part(screen):
            modes -= _OF_PLACE
        parts = [b"\x1b[?%dl" % mode for mode in sorted(self._modes - modes)]
        parts += [b"\x1b[?%dh" % mode for mode in sorted(modes - self._modes)]
        self._modes = modes
        if (title := screen.title) != self._title:
            self._title = title
            parts.append(b"\x1b]2;%b\x07" % title.encode())
        return b"".join(parts)

    def _place(self, cursor: Cursor | None) -> bytes:
        columns, rows = self.room
        if cursor is None or not (0 <= cursor.row - self._top < rows and 0 <= cursor.column - self._left < columns):
            return b""
        look = (cursor.shape, cursor.is_blinking)
        shape = b""
        if look != self._cursor:
            if self._cursor is not None:  # until a program has its own, it is the user's
                shape = b"\x1b[%d q" % (_SHAPES.get(cursor.shape, 2) - cursor.is_blinking)
            self._cursor = look
        return shape + b"\x1b[%d;%dH\x1b[?25h" % (cursor.row - self._top + 1, cursor.column - self._left + 1)


def erased(rows: int) -> bytes:
    """Row by row: of a screen that is erased as a whole, tmux and others put a copy into their scrollback."""
    return b"\x1b[m" + b"".join(b"\x1b[%d;1H\x1b[K" % row for row in range(1, rows + 1))


def _history(screen: Screen) -> int:
    """Lines above the screen, of one that has such."""
    return screen.scroll.total - screen.rows


def _shifted(offset: int, place: int, room: int, size: int) -> int:
    """The least move after which `place` is in view, and nothing beyond the end is."""
    if place < offset:
        offset = place
    elif place >= offset + room:
        offset = place - room + 1
    return max(0, min(offset, size - room))


def _part(run: Run, left: int, columns: int) -> Run | None:
    """What of a run is in view; of a wide character all or nothing."""
    column, cells, text, style = run
    begin, end = max(column, left), min(column + cells, left + columns)
    if begin >= end:
        return None
    if isinstance(text, Glyph):
        return (begin - left, cells, text, style) if end - begin == cells else None
    return begin - left, end - begin, text[begin - column : end - column], style
