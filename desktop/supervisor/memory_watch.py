"""The guest's caches are given to a host that is short of memory, by the balloon, and are the guest's again later.

What the guest has free it reports, and the host has it already. While the host is not short, this does nothing at all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import select
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from desktop.core.errors import MachineError, MoorageError
from desktop.machine.agent import Agent
from desktop.machine.driver import Vm
from desktop.machine.qmp import Monitor

log = logging.getLogger("desktop.supervisor")

PRESSURE = Path("/proc/pressure/memory")
# Some program waits for memory a tenth of two seconds. Users may set up triggers of whole two seconds only.
TRIGGER = b"some 200000 2000000\0"
REST_S = 10.0  # between two looks at the guest
CALM_S = 60.0  # without pressure, until the guest has all of its memory again
MARGIN_MIB = 128  # that a guest keeps beside what its programs use
LEAST_MIB = 384


class MemoryWatch:
    """Follows one VM. Where the system does not tell of pressure, the guest keeps its memory."""

    def __init__(self, vm: Vm) -> None:
        self._vm = vm
        self._loop = asyncio.get_running_loop()
        self._trigger: Trigger | None = None
        self._again: asyncio.TimerHandle | None = None
        self._calm: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = asyncio.create_task(self._begin(), name="memory watch")

    def close(self) -> None:
        self._disarm()
        for handle in (self._again, self._calm, self._task):
            if handle is not None:
                handle.cancel()

    async def _begin(self) -> None:
        """One that was suspended, or left by its supervisor, may have been made small."""
        try:
            if await size_mib(self._vm.monitor) < self._vm.record.memory_mib:
                self._wait_for_calm()
        except MoorageError as error:
            log.info("memory watch: %s", error)
        self._arm()

    def _arm(self) -> None:
        try:
            self._trigger = open_trigger()
        except OSError as error:
            log.info("this system does not tell of memory pressure: %s", error)
            return
        self._loop.add_reader(self._trigger.fileno(), self._on_pressure)

    def _disarm(self) -> None:
        if self._trigger is not None:
            self._loop.remove_reader(self._trigger.fileno())
            self._trigger.close()
            self._trigger = None

    def _on_pressure(self) -> None:
        self._disarm()
        self._begin_to(self._shrink())
        self._again = self._loop.call_later(REST_S, self._arm)
        self._wait_for_calm()

    def _wait_for_calm(self) -> None:
        if self._calm is not None:
            self._calm.cancel()
        self._calm = self._loop.call_later(CALM_S, self._on_calm)

    def _on_calm(self) -> None:
        self._begin_to(self._restore())

    def _begin_to(self, work: Coroutine[Any, Any, None]) -> None:
        """In place of what is under way: one that shrinks would have the last word over one that restores."""
        if self._task is not None:
            self._task.cancel()
        self._task = self._loop.create_task(work, name="memory watch")

    async def _shrink(self) -> None:
        try:
            left_mib = await shrink(self._vm.monitor, self._vm.agent, self._vm.record.memory_mib)
            log.info("this host is short of memory: the guest is left %d MiB", left_mib)
        except MoorageError as error:
            log.info("the guest gives no memory back: %s", error)

    async def _restore(self) -> None:
        try:
            await restore(self._vm.monitor, self._vm.record.memory_mib)
            log.info("the guest has all of its memory again")
        except MoorageError as error:
            log.info("the guest's memory: %s", error)


class Trigger:
    """Becomes readable when the host is short of memory."""

    def __init__(self) -> None:
        self._pressure = os.open(PRESSURE, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            os.write(self._pressure, TRIGGER)
            # It has bytes to read at any time; pressure it tells as urgent data, which event loops do not ask for.
            self._poll = select.epoll(1)
            self._poll.register(self._pressure, select.EPOLLPRI)
        except BaseException:
            os.close(self._pressure)
            raise

    def fileno(self) -> int:
        return self._poll.fileno()

    def close(self) -> None:
        self._poll.close()
        os.close(self._pressure)


def open_trigger() -> Trigger:
    """OSError where the system does not tell of pressure, or not to everybody."""
    if not hasattr(select, "epoll"):
        raise OSError("it is no Linux")
    return Trigger()


async def size_mib(monitor: Monitor) -> int:
    return int((await monitor.execute("query-balloon"))["actual"]) >> 20


async def shrink(monitor: Monitor, agent: Agent, whole_mib: int) -> int:
    """Leaves the guest what its programs use and a margin, in MiB, which it returns."""
    now_mib, spare_mib = await size_mib(monitor), await _available_mib(agent)
    left_mib = min(max(now_mib - spare_mib + MARGIN_MIB, LEAST_MIB), whole_mib)
    await monitor.execute("balloon", value=left_mib << 20)
    return left_mib


async def restore(monitor: Monitor, whole_mib: int) -> None:
    await monitor.execute("balloon", value=whole_mib << 20)


async def _available_mib(agent: Agent) -> int:
    done = await agent.execute("/bin/cat", "/proc/meminfo")
    for line in done.output.decode(errors="replace").splitlines():
        name, _, amount = line.partition(":")
        if name == "MemAvailable" and amount.split()[:1] and amount.split()[0].isdigit():
            return int(amount.split()[0]) >> 10
    raise MachineError("The guest does not tell how much memory it has")
