"""Follows what one container writes for as long as somebody looks: over its ends and starts, and the engine's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Link
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone

from .engine import EngineService
from .job_report import Report
from .jobs import Work
from .keep_reading import keep_reading

if TYPE_CHECKING:
    from desktop.engine.log_feed import Allowance, Place


Turn = Callable[[bool], AbstractAsyncContextManager[None]]
"""What is entered for as long as it is read, when its turn has come; it is told whether the container runs, or may."""


def at_once(runs: bool) -> AbstractAsyncContextManager[None]:
    return nullcontext()


class ContainerLog:
    """`lines` carries batches. `refused` says in the engine's words why it has no log to give; empty: it has.

    `begun` comes with its id before the first of them, if there are any.
    """

    def __init__(
        self, engine: EngineService, container: str, since: timedelta | None = None,
        tail: int | None = None, allowance: Allowance | None = None, turn: Turn = at_once,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._id = container
        self._tail, self._allowance, self._turn = tail, allowance, turn
        self.since = stamp_before(since) if since else ""
        self._place: Place | None = None  # behind which it is read on
        self._ended = False
        self._starts = 0  # of the container, when its log was read to its end
        self.begun: Signal[str] = Signal()
        self.lines: Signal[Sequence[LogLine]] = Signal()
        self.refused: Signal[str] = Signal()

    async def follow(self) -> None:
        """Goes on for ever; cancelled and called again, it goes on where it was."""
        await keep_reading(self._engine, self._ready, self._read)

    def _ready(self) -> EngineClient | None:
        """Where there is something to read: the past of a container that rests is read once, and after each start."""
        record = self._engine.containers.get(self._id)
        if record is None or self._engine.link.link is not Link.UP:
            return None
        is_known = self._ended and not record.running and record.starts == self._starts
        return None if is_known else self._engine.client

    async def _read(self, client: EngineClient) -> None:
        record = self._engine.containers.get(self._id)
        rests = record is None or record.state in ("exited", "dead")  # a new one is about to start under its reader
        async with self._turn(not rests):
            if self._ready() is client:  # it may have waited long
                await self._read_to_end(client)

    async def _read_to_end(self, client: EngineClient) -> None:
        """Until the log ends: with the container, or with the engine."""
        from desktop.engine.log_feed import AGAIN_LINES, Place  # not before a log is looked at

        place, tail = (Place(self.since, self.since), self._tail) if self._place is None else (self._place, AGAIN_LINES)
        record = self._engine.containers.get(self._id)
        self._starts = 0 if record is None else record.starts
        try:
            with client.log(self._id, place, tail, self._allowance) as feed:
                if await feed.begun():
                    self.begun.emit(self._id)
                while batch := await feed.take():
                    self._place = feed.place
                    self._take(batch)
            self._ended = True
            self.refused.emit("")
        except EngineGone:
            pass  # the link to the engine tells; it is read on when that is back
        except EngineError as error:
            self._ended = True
            if self._engine.containers.get(self._id) is not None:
                self.refused.emit(error.why or error.what)

    def _take(self, batch: list[LogLine]) -> None:
        if self._ended:
            self._ended = False
            batch = [LogLine(Source.AGAIN, batch[0].stamp), *batch]
        self.lines.emit(batch)


def save_logs(
    engine: EngineService, name: str, names: Mapping[str, str], since: str, with_stamps: bool, path: Path
) -> Work:
    """All that the engine keeps of containers, as one file. `names` has by their ids the names that their lines get."""

    async def work(report: Report) -> None:
        what = f"The log of {name} could not be saved"
        client = engine.connected(what)
        try:
            await client.save_logs(names, since, with_stamps, path, report)
        except EngineError as error:
            raise EngineError(what, f"{error.what}: {error.why}" if error.why else error.what) from error

    return work


def stamp_before(ago: timedelta) -> str:
    """In the form of the engine's own stamps."""
    return f"{datetime.now(UTC) - ago:%Y-%m-%dT%H:%M:%S.%f}000Z"
