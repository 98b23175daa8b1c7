"""How one long work goes, as its thread tells it: taken note of at once, published a few times a second."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from desktop.core.loop_calls import tell_loop

EVERY_S = 0.2
SPEED_OVER_S = 5.0
LINES_KEPT = 2000
LONGEST_LINE = 4096
"""More of a line is not shown either."""


class Report:
    """Told from any thread. `publish` is called in the loop after changes, at most every EVERY_S."""

    def __init__(self, publish: Callable[[], None]) -> None:
        self._publish = publish
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._due = False
        self._samples: deque[tuple[float, int]] = deque()
        self._parts: dict[str, str] = {}
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.facts: dict[str, Any] = {}  # fields of a Job

    def bytes(self, done: int, total: int = 0) -> None:
        """How much is through; `total` is 0 while nobody knows."""
        now = time.monotonic()
        with self._lock:
            self._samples.append((now, done))
            while len(self._samples) > 2 and now - self._samples[0][0] > SPEED_OVER_S:
                self._samples.popleft()
            self.facts |= {"done_bytes": done, "total_bytes": total}
        self._tell()

    def say(self, **facts: Any) -> None:
        """Sets fields of the Job, such as `step`."""
        with self._lock:
            self.facts |= facts
        self._tell()

    def line(self, text: str) -> None:
        """A line of its log; the newest LINES_KEPT are kept."""
        with self._lock:
            self._lines.append(text[:LONGEST_LINE])
        self._tell()

    def part(self, key: str, words: str) -> None:
        """How a part of it stands, such as a layer: one line each, the latest word."""
        with self._lock:
            self._parts[key] = words
        self._tell()

    def lines(self) -> list[str]:
        with self._lock:
            return [*self._lines, *(f"{key}  {words}" for key, words in self._parts.items())]

    def taken(self) -> dict[str, Any]:
        """What is to be published now."""
        with self._lock:
            self._due = False
            return {**self.facts, "bytes_s": self._speed()}

    def _speed(self) -> float:
        if len(self._samples) < 2:
            return 0.0
        (then, before), (now, after) = self._samples[0], self._samples[-1]
        return max(0.0, (after - before) / (now - then)) if now > then else 0.0

    def _tell(self) -> None:
        with self._lock:
            if self._due:
                return
            self._due = True
        tell_loop(self._loop, self._loop.call_later, EVERY_S, self._publish)
