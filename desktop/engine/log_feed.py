"""A container's log as it grows, read by a thread of its own and handed over in batches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any, NamedTuple, Protocol

from desktop.core.container_log import LogLine, Source
from desktop.core.errors import EngineError
from desktop.core.loop_calls import tell_loop

from .feed import Stream
from .json_values import mapping
from .log_lines import LogLines, seconds_of

FIRST_LINES = 10_000
LINES_AFTER_GAP = 1000
BURST_LINES, BURST_BYTES = 12_000, 8 << 20
STEADY_LINES_S, STEADY_BYTES_S = 2500.0, 2 << 20
"""What is shown at once, and what per second. More is a flood that nobody can read: the middle is left out."""
GAP_S = 0.5
AGAIN_LINES = 2 * BURST_LINES
"""Asked for of a log that is read on: where more came meanwhile than is shown, that many are a flood, with its mark."""


class Place(NamedTuple):
    """Where a log is read on: the moment of the line before, and the latest moment of all. A clock may be set back, and
    what is written then is earlier than what stands before it."""

    last: str = ""
    latest: str = ""

    def behind(self, lines: Sequence[LogLine]) -> Place:
        return Place(lines[-1].stamp, max(self.latest, *(line.stamp for line in lines)))


class Opening(NamedTuple):
    stream: Stream
    has_terminal: bool


def open_log(sdk: Any, container: str, since: str, tail: int | str, follow: bool) -> Opening:
    config = mapping(mapping(sdk.inspect_container(container)).get("Config"))
    return Opening(sdk.open_log(container, seconds_of(since), tail, follow), bool(config.get("Tty")))


class OpenLog(Protocol):
    def __call__(self, since: str, tail: int) -> Opening: ...


class LogFeed:
    """Lines behind a place, or the newest ones where it is empty. `place`: behind all that were taken.

    A flood does not reach the window: the thread hangs up, waits a little, and goes on from the log's end. So it costs
    neither memory here nor the engine's time, and a mark says where lines are missing.
    """

    def __init__(self, open_log: OpenLog, place: Place, tail: int, allowance: Allowance | None) -> None:
        self._open_log = open_log
        self.place = self._read_to = place
        self._tail = tail
        self._lock = threading.Lock()
        self._lines: list[LogLine] = []
        self._error: EngineError | None = None
        self._ended = self._is_read = False
        self._closing = threading.Event()
        self._stream: Stream | None = None
        self._allowance = allowance or Allowance()

    def begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived, self._begun = asyncio.Event(), asyncio.Event()
        threading.Thread(target=self._read, name="engine-log", daemon=True).start()

    async def begun(self) -> bool:
        """Whether the engine reads the log out; an error is raised by `take`."""
        await self._begun.wait()
        return self._is_read

    async def take(self) -> list[LogLine]:
        """The next batch; empty when the log is at its end. Raises EngineError when the engine broke off."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            with self._lock:
                batch, self._lines = self._lines, []
                self.place = self._read_to
                ended, error = self._ended, self._error
            if batch:
                if ended:
                    self._arrived.set()
                return batch
            if error is not None:
                raise error
            if ended:
                return []

    def close(self) -> None:
        """Ends the stream at once, whatever the thread waits for."""
        self._closing.set()
        with self._lock:
            stream = self._stream
        if stream is not None:
            stream.shutdown()

    def _read(self) -> None:
        error: EngineError | None = None
        try:
            while self._read_until_flood():
                last = self._read_to.last
                self._read_to = Place(last, last)  # what was later may be long ago, and before those that are asked for
                self._put([LogLine(Source.DROPPED, last)])
                self._closing.wait(GAP_S)
                self._tail = LINES_AFTER_GAP
        except EngineError as failure:
            error = failure
        finally:  # also after an error that nobody expected: who waits for lines would wait for ever
            with self._lock:
                self._error, self._ended, self._stream = error, True, None
            tell_loop(self._loop, self._begun.set)
            tell_loop(self._loop, self._arrived.set)

    def _read_until_flood(self) -> bool:
        """False when the log has ended."""
        if self._closing.is_set():
            return False
        opening = self._open_log(self._read_to.latest, self._tail)
        self._is_read = True
        tell_loop(self._loop, self._begun.set)
        lines, known = LogLines(opening.has_terminal), _Known(self._read_to)
        with closing(opening.stream) as stream:
            with self._lock:
                self._stream = stream
            while not self._closing.is_set():
                data = stream.read()
                found = known.without(lines.feed(data) if data else lines.rest())
                self._put(found)
                if not data:
                    return False
                if not self._allowance.take(len(found), len(data)):
                    return not self._closing.is_set()
        return False

    def _put(self, found: list[LogLine]) -> None:
        if not found:
            return
        with self._lock:
            first = not self._lines
            self._lines += found
            self._read_to = self._read_to.behind(found)
            if len(self._lines) > BURST_LINES:  # nobody has taken them for long
                self._lines = [LogLine(Source.DROPPED, found[0].stamp), *self._lines[-LINES_AFTER_GAP:]]
        if first:
            tell_loop(self._loop, self._arrived.set)


class _Known:
    """Leaves out what is here already: the engine begins with the latest moment that is, and goes on from that line
    whatever the moments of those behind it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._is_over = not place.latest
        self._is_met = False

    def without(self, lines: list[LogLine]) -> list[LogLine]:
        if self._is_over:
            return lines
        for number, line in enumerate(lines):
            is_last = line.stamp == self._place.last
            if line.stamp > self._place.latest or (self._is_met and not is_last):
                self._is_over = True
                return lines[number:]
            self._is_met |= is_last
        return []


class Allowance:
    """How much may be read: a burst, and then what comes back with time.

    One of several logs that are read as one has a `share` of its own, which nobody uses up for it; more than that it
    may read while there is some left of what is `common` to all.
    """

    def __init__(self, share: float = 1.0, common: Allowance | None = None) -> None:
        self._share, self._common = share, common
        self._lines, self._bytes = BURST_LINES * share, BURST_BYTES * share
        self._then = time.monotonic()
        self._lock = threading.Lock()  # of the common one, which every reader's thread draws from

    def take(self, lines: int, amount_bytes: int) -> bool:
        """False where it is used up."""
        is_left = self._draw(lines, amount_bytes)
        return (self._common is not None and self._common._draw(lines, amount_bytes)) or is_left

    def _draw(self, lines: int, amount_bytes: int) -> bool:
        with self._lock:
            now, share = time.monotonic(), self._share
            passed_s, self._then = now - self._then, now
            self._lines = min(BURST_LINES, self._lines / share + passed_s * STEADY_LINES_S) * share - lines
            self._bytes = min(BURST_BYTES, self._bytes / share + passed_s * STEADY_BYTES_S) * share - amount_bytes
            return self._lines > 0 and self._bytes > 0
