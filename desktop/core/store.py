"""Keyed records that announce their changes in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from .signal import Signal

R = TypeVar("R")


@dataclass(frozen=True)
class Delta(Generic[R]):
    """One batch: records that came, that changed, and keys that went."""

    added: tuple[R, ...] = ()
    updated: tuple[R, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.removed)


class Store(Generic[R]):
    """Records by key. `changed` is emitted after each batch that changed something."""

    def __init__(self, key: Callable[[R], str]) -> None:
        self._key = key
        self._records: dict[str, R] = {}
        self.changed: Signal[Delta[R]] = Signal()

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def get(self, key: str) -> R | None:
        return self._records.get(key)

    def apply(self, records: Iterable[R] = (), removed: Iterable[str] = ()) -> None:
        """Takes in records that came or changed, and drops keys. Of several with one key the last counts."""
        latest = {self._key(record): record for record in records}
        gone: list[str] = []
        for key in removed:
            latest.pop(key, None)
            if self._records.pop(key, None) is not None:
                gone.append(key)
        added: list[R] = []
        updated: list[R] = []
        for key, record in latest.items():
            old = self._records.get(key)
            if old == record:
                continue
            self._records[key] = record
            (added if old is None else updated).append(record)
        delta = Delta(tuple(added), tuple(updated), tuple(gone))
        if delta:
            self.changed.emit(delta)

    def replace(self, records: Iterable[R]) -> None:
        """Takes a full list: what is not in it is gone."""
        records = list(records)
        kept = {self._key(record) for record in records}
        self.apply(records, [key for key in self._records if key not in kept])
