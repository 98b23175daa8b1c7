"""What a pane is about: its words, and what can be done with its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtGui import QKeySequence

from .face import Face

R = TypeVar("R")


@dataclass(frozen=True)
class Act(Generic[R]):
    """Something to do with selected rows: offered where it fits any of them, done with those it fits."""

    key: str
    label: str
    fits: Callable[[R], bool]
    shortcut: QKeySequence.StandardKey | None = None
    in_bar: bool = True  # a button over the table, and not in the menu alone


@dataclass(frozen=True)
class Subject(Generic[R]):
    name: str  # of its objects, and of its line icon
    title: str
    filter_hint: str
    acts: tuple[Act[R], ...]
    id_of: Callable[[R], str]
    name_of: Callable[[R], str]
    summary: Callable[[list[R]], str]
    empty: Face
    opens: str = ""  # the act of a double click and of Return
    links_of: Callable[[R], tuple[str, ...]] = lambda record: ()
