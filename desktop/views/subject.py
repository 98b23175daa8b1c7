"""What a pane is about: its words, and what can be done with its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtGui import QKeySequence

from .face import Face

R = TypeVar("R")

RUN = "run"
"""The act, of an image or of nothing, that makes a container."""


@dataclass(frozen=True)
class Act(Generic[R]):
    """Something to do with selected rows: offered where it fits any of them, done with those it fits."""

    key: str
    label: str
    fits: Callable[[R], bool]
    shortcut: QKeySequence | QKeySequence.StandardKey | None = None
    in_bar: bool = True  # a button over the table, and not in the menu alone
    single: bool = False  # done with one row only
    under: str = ""  # the title of the menu within the menu


@dataclass(frozen=True)
class Tool:
    """Something to do without any row."""

    key: str
    label: str


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
    filter_help: str = ""  # what else can be typed there
    groups: str = ""  # the words for standing in groups
    tools: tuple[Tool, ...] = ()
    opens: str = ""  # the act of a double click and of Return
    links_of: Callable[[R], tuple[str, ...]] = lambda record: ()
