"""The files of one volume as coroutines, whether a container of the user's has it or not."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from typing import Any

from desktop.core.container_files import Change, Kind
from desktop.core.engine import Link
from desktop.core.errors import EngineError
from desktop.engine import helper, volume_helper
from desktop.engine.client import EngineClient
from desktop.engine.helper import TOOL, Helper
from desktop.engine.volume_helper import FOLDER, LASTS_S

from .container_files import Call, ContainerFiles, T
from .engine import EngineService

_RENEWED_AFTER_S = LASTS_S * 2 / 3


class VolumeFiles(ContainerFiles):
    """A helper container is there from the first look to `close`; what moves files has one of its own."""

    _root, _tool = FOLDER, (TOOL,)

    def __init__(self, engine: EngineService, volume: str) -> None:
        super().__init__(engine, "")
        self._volume = volume
        self._begun: tuple[EngineClient, float, asyncio.Task[Helper]] | None = None
        self._older: list[tuple[EngineClient, asyncio.Task[Helper]]] = []
        """Something may be read by them yet. They hold the volume until `close`, or until they end by themselves."""
        self._is_closed = False

    @property
    def name(self) -> str:
        return self._volume

    @property
    def is_running(self) -> bool:
        """Its helper runs whenever the engine does."""
        return self._engine.link.link is Link.UP

    @property
    def is_gone(self) -> bool:
        """While it is looked into, its helper has it."""
        return False

    async def resolve(self, path: str) -> tuple[str, Kind]:
        try:
            return await super().resolve(path)
        except EngineError as error:
            raise EngineError(error.what, error.why.replace(f"{FOLDER}/", "/")) from error

    async def changes(self) -> dict[str, Change]:
        return {}  # there is nothing to compare with

    async def close(self) -> None:
        """Nothing is read any more; what moves files goes on."""
        self._is_closed = True
        self._put_aside()
        while self._older:
            client, task = self._older.pop()
            with contextlib.suppress(EngineError):
                await helper.end(client, await task)

    async def _read(self, call: Call[T]) -> T:
        id = (await asyncio.shield(self._helper())).container
        return await self._in_thread(lambda files, sdk, stopped: call(files, sdk, id, stopped))

    async def _move(self, call: Call[None], writes: bool, runs: bool = False) -> None:
        volume = self._volume

        def move(files: Any, sdk: Any, stopped: threading.Event) -> None:
            made = volume_helper.running(sdk, volume) if runs else volume_helper.resting(sdk, volume, writes)
            with made as id:
                call(files, sdk, id, stopped)

        await self._in_thread(move, moves=True)

    def _helper(self) -> asyncio.Task[Helper]:
        """Begun where there is none, or the engine is another one, or it soon ends by itself."""
        if self._is_closed:
            raise EngineError("The files cannot be read", "their page was left")
        client, now = self._client(), time.monotonic()
        begun = self._begun
        if begun is None or begun[0] is not client or now - begun[1] > _RENEWED_AFTER_S or _failed(begun[2]):
            self._put_aside()
            task = asyncio.ensure_future(client.call(volume_helper.begin, self._volume))
            begun = self._begun = (client, now, task)
        return begun[2]

    def _put_aside(self) -> None:
        begun, self._begun = self._begun, None
        if begun is not None and not _failed(begun[2]):
            self._older.append((begun[0], begun[2]))

    def _here(self, path: str) -> str:
        below = path.removeprefix(FOLDER)
        if below == path or below[:1] not in ("", "/"):
            raise EngineError("The file cannot be opened", "it is a link that leads out of the volume")
        return below or "/"


def _failed(task: asyncio.Task[Helper]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
