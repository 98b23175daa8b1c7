"""A machine's verbs over the real driver and a QEMU that is played by a process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import psutil

from desktop.core.machine import MachineStatus, State, paths_of
from desktop.core.paths import MachineFiles
from desktop.machine.driver import QemuDriver
from desktop.supervisor.console_log import ConsoleLog
from desktop.supervisor.console_size import ConsoleSize
from desktop.supervisor.life import Parts
from desktop.supervisor.machine import Machine
from desktop.supervisor.publisher import Publisher

DEADLINE_S = 60.0

Play = Callable[[str], None]


class DrainedConsole:
    """A console that keeps what it reads, and into which a test types."""

    def __init__(self, files: MachineFiles) -> None:
        self._files = files
        self._log = ConsoleLog(files.console_log, files.console_spare)
        self.seen = b""
        self.recalled: list[bytes] = []
        self._writer: asyncio.StreamWriter | None = None
        self._drain: asyncio.Task[None] | None = None

    async def reset(self) -> None:
        self.seen = b""
        self._log.mark_power_on()

    async def recall(self) -> None:
        self.recalled.append(self._log.take_unread())

    async def connect(self) -> None:
        reader, self._writer = await asyncio.open_unix_connection(self._files.console_socket)
        self._drain = asyncio.create_task(self._read(reader))

    async def disconnected(self) -> None:
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(ConnectionResetError):  # a guest that was killed before it had read all
                await self._writer.wait_closed()
            self._writer = None
        self._log.take_unread()

    def type(self, line: str) -> None:
        assert self._writer is not None
        self._writer.write(line.encode() + b"\n")

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionResetError):
            while block := await reader.read(4096):
                self.seen += block


class Rig:
    """One supervisor's machine, without its sockets."""

    def __init__(self, files: MachineFiles) -> None:
        self.files = files
        self.seen: list[MachineStatus] = []
        self.heir: Rig | None = None
        self.console = DrainedConsole(files)
        self.size = ConsoleSize()
        self.publisher = Publisher(MachineStatus(paths=paths_of(files)))
        driver = QemuDriver(files, lambda pid: psutil.Process(pid).create_time())
        self.machine = Machine(Parts(files, driver, self.console, self.size, self.publisher))
        self.publisher.changed.connect(self.seen.append)

    @property
    def states(self) -> list[State]:
        """The states it went through, in order."""
        states = [status.state for status in self.seen]
        return [state for state, before in zip(states, [None, *states], strict=False) if state is not before]

    async def die(self) -> Rig:
        """What a kill -9 of the supervisor leaves behind: the VM, and nobody who cares for it. Returns the heir."""
        await self.machine.leave()
        await self.console.disconnected()
        self.heir = Rig(self.files)
        return self.heir

    async def end(self) -> None:
        if self.heir is not None:
            await self.heir.end()
            return
        await self.machine.kill(confirmed=True)
        await self.machine.leave()
        await self.console.disconnected()


async def until(rig: Rig, state: State) -> MachineStatus:
    async with asyncio.timeout(DEADLINE_S):
        while rig.machine.state is not state:
            await asyncio.sleep(0.01)
    return rig.publisher.status
