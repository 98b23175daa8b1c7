"""Follows what one container writes for as long as somebody looks: over its ends and starts, and the engine's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Container, Link
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone

from .engine import EngineService

AGAIN_FIRST_S, AGAIN_LAST_S = 0.3, 5.0
"""After an end of a log whose container runs, as far as is known yet."""


class ContainerLog:
    """`lines` carries batches. `refused` says in the engine's words why it has no log to give; empty: it has."""

    def __init__(self, engine: EngineService, container: str, since: timedelta | None = None) -> None:
        self._engine = engine
        self._id = container
        self.since = stamp_before(since) if since else ""
        self._last = self.since
        self._ended = False
        self._changed = asyncio.Event()
        self.lines: Signal[Sequence[LogLine]] = Signal()
        self.refused: Signal[str] = Signal()

    async def follow(self) -> None:
        """Goes on for ever; cancelled and called again, it goes on where it was."""
        changed = (
            self._engine.link_changed.connect(self._on_change),
            self._engine.containers.changed.connect(self._on_change),
        )
        pause_s = AGAIN_FIRST_S
        try:
            while True:
                self._changed.clear()
                started = time.monotonic()
                if (client := self._ready()) is not None:
                    await self._read(client)
                    if time.monotonic() - started > AGAIN_LAST_S:
                        pause_s = AGAIN_FIRST_S
                    await asyncio.sleep(pause_s)
                    pause_s = min(pause_s * 2, AGAIN_LAST_S)
                else:
                    pause_s = AGAIN_FIRST_S
                    await self._changed.wait()
        finally:
            for disconnect in changed:
                disconnect()

    def _on_change(self, _what: Any) -> None:
        self._changed.set()

    def _ready(self) -> EngineClient | None:
        """Where there is something to read: the past of a container that rests is read once."""
        record = self._engine.containers.get(self._id)
        if record is None or self._engine.link.link is not Link.UP or (self._ended and not record.running):
            return None
        return self._engine.client

    async def _read(self, client: EngineClient) -> None:
        """Until the log ends: with the container, or with the engine."""
        try:
            with client.log(self._id, self._last) as feed:
                while batch := await feed.take():
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
        self._last = max(self._last, batch[-1].stamp)
        self.lines.emit(batch)


async def save_log(engine: EngineService, container: Container, since: str, with_stamps: bool, path: Path) -> None:
    if engine.client is None:
        raise EngineError(f"The log of {container.name} could not be saved", "the engine is not connected")
    try:
        await engine.client.save_log(container.id, since, with_stamps, path)
    except EngineError as error:
        why = f"{error.what}: {error.why}" if error.why else error.what
        raise EngineError(f"The log of {container.name} could not be saved", why) from error


def stamp_before(ago: timedelta) -> str:
    """In the form of the engine's own stamps."""
    return f"{datetime.now(UTC) - ago:%Y-%m-%dT%H:%M:%S.%f}000Z"
