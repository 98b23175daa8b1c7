"""What is looked for in a log: where it is, how often, and which one is at hand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST = 100_000


class Found(NamedTuple):
    line: int
    start: int


class LogSearch:
    """Finds without regard to case. Lines that go at the top take their places along."""

    def __init__(self) -> None:
        self.needle = ""
        self.places: list[Found] = []

    @property
    def length(self) -> int:
        return len(self.needle)

    def look(self, needle: str, lines: Sequence[str]) -> None:
        self.needle = needle
        self.places = []
        if not needle:
            return
        wanted = needle.lower()
        for number, line in enumerate(lines):
            if wanted in (low := _lower(line)):
                self.places += (Found(number, start) for start in _starts(wanted, low))
                if len(self.places) > MOST:
                    return

    def is_at(self, place: Found, line: str) -> bool:
        """Lines may have gone since it was looked for."""
        return line[place.start : place.start + self.length].lower() == self.needle.lower()

    def on_lines(self, lines: range) -> list[Found]:
        first = bisect_left(self.places, Found(lines.start, 0))
        return self.places[first : bisect_left(self.places, Found(lines.stop, 0))]

    def after(self, place: Found) -> int:
        """The number of the first one after `place`, or the first of all; -1 where there is none."""
        number = bisect_right(self.places, place)
        return number if number < len(self.places) else 0 if self.places else -1

    def before(self, place: Found) -> int:
        number = bisect_left(self.places, place) - 1
        return number if number >= 0 else len(self.places) - 1


def _starts(wanted: str, line: str) -> Iterator[int]:
    start = line.find(wanted)
    while start >= 0:
        yield start
        start = line.find(wanted, start + len(wanted))


def _lower(line: str) -> str:
    """In small letters, as long as it was: `İ` would become two."""
    low = line.lower()
    return low if len(low) == len(line) else "".join(c.lower() if len(c.lower()) == 1 else c for c in line)
