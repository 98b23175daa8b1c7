"""The files of one container as coroutines: listed the way that fits, and moved with progress until cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from desktop.core.container_files import Change, Kind, Listing, Preview, joined
from desktop.core.engine import Link
from desktop.core.errors import EngineError
from desktop.engine.client import EngineClient

from .engine import EngineService

T = TypeVar("T")
Call = Callable[[Any, Any, str, threading.Event], T]
"""Given the engine's functions over files, the SDK, a container and what says that it is to stop."""
Moved = Callable[[int], None]
"""Told from a worker thread how many bytes have gone over."""


class ContainerFiles:
    """Paths are the user's: below `_root` in the container."""

    _root = ""
    _tool: tuple[str, ...] = ()  # what its programs are called through

    def __init__(self, engine: EngineService, container: str) -> None:
        self._engine = engine
        self._id = container

    @property
    def name(self) -> str:
        return self._engine.name_of(self._id)

    @property
    def is_running(self) -> bool:
        record = self._engine.containers.get(self._id)
        return record is not None and record.state == "running"

    @property
    def is_gone(self) -> bool:
        """For good; while the engine is away nothing is known of it."""
        return self._engine.link.link is Link.UP and self._engine.containers.get(self._id) is None

    async def listing(self, path: str) -> Listing:
        there, tool = self._there(path), self._tool
        found: Listing | None = None
        if self.is_running:
            found = await self._read(lambda files, sdk, id, stopped: files.list_running(sdk, id, there, stopped, tool))
        if found is not None:
            return replace(found, path=path)
        whole: Listing = await self._read(lambda files, sdk, id, stopped: files.list_archived(sdk, id, there, stopped))
        return replace(whole, path=path)

    async def resolve(self, path: str) -> tuple[str, Kind]:
        """Where a path leads, and what is there."""
        where, kind = await self._read(lambda files, sdk, id, _: files.resolve(sdk, id, self._there(path)))
        return self._here(where), kind

    async def those_there(self, folder: str, names: Sequence[str]) -> list[str]:
        """Those of the names that are taken."""
        paths = [self._there(joined(folder, name)) for name in names]
        found = await self._read(lambda files, sdk, id, stopped: files.those_there(sdk, id, paths, stopped))
        return [name for name, is_there in zip(names, found, strict=True) if is_there]

    async def preview(self, path: str) -> Preview:
        found: Preview = await self._read(lambda files, sdk, id, _: files.preview(sdk, id, self._there(path)))
        return replace(found, path=path)

    async def changes(self) -> dict[str, Change]:
        return await self._read(lambda files, sdk, id, _: files.changes(sdk, id))

    async def delete(self, path: str) -> None:
        there, tool = self._there(path), self._tool
        await self._move(lambda files, sdk, id, _: files.delete(sdk, id, there, tool), True, runs=True)

    async def save(self, path: str, is_folder: bool, target: Path, moved: Moved) -> None:
        """To a file of the user's; a folder becomes a tar archive."""
        there = self._there(path)
        await self._move(lambda files, sdk, id, stop: files.save(sdk, id, there, is_folder, target, stop, moved), False)

    async def send(self, folder: str, sources: Sequence[Path], moved: Moved) -> None:
        there = self._there(folder)
        await self._move(lambda files, sdk, id, stop: files.send(sdk, id, there, sources, stop, moved), True)

    async def close(self) -> None:
        """Nobody looks any more."""

    async def _read(self, call: Call[T]) -> T:
        id = self._id
        return await self._in_thread(lambda files, sdk, stopped: call(files, sdk, id, stopped))

    async def _move(self, call: Call[None], writes: bool, runs: bool = False) -> None:
        """For what goes on when nobody looks any more; `writes` to the container, `runs` a program in it."""
        id = self._id
        await self._in_thread(lambda files, sdk, stopped: call(files, sdk, id, stopped), moves=True)

    async def _in_thread(self, call: Callable[[Any, Any, threading.Event], T], moves: bool = False) -> T:
        """Cancelled, it ends with the next piece."""
        stopped = threading.Event()
        try:
            return await self._client().with_files(lambda files, sdk: call(files, sdk, stopped), moves)
        finally:
            stopped.set()

    def _client(self) -> EngineClient:
        client = self._engine.client
        if client is None or self._engine.link.link is not Link.UP:
            raise EngineError("The files cannot be read", "the engine is not connected")
        return client

    def _there(self, path: str) -> str:
        return joined(self._root, path.strip("/")) if self._root else path

    def _here(self, path: str) -> str:
        return path
