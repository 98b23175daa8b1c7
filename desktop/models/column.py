"""A column of a record table: what it shows of a record, how it sorts, and how rows are searched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

R = TypeVar("R")

_NUMBERS = re.compile(r"\d+")
_AT_ONCE = 500
"""Characters; of a letter with a hundred thousand accents, all at once would take minutes."""


@dataclass(frozen=True)
class Column(Generic[R]):
    """`text` is what is shown; `order` must give values that compare with each other."""

    key: str
    title: str
    text: Callable[[R], str]
    order: Callable[[R], Any]
    width: int  # at 96 dpi, where nothing else decides
    stretch: int = 0  # its share of the room that is left
    right: bool = False  # numbers stand under each other
    ages: bool = False  # its text changes with time alone
    mark: Callable[[R], str] | None = None  # the name of a shape before the text
    hint: Callable[[R], str] | None = None  # more about the cell, plain text
    links: Callable[[R], tuple[str, ...]] | None = None  # what a click on its text opens


@lru_cache(maxsize=20_000)
def natural(text: str) -> str:
    """A key under which `web-2` comes before `web-10`."""
    return _NUMBERS.sub(lambda number: number[0].zfill(12), folded(text))


def folded(text: str) -> str:
    """Text as it is compared when searching: no case, composed accents."""
    if text.isascii():
        return text.lower()
    low = text.casefold()
    pieces = (low[at : at + _AT_ONCE] for at in range(0, len(low), _AT_ONCE))
    return "".join(unicodedata.normalize("NFC", piece) for piece in pieces)
