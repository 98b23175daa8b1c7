"""One row of the table: what is measured, in what unit, and what it must show."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rig import Rig


@dataclass(frozen=True)
class Row:
    """`measure` returns one value a run."""

    name: str
    unit: str
    goal: str
    """`<=` or `>=`, and a number."""
    measure: Callable[[Rig], Sequence[float]]


@dataclass(frozen=True)
class Measured:
    row: Row
    values: Sequence[float]

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        sign, bound = self.row.goal.split()
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)

    @property
    def spread(self) -> float:
        return max(self.values) - min(self.values)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.row.name,
            "value": round(self.value, 4),
            "unit": self.row.unit,
            "goal": self.row.goal,
            "met": self.is_met,
            "runs": len(self.values),
            "spread": round(self.spread, 4),
        }
