"""Ports of the host's loopback that one VM's containers may reach: the guest is told which, at once and each change."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from desktop.core.errors import MachineError, MoorageError
from desktop.machine.driver import Vm

from .publisher import Publisher

log = logging.getLogger("desktop.supervisor")

TOPIC = "host_ports"
ALLOW = "/usr/lib/moorage/host_ports"  # in the guest
ALLOW_S = 10.0
RETRY_S = 2.0
CLOSED = "Containers reach the allowed ports of this computer after a restart: passt keeps them shut until then"


class AllowedPorts:
    """A guest that has just booted allows none; one that is resumed or taken over what it was told last."""

    def __init__(self, vm: Vm, publisher: Publisher, wanted: tuple[int, ...]) -> None:
        self._vm = vm
        self._publisher = publisher
        self._wanted = wanted
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._task = asyncio.create_task(self._work(), name="allowed ports")

    def allow(self, ports: tuple[int, ...]) -> None:
        self._wanted = ports
        self._changed.set()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._publisher.warn(TOPIC, "")

    async def _work(self) -> None:
        while True:
            self._changed.clear()
            ports = self._wanted
            try:
                if ports != self._vm.record.host_ports:
                    await self._tell_guest(ports)
                self._publisher.warn(TOPIC, CLOSED if ports and self._vm.record.is_closed else "")
                pause_s = None
            except MoorageError as error:
                log.warning("%s", error)
                self._publisher.warn(TOPIC, f"{error}. It is tried again")
                pause_s = RETRY_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause_s):
                    await self._changed.wait()

    async def _tell_guest(self, ports: tuple[int, ...]) -> None:
        done = await self._vm.agent.execute(ALLOW, *map(str, ports), deadline_s=ALLOW_S)
        if done.exit_code:
            raise MachineError("The guest did not take which ports of this computer containers may reach", done.words)
        self._vm.note(host_ports=ports)
        log.info("containers may reach the host's ports %s", ports)
