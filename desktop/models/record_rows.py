"""The rows of a record table: one a record, and one over the records of each group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

R = TypeVar("R")


class RecordRow(Generic[R]):
    """A record with what was made of it: each only once, until the record changes."""

    __slots__ = ("fields", "first", "haystack", "id", "order", "orders", "record", "texts")

    record: R
    haystack: str
    fields: dict[str, str] | None  # haystacks of single fields, by those that were asked for
    texts: list[str | None]
    orders: list[Any]  # its order in each column, None where nobody has asked yet
    first: Any  # its order in the first column
    order: Any  # and in the one that the table is sorted by

    def __init__(self, id: str) -> None:
        self.id = id


class GroupRow(Generic[R]):
    """Stands over the rows of one group, or for them where it is closed."""

    __slots__ = ("closed", "grouping", "id", "name", "rows", "texts")

    def __init__(self, grouping: Grouping[R], name: str, closed: bool, columns: int) -> None:
        self.id = group_id(name)
        self.grouping, self.name, self.closed = grouping, name, closed
        self.rows: list[RecordRow[R]] = []
        self.texts: list[str | None] = [None] * columns

    @property
    def records(self) -> list[R]:
        return [row.record for row in self.rows]


@dataclass(frozen=True)
class Grouping(Generic[R]):
    """How records fall into groups: those without a name come last."""

    of: Callable[[R], str]
    text: Callable[[str, Sequence[R], str], str]  # of a group's name, its records and a column's key
    mark: Callable[[Sequence[R], str], str | None]
    order: Callable[[str], Any]


class Cell(NamedTuple):
    """All that is needed to paint one."""

    text: str
    right: bool = False
    mark: str | None = None
    links: bool = False
    inset: bool = False  # its row is one of a group
    group: bool | None = None  # of the row of a group: whether it is open
    leads: bool = False  # it is that row's first, with its name


def group_id(name: str) -> str:
    """No record has such an id."""
    return f"group:{name}"


def grouped(
    rows: Iterable[RecordRow[R]], grouping: Grouping[R], closed: set[str], columns: int, reverse: bool
) -> list[RecordRow[R] | GroupRow[R]]:
    """The rows under those of their groups, each group's in the order given."""
    groups: dict[str, GroupRow[R]] = {}
    of = grouping.of
    for row in rows:
        name = of(row.record)
        group = groups.get(name)
        if group is None:
            group = groups[name] = GroupRow(grouping, name, name in closed, columns)
        group.rows.append(row)
    names = sorted(filter(None, groups), key=grouping.order, reverse=reverse)
    if "" in groups:
        names.append("")
    shown: list[RecordRow[R] | GroupRow[R]] = []
    for name in names:
        shown.append(groups[name])
        if not groups[name].closed:
            shown += groups[name].rows
    return shown
