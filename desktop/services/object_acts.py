"""What can be done with volumes and networks. An act returns when the rows show it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from desktop.core.errors import EngineError
from desktop.engine import objects, volume_archive
from desktop.engine.client import EngineClient

from .engine import EngineService
from .engine_objects import NETWORKS, VOLUMES

P = ParamSpec("P")
Moved = Callable[[int], None]
"""Told from a worker thread how many bytes have gone over."""


class ObjectActs:
    def __init__(self, engine: EngineService) -> None:
        self._engine = engine
        self._objects = engine.objects

    async def create_volume(self, name: str, driver: str) -> None:
        async with self._act(VOLUMES, f"The volume {name} could not be created") as client:
            await client.call(objects.create_volume, name, driver)

    async def remove_volume(self, name: str) -> None:
        async with self._act(VOLUMES, f"The volume {name} could not be removed", name) as client:
            await client.call(objects.remove_volume, name)

    async def export_volume(self, name: str, path: Path, moved: Moved) -> None:
        failure = f"The volume {name} could not be exported"
        await self._transfer(volume_archive.export_volume, failure, moved, name, path)

    async def import_volume(self, name: str, path: Path, moved: Moved) -> None:
        failure = f"The volume {name} could not be imported"
        await self._transfer(volume_archive.import_volume, failure, moved, name, path)

    async def clone_volume(self, name: str, new: str, moved: Moved) -> None:
        failure = f"The volume {name} could not be cloned"
        await self._transfer(volume_archive.clone_volume, failure, moved, name, new)

    async def create_network(self, name: str, driver: str, subnet: str, internal: bool) -> None:
        async with self._act(NETWORKS, f"The network {name} could not be created") as client:
            await client.call(objects.create_network, name, driver, subnet, internal)

    async def remove_network(self, network: str) -> None:
        failure = f"The network {self._network(network)} could not be removed"
        async with self._act(NETWORKS, failure, network) as client:
            await client.call(objects.remove_network, network)

    async def connect(self, network: str, container: str) -> None:
        failure = f"{self._engine.name_of(container)} could not be connected to {self._network(network)}"
        async with self._act(NETWORKS, failure) as client:
            await client.call(objects.connect, network, container)

    async def disconnect(self, network: str, container: str) -> None:
        failure = f"{self._engine.name_of(container)} could not be disconnected from {self._network(network)}"
        async with self._act(NETWORKS, failure) as client:
            await client.call(objects.disconnect, network, container)

    @asynccontextmanager
    async def _act(self, kind: str, failure: str, removed: str = "") -> AsyncIterator[EngineClient]:
        """`failure` says what could not be done; `removed` is the row that is busy meanwhile."""
        client = self._engine.connected(failure)
        if removed:
            self._objects.set_busy(removed, "removing")
        try:
            yield client
        except EngineError as error:
            raise EngineError(failure, error.why or error.what) from error
        else:
            with suppress(EngineError):  # it is done all the same; the next list tells
                await self._objects.refresh(kind)
        finally:
            if removed:
                self._objects.set_busy(removed, "")

    async def _transfer(
        self, function: Callable[Concatenate[Any, P], None], failure: str, moved: Moved, *args: Any
    ) -> None:
        watch = volume_archive.Watch(moved)
        try:
            async with self._act(VOLUMES, failure) as client:
                await client.transfer(function, *args, watch)
        except asyncio.CancelledError:
            watch.stop()  # the thread cleans up behind itself
            raise

    def _network(self, id: str) -> str:
        found = self._objects.networks.get(id)
        return found.name if found is not None else id[:12]
