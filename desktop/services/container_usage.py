"""Measures one container and lists its processes for as long as somebody looks."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from desktop.core.engine import Link
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.core.together import together
from desktop.core.usage import Processes, Usage
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone
from desktop.engine.usage import Counters, usage_of

from .engine import EngineService
from .keep_reading import keep_reading

KEPT_S = 600
PROCESSES_EVERY_S = 3.0
SILENT_S = 8.0
"""The engine measures every second. After so long without a word the stream is begun anew."""


class ContainerUsage:
    """`kept` has the last ten minutes. `broken` says why nothing comes; empty: it does."""

    def __init__(self, engine: EngineService, container: str) -> None:
        self._engine = engine
        self._id = container
        self._before: Counters | None = None
        self.kept: deque[Usage] = deque()
        self.measured: Signal[deque[Usage]] = Signal()
        self.listed: Signal[Processes] = Signal()
        self.unlisted: Signal[str] = Signal()
        self.broken: Signal[str] = Signal()

    async def follow(self) -> None:
        """Goes on for ever; cancelled and called again, it goes on with what is kept."""
        await together(
            keep_reading(self._engine, self._ready, self._measure), keep_reading(self._engine, self._ready, self._list)
        )

    def _ready(self) -> EngineClient | None:
        record = self._engine.containers.get(self._id)
        runs = record is not None and record.state in ("running", "paused")
        return self._engine.client if runs and self._engine.link.link is Link.UP else None

    async def _measure(self, client: EngineClient) -> None:
        """Until the container ends: the engine itself would go on measuring nothing."""
        self._before = None
        try:
            async with asyncio.timeout(SILENT_S) as deadline, client.usage(self._id) as feed:
                while self._ready() is client:
                    for counters in await feed.take():
                        self._take(counters)
                        deadline.reschedule(asyncio.get_running_loop().time() + SILENT_S)
        except TimeoutError:
            self._tell_broken("The engine does not answer")
        except EngineError as error:
            self._tell_broken(error.why or error.what)
        finally:
            self._keep(Usage(at_s=time.monotonic()))  # so that the last figure is not taken for one of now

    def _take(self, counters: Counters) -> None:
        self.broken.emit("")
        self._keep(usage_of(self._before, counters, time.monotonic()))
        self._before = counters

    def tell(self) -> None:
        """Says what is kept by now, where nobody listened for a while."""
        self._forget(time.monotonic())
        self.measured.emit(self.kept)

    def _keep(self, usage: Usage) -> None:
        self.kept.append(usage)
        self._forget(usage.at_s)
        self.measured.emit(self.kept)

    def _forget(self, now_s: float) -> None:
        while self.kept and self.kept[0].at_s < now_s - KEPT_S:
            self.kept.popleft()

    def _tell_broken(self, why: str) -> None:
        """Not where the container has just ended: that is no fault, and its pane says so."""
        if self._ready() is not None:
            self.broken.emit(why)

    async def _list(self, client: EngineClient) -> None:
        try:
            while self._ready() is client:
                self.listed.emit(await client.processes(self._id))
                await asyncio.sleep(PROCESSES_EVERY_S)
            self.listed.emit(Processes())
        except EngineGone:
            pass  # the figures tell
        except EngineError as error:
            if self._ready() is not None:
                self.unlisted.emit(error.why or error.what)
