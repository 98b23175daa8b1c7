"""Copy mode, as GNU screen has it: keys move over screen and scrollback, mark and copy. A window gives it its keys."""

from __future__ import annotations

from enum import Enum, auto

from desktop.terminal.render import Row
from desktop.terminal.screen import Screen

_STEPS = {"h": (-1, 0), "l": (1, 0), "k": (0, -1), "j": (0, 1), "\b": (-1, 0), "\x7f": (-1, 0)}
_PAGES = {"\x02": -1.0, "\x06": 1.0, "\x15": -0.5, "\x04": 0.5}
LEFT, RIGHT, UP, DOWN, START, END, PAGE_UP, PAGE_DOWN = "h", "l", "k", "j", "0", "$", "\x02", "\x06"
"""What keys without a character mean."""


class CopyWish(Enum):
    """What a key asks of whoever shows the mode."""

    LEAVE = auto()
    COPY = auto()  # the selection; then leave
    FIND = auto()
    FIND_OLDER = auto()
    NEXT = auto()
    NEXT_OTHER_WAY = auto()


class CopyMode:
    """A cursor over all lines of a screen, 0 the oldest. The screen's viewport and selection follow it.

    Lines are known by their numbers: the screen must be a copy, to which nothing is printed.
    """

    def __init__(self, screen: Screen) -> None:
        """At the guest's cursor, or in the last line where that is out of view."""
        self._screen = screen
        cursor, scroll = screen.cursor(), screen.scroll
        self.column = cursor.column if cursor is not None else 0
        self.line = scroll.first + (cursor.row if cursor is not None else scroll.shown - 1)
        self._anchor: tuple[int, int] | None = None

    @property
    def row(self) -> int:
        """Of the viewport; it may be out of it while the user scrolls."""
        return self.line - self._screen.scroll.first

    def obey(self, typed: str) -> CopyWish | None:
        """Do what a key means, or say what is to be done."""
        if typed in _STEPS:
            right, down = _STEPS[typed]
            self.go(self.column + right, self.line + down)
        elif typed in _PAGES:
            self.go(self.column, self.line + round(_PAGES[typed] * self._screen.scroll.shown))
        elif typed == "0":
            self.go(0, self.line)
        elif typed in ("^", "$"):
            self._go_to_text(is_last=typed == "$")
        elif typed in ("g", "G"):
            self.go(0, 0 if typed == "g" else self._screen.scroll.total - 1)
        elif typed in (" ", "\r", "\n"):
            return self._mark()
        return _WISHES.get(typed)

    def go(self, column: int, line: int) -> None:
        scroll = self._screen.scroll
        self.column = min(max(column, 0), self._screen.columns - 1)
        self.line = min(max(line, 0), scroll.total - 1)
        if self.line < scroll.first:
            self._screen.scroll_to(self.line)
        elif self.line >= scroll.first + scroll.shown:
            self._screen.scroll_to(self.line - scroll.shown + 1)
        if self._anchor is not None:
            # In another size there may be fewer columns and lines.
            self._anchor = min(self._anchor[0], self._screen.columns - 1), min(self._anchor[1], scroll.total - 1)
            begin, end = sorted((self._anchor, (self.column, self.line)), key=lambda spot: (spot[1], spot[0]))
            self._screen.select(begin, end)

    def find(self, words: str, older: bool) -> bool:
        """Go to the next place of `words` within a line, round and round; False where there is none.

        It uses up the screen's dirty rows: it is meant for one that is drawn as a whole.
        """
        wanted, lines = _lower(words), [_lower(line) for line in self._screen.lines()]
        step, count = (-1 if older else 1), len(lines)
        for distance in range(count + 1):
            line = (self.line + step * distance) % count
            if wanted in lines[line] and self._find_in(line, wanted, older, is_first=distance == 0):
                return True
        return False

    def _find_in(self, line: int, wanted: str, older: bool, is_first: bool) -> bool:
        """In the line of the cursor only beyond it; that line comes once more as the last."""
        before = self.column, self.line
        self.go(0, line)
        text, columns = self._cells_of_line()
        places = [columns[at] for at in range(len(text)) if text.startswith(wanted, at)]
        if is_first:
            places = [place for place in places if (place < before[0] if older else place > before[0])]
        self.go(*((places[-1] if older else places[0]), line) if places else before)
        return bool(places)

    def _go_to_text(self, is_last: bool) -> None:
        """To the line's first or last character that is no blank."""
        self.go(self.column, self.line)
        columns = [column for char, column in zip(*self._cells_of_line(), strict=True) if char != " "]
        self.go(columns[-1 if is_last else 0] if columns else 0, self.line)

    def _cells_of_line(self) -> tuple[str, list[int]]:
        """Of the cursor's, which is in view."""
        rows = {row.y: row for row in self._screen.changed_rows(full=True)}
        return _cells(rows[self.row])

    def _mark(self) -> CopyWish | None:
        """The first time where it begins, the second time where it ends."""
        if self._anchor is not None:
            return CopyWish.COPY
        self._anchor = self.column, self.line
        self.go(self.column, self.line)
        return None


_WISHES = {
    "\x1b": CopyWish.LEAVE,
    "q": CopyWish.LEAVE,
    "\x03": CopyWish.LEAVE,
    "/": CopyWish.FIND,
    "?": CopyWish.FIND_OLDER,
    "n": CopyWish.NEXT,
    "N": CopyWish.NEXT_OTHER_WAY,
}


def _cells(row: Row) -> tuple[str, list[int]]:
    """A row's text in lower case, and the column of each of its characters."""
    text, columns, end = "", list[int](), 0
    for column, cells, words, _ in row.runs:
        part = " " * (column - end) + (_lower(words) or " " * cells)
        is_even = len(part) == column - end + cells
        columns += range(end, column + cells) if is_even else [*range(end, column), *[column] * len(words)]
        text, end = text + part, column + cells
    return text, columns


def _lower(text: str) -> str:
    """Each character stays one."""
    if text.isascii():
        return text.lower()
    return "".join(small if len(small := char.lower()) == 1 else char for char in text)
