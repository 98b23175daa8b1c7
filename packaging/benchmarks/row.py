"""One row of the table: what is measured, in what unit, and what it must show."""

from __future__ import annotations

import math
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
        """Not a number where the row could not be measured."""
        return statistics.median(self.values) if self.values else math.nan

    @property
    def is_met(self) -> bool:
        sign, bound = self.row.goal.split()
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)

    @property
    def spread(self) -> float:
        return max(self.values, default=math.nan) - min(self.values, default=math.nan)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.row.name,
            "value": round(self.value, 4) if self.values else None,
            "unit": self.row.unit,
            "goal": self.row.goal,
            "met": self.is_met,
            "runs": len(self.values),
            "spread": round(self.spread, 4) if self.values else None,
        }
