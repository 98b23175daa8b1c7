"""How fast this machine is just now: two tables are only comparable where this is about the same."""

from __future__ import annotations

import os
import platform
import time

OBJECTS = 300_000
RUNS = 5


class _Thing:
    def __init__(self, number: int) -> None:
        self.number = number


def words() -> str:
    """One line for the top of the table."""
    return (
        f"  this machine: {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, yardstick {min(_once() for _ in range(RUNS)) * 1000:.0f} ms"
    )


def _once() -> float:
    """Seconds for work that needs both the processor and the memory, as a table of many rows does."""
    begun = time.perf_counter()
    things = [_Thing(number * 7919 % OBJECTS) for number in range(OBJECTS)]
    things.sort(key=lambda thing: thing.number)
    assert things[1].number == {thing.number: thing for thing in things}[1].number
    return time.perf_counter() - begun
