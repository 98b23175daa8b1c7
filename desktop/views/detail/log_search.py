"""What is looked for in a log: where it is, how often, and which one is at hand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple


class Found(NamedTuple):
    line: int
    start: int


class LogSearch:
    """Finds without regard to case. Places are numbered from the top; only those that are asked for are made, since in
    a flood there may be a hundred thousand at each key."""

    def __init__(self) -> None:
        self.needle = self._wanted = ""
        self._lines: Sequence[str] = ()
        self._numbers: list[int] = []  # of lines that have it
        self._ends: list[int] = []  # how many places there are up to the end of each

    @property
    def length(self) -> int:
        return len(self.needle)

    @property
    def total(self) -> int:
        return self._ends[-1] if self._ends else 0

    def look(self, needle: str, lines: Sequence[str]) -> None:
        """`lines` as `in_small_letters` has them: they are looked through at each key."""
        self.needle, self._wanted, self._lines = needle, needle.lower(), lines
        wanted = self._wanted
        self._numbers = [number for number, line in enumerate(lines) if wanted in line] if needle else []
        self._ends = list(accumulate(lines[number].count(wanted) for number in self._numbers))

    def place(self, number: int) -> Found:
        found = bisect_right(self._ends, number)
        return list(self._of(found))[number - self._before(found)]

    def on_lines(self, lines: Mapping[int, str]) -> list[Found]:
        """Those of some lines as they are now: others may have come, and gone, since it was looked for."""
        found = lines.items() if self._wanted else ()
        return [Found(number, start) for number, line in found for start in _starts(self._wanted, line)]

    def after(self, place: Found) -> int:
        """The number of the first one after `place`, or the first of all; -1 where there is none."""
        number = self._up_to(Found(place.line, place.start + 1))
        return number if number < self.total else 0 if self.total else -1

    def before(self, place: Found) -> int:
        number = self._up_to(place) - 1
        return number if number >= 0 else self.total - 1

    def _up_to(self, place: Found) -> int:
        """How many there are before `place`."""
        found = bisect_left(self._numbers, place.line)
        on_line = self._of(found) if found < len(self._numbers) and self._numbers[found] == place.line else ()
        return self._before(found) + sum(each < place for each in on_line)

    def _before(self, found: int) -> int:
        return self._ends[found - 1] if found else 0

    def _of(self, found: int) -> Iterator[Found]:
        """Those of one line."""
        number = self._numbers[found]
        return (Found(number, start) for start in _starts(self._wanted, self._lines[number]))


def _starts(wanted: str, line: str) -> Iterator[int]:
    start = line.find(wanted)
    while start >= 0:
        yield start
        start = line.find(wanted, start + len(wanted))


def in_small_letters(line: str) -> str:
    """As long as it was: `İ` would become two."""
    low = line.lower()
    return low if len(low) == len(line) else "".join(c.lower() if len(c.lower()) == 1 else c for c in line)
