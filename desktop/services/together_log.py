"""What several containers write, as one log: in the order of the engine's moments, each line with a name."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from desktop.core.container_log import LogLine
from desktop.core.engine import Container, Link
from desktop.core.signal import Signal
from desktop.engine.log_feed import FIRST_LINES, Allowance

from .container_log import ContainerLog, stamp_before
from .engine import EngineService

WINDOW_S = 0.5
"""So long a line waits for earlier ones of the others."""
FIRST_S = 2.0
"""So long for the past of the next one, while that of all is read: their lines come in no order at all."""
MOST, MOST_AT_REST = 64, 8
"""Containers read at once, of those that run and of the others: each takes a thread and a connection. One that rests
is soon read, and the next one's turn comes."""
LEAST_TAIL = 100


class TogetherLog:
    """Of the containers `ids`, or of all that `project` has at each moment.

    `begun` comes with the id of each that is read, `lines` carries batches, `refused` why a container has no log to
    give, `left_out` how many wait to be read.
    """

    def __init__(
        self, engine: EngineService, ids: Sequence[str], project: str = "", since: timedelta | None = None
    ) -> None:
        self._engine, self._ids, self._project, self._for = engine, tuple(ids), project, since
        self.since = stamp_before(since) if since else ""
        count = max(1, min(MOST, len(ids)))
        self._share, self._common = 1 / count, Allowance()
        self._tail = max(LEAST_TAIL, FIRST_LINES // count)
        self._logs: dict[str, ContainerLog] = {}  # of all that there still are: they go on where they were
        self._silent: set[str] = set()  # of the first ones, those of which nothing has come yet
        self._waiting: list[tuple[float, LogLine]] = []
        self._heard_s = 0.0  # when one of the first ones was read last
        self._waits = 0
        self._gates = {True: asyncio.Semaphore(MOST), False: asyncio.Semaphore(MOST_AT_REST)}
        self._timer: asyncio.TimerHandle | None = None
        self.begun: Signal[str] = Signal()
        self.lines: Signal[Sequence[LogLine]] = Signal()
        self.refused: Signal[str] = Signal()
        self.left_out: Signal[int] = Signal()

    def members(self) -> list[Container]:
        """Those that there are now, by their names."""
        return members_of(self._engine, self._ids, self._project)

    async def follow(self) -> None:
        """Goes on for ever; cancelled and called again, it goes on where it was."""
        changed = asyncio.Event()
        disconnects = [
            signal.connect(lambda _: changed.set())
            for signal in (self._engine.containers.changed, self._engine.link_changed)
        ]
        running: dict[str, asyncio.Task[None]] = {}
        self._heard_s = time.monotonic()
        try:
            while True:
                changed.clear()
                self._begin_and_end(running)
                await _until_changed(changed, running)
        finally:
            for disconnect in disconnects:
                disconnect()
            for task in running.values():
                task.cancel()
            await asyncio.gather(*running.values(), return_exceptions=True)
            self._tell_all()

    def _begin_and_end(self, running: dict[str, asyncio.Task[None]]) -> None:
        """What was removed is read no more; while the engine is away nothing counts as removed."""
        members = self.members()
        if self._engine.link.link is Link.UP:
            for id in set(running).difference(record.id for record in members):
                running.pop(id).cancel()
                del self._logs[id]
                self._silent.discard(id)
        names, first = names_of(members), not self._logs
        for record in members:
            if record.id not in running:
                running[record.id] = asyncio.create_task(self._log(record.id, names[record.id]).follow())
        if first:
            self._silent = set(self._logs)

    def _log(self, id: str, name: str) -> ContainerLog:
        log = self._logs.get(id)
        if log is None:
            allowance = Allowance(self._share, self._common)
            log = self._logs[id] = ContainerLog(self._engine, id, self._for, self._tail, allowance, self._turn)
            log.begun.connect(self.begun.emit)
            log.lines.connect(partial(self._take, id, name))
            log.refused.connect(partial(self._on_refused, id, name))
        return log

    @asynccontextmanager
    async def _turn(self, runs: bool) -> AsyncIterator[None]:
        gate = self._gates[runs]
        if gate.locked():
            self._tell_waits(1)
            try:
                await gate.acquire()
            finally:
                self._tell_waits(-1)
        else:
            await gate.acquire()
        try:
            yield
        finally:
            gate.release()

    def _tell_waits(self, more: int) -> None:
        self._waits += more
        self.left_out.emit(self._waits)

    def _on_refused(self, id: str, name: str, why: str) -> None:
        self._on_heard(id)
        if why:
            self.refused.emit(f"{name}: {why}")

    def _on_heard(self, id: str) -> None:
        if id in self._silent:
            self._silent.discard(id)
            self._heard_s = time.monotonic()

    def _take(self, id: str, name: str, lines: Sequence[LogLine]) -> None:
        self._on_heard(id)
        now_s = time.monotonic()
        self._waiting += ((now_s, LogLine(line.source, line.stamp, line.text, name)) for line in lines)
        if self._timer is None:
            self._wait(WINDOW_S)

    def _wait(self, for_s: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(for_s, self._tell)

    def _tell(self) -> None:
        """The lines that have waited long enough, and those of other containers that stand before them."""
        self._timer = None
        now_s = time.monotonic()
        if self._silent and now_s - self._heard_s < FIRST_S:
            self._wait(WINDOW_S / 5)
            return
        self._silent.clear()
        last = max((line.stamp for arrived_s, line in self._waiting if arrived_s <= now_s - WINDOW_S), default=None)
        if last is not None:
            ready = [line for _, line in self._waiting if line.stamp <= last]
            self._waiting = [(arrived_s, line) for arrived_s, line in self._waiting if line.stamp > last]
            self.lines.emit(sorted(ready, key=_moment))
        if self._waiting:
            self._wait(WINDOW_S / 5)

    def _tell_all(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        if waiting:
            self.lines.emit(sorted((line for _, line in waiting), key=_moment))


def members_of(engine: EngineService, ids: Sequence[str], project: str = "") -> list[Container]:
    """Of a project all that it has now, else those of `ids` that there still are, by their names."""
    if project:
        found = [record for record in engine.containers if record.project == project]
    else:
        found = [record for id in ids if (record := engine.containers.get(id)) is not None]
    return sorted(found, key=lambda record: record.name)


def names_of(members: Sequence[Container]) -> dict[str, str]:
    """By their ids what their lines are called: their services, where these are one each."""
    services = Counter(record.service for record in members)
    return {
        record.id: record.service if record.service and services[record.service] == 1 else _short_name(record)
        for record in members
    }


async def _until_changed(changed: asyncio.Event, running: dict[str, asyncio.Task[None]]) -> None:
    """What fails in one of the readers fails here."""
    waiting = asyncio.create_task(changed.wait())
    try:
        await asyncio.wait([waiting, *running.values()], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
    for task in running.values():
        if task.done():
            task.result()


def _moment(line: LogLine) -> str:
    return line.stamp


def _short_name(record: Container) -> str:
    """As `docker compose logs` has it."""
    return record.name.removeprefix(f"{record.project}-") if record.project else record.name
