"""The port publisher: what containers publish in the guest is on the host too, for as long as they do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path

from desktop.core.connecting import open_streams
from desktop.core.errors import MoorageError
from desktop.core.text import visible
from desktop.engine.published import LINE_LIMIT, Published
from desktop.engine.question import Streams
from desktop.machine.driver import Vm
from desktop.machine.qmp import MonitorGone

from .forwards import Wanted, wanted
from .host_ports import HostPorts
from .own_ports import OwnPorts
from .port_refusal import Refusal, refused
from .publisher import Publisher

log = logging.getLogger("desktop.supervisor")

CONNECT_DEADLINE_S = 10.0
RETRY_S = 2.0  # while a port waits to be free
ENGINE_RETRY_FIRST_S, ENGINE_RETRY_LAST_S = 0.2, 3.0


class Ports:
    """Follows one VM's engine from `begin` on."""

    def __init__(self, channel: Path, vm: Vm, own: OwnPorts, publisher: Publisher, publish_on: str) -> None:
        self._channel = channel
        self._publisher = publisher
        self._publish_on = publish_on
        self._changed = asyncio.Event()
        self._published = Published(self._connect, self._changed.set)
        self._host = HostPorts(vm, own)
        self._warned: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        self._tasks = [
            asyncio.create_task(self._follow(), name="published ports"),
            asyncio.create_task(self._work(), name="port publisher"),
        ]
        for task in self._tasks:
            task.add_done_callback(_tell_failure)

    def publish_on(self, address: str) -> None:
        """Where to publish what names no address of its own."""
        if address != self._publish_on:
            self._publish_on = address
            if self._published.owners:
                self._changed.set()

    def look_again(self) -> None:
        """Others had the ports meanwhile, and may not have given all of them back."""
        self._host.forget()
        self._changed.set()

    def let_go(self) -> None:
        """The engine is to stop, which waits for those who follow its events. Ports stay for as long as QEMU does."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """The ports stay as they are: QEMU's end with it."""
        self.let_go()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._warn(set())

    async def _connect(self) -> Streams:
        return await open_streams(self._channel, CONNECT_DEADLINE_S, LINE_LIMIT)

    async def _follow(self) -> None:
        """For ever. While the engine is away, ports stay as they were."""
        pause_s = ENGINE_RETRY_FIRST_S
        while True:
            try:
                await self._published.follow()
                pause_s = ENGINE_RETRY_FIRST_S
            except MoorageError as error:
                log.info("published ports: %s", error)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, ENGINE_RETRY_LAST_S)

    async def _work(self) -> None:
        await self._changed.wait()
        while True:
            self._changed.clear()
            is_done = False
            try:
                want = wanted(self._published.owners.values(), self._publish_on)
                await self._host.become(want)
                self._warn(self._words(want))
                is_done = not self._host.refused
            except MonitorGone:
                return
            except (MoorageError, OSError) as error:  # of no descriptor to spare, which passes
                log.warning("published ports: %s", error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if is_done else RETRY_S):
                    await self._changed.wait()

    def _words(self, want: Wanted) -> set[str]:
        """A warning for each container and reason."""
        places: dict[tuple[str, Refusal], list[tuple[int, str]]] = {}
        for port, why in want.impossible.items():
            places.setdefault(why, []).append((port.host_port, f"{port.host_ip} {port.host_port}/{port.protocol}"))
        for place, refusal in self._host.refused.items():
            places.setdefault((want.owner_of(place), refusal), []).append((place.port, place.words))
        return {refused(visible(owner, 80), found, refusal) for (owner, refusal), found in places.items()}

    def _warn(self, warnings: set[str]) -> None:
        for gone in self._warned - warnings:
            self._publisher.warn(gone, "")
        for words in sorted(warnings - self._warned):
            log.info("%s", words)
            self._publisher.warn(words, words)
        self._warned = warnings


def _tell_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("ports are not published any more", exc_info=error)
