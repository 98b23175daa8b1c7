"""Finds among many by a few letters, best first: quick with ten thousand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from .column import folded

SHOWN = 100
_ELSEWHERE = 3
_FEW = 12
"""Where fewer are found by their words, those come too that have the letters with others between."""


@dataclass(frozen=True)
class Entry:
    """`title` is what one looks for, `detail` helps; `words` are found too and not shown.

    `english` is the title in English, where it is in another language: what it begins with counts as well.
    """

    title: str
    detail: str = ""
    words: str = ""
    value: Any = None
    english: str = ""
    low: str = field(init=False)
    """The title as it is compared."""
    low_english: str = field(init=False)
    haystack: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", folded(self.title))
        object.__setattr__(self, "low_english", folded(self.english))
        object.__setattr__(self, "haystack", folded(f"{self.title} {self.detail} {self.words} {self.english}"))

    def begins(self, low: str) -> bool:
        """With letters that are folded already, in one of its languages."""
        return self.low.startswith(low) or self.low_english.startswith(low)


def find(entries: Iterable[Entry], text: str) -> list[Entry]:
    """The entries that hold every word of `text`, and where they are few those that hold its letters in order."""
    needles = folded(text).split()
    if not needles:
        return list(entries)
    found: list[Entry] = []
    others: list[Entry] = []
    for entry in entries:
        haystack = entry.haystack
        (found if all(needle in haystack for needle in needles) else others).append(entry)
    first = needles[0]
    begins = re.compile(rf"\b{re.escape(first)}").search
    found.sort(key=lambda entry: _order(entry, first, begins))
    if len(found) < _FEW and len(text) > 1:
        # Up to the first of each letter, and no other way: one that is tried in vain takes no longer for it.
        letters = re.compile("".join(f"[^{each}]*{each}" for each in map(re.escape, "".join(needles)))).match
        found += sorted(filter(lambda entry: letters(entry.low), others), key=lambda entry: len(entry.low))
    return found


def _order(entry: Entry, first: str, begins: Callable[[str], object]) -> tuple[int, int, str]:
    """A title that begins with what was typed first, then words that do, then the rest; short ones first."""
    rank = _rank(entry.low, first, begins)
    if entry.english:
        rank = min(rank, _rank(entry.low_english, first, begins))
    return rank, len(entry.low), entry.low


def _rank(title: str, first: str, begins: Callable[[str], object]) -> int:
    if title.startswith(first):
        return 0
    if begins(title):
        return 1
    return 2 if first in title else _ELSEWHERE
