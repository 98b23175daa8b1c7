"""The QEMU driver: starts a machine's hypervisor, or takes over one that lives, and is there until it ends."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.errors import MachineError, MoorageError
from desktop.core.paths import MachineFiles
from desktop.core.signal import Signal

from . import record as records
from .agent import Agent
from .command import Description, build_arguments
from .process import Process, StartTime, is_locked, spawn, take_lock
from .qmp import Event, Monitor, MonitorGone
from .record import VmRecord

log = logging.getLogger("desktop.machine")

ADOPT_DEADLINE_S = 10.0
LAST_EVENTS_S = 1.0
END_S, LOOK_S = 10.0, 0.05

@dataclass(frozen=True)
class End:
    """How a hypervisor ended."""

    reason: str  # the reason in QMP's SHUTDOWN; empty where QEMU did not say goodbye
    exit_words: str = ""
    panicked: bool = False


class Vm:
    """A live hypervisor process with its monitor and its guest agent."""

    def __init__(self, files: MachineFiles, record: VmRecord, process: Process, monitor: Monitor) -> None:
        self.record = record
        self.process = process
        self.monitor = monitor
        self.agent = Agent(files.agent_socket)
        self.event: Signal[Event] = Signal()
        self._files = files
        self._reason = ""
        self._panicked = False
        self._follower = asyncio.create_task(self._follow(), name="qmp events")

    async def wait(self) -> End:
        """Returns when the process is gone, with its last words heard."""
        await self.process.wait()
        await asyncio.wait({self._follower}, timeout=LAST_EVENTS_S)
        return End(self._reason, self.process.exit_words, self._panicked)

    async def kill(self) -> None:
        await self.process.kill()

    def note(self, **changes: Any) -> None:
        """Writes down what the next supervisor must know. Where that cannot be, the VM goes on all the same."""
        self.record = msgspec.structs.replace(self.record, **changes)
        _write_if_possible(self._files.vm_record, self.record)

    async def close(self) -> None:
        """Lets go of the machine. Where it lives, it lives on."""
        self.agent.close()
        await self.monitor.close()
        self._follower.cancel()
        self.process.close()

    async def _follow(self) -> None:
        async for event in self.monitor.events():
            if event.name == "SHUTDOWN":
                self._reason = str(event.data.get("reason", ""))
            self._panicked |= event.name == "GUEST_PANICKED"
            self.event.emit(event)


class QemuDriver:
    """Runs one machine. At most one hypervisor of a machine lives: a lock that QEMU itself holds sees to that."""

    def __init__(self, files: MachineFiles, start_time: StartTime) -> None:
        self._files = files
        self.start_time = start_time

    async def start(self, machine: Description, environment: Mapping[str, str], facts: VmRecord) -> Vm:
        """Starts QEMU and returns when its monitor answers: the boot has begun.

        `facts` is what else the record shall hold. Refuses where the machine runs already.
        """
        arguments = build_arguments(machine)
        keep = tuple(held for held in (machine.memory, machine.passt) if held is not None)
        process, record = self._spawn(arguments, {**os.environ, **environment}, facts, keep)
        try:
            monitor = await self._monitor_of(process)
        except BaseException:
            await process.kill()
            self.forget()
            raise
        self._make_private()
        return Vm(self._files, record, process, monitor)

    def is_running(self) -> bool:
        """Whether a hypervisor holds the machine, whoever started it."""
        return is_locked(self._files.vm_lock)

    async def adopt(self) -> Vm | None:
        """Takes over the hypervisor that runs, after its supervisor's death; None where none runs."""
        adopting = asyncio.create_task(self._adopt())
        try:
            while self.is_running():
                await asyncio.wait({adopting}, timeout=LOOK_S)
                if adopting.done() and not await self._ends_instead(adopting):
                    return adopting.result()
        finally:
            adopting.cancel()
            await asyncio.wait({adopting})
        self.forget()
        return None

    async def _adopt(self) -> Vm:
        record = self.record()
        monitor = await Monitor.connect(self._files.qmp_socket, ADOPT_DEADLINE_S)
        try:
            uuid = str((await monitor.execute("query-uuid"))["UUID"])
            record = record or VmRecord(uuid=uuid, is_resumed=True)  # whose memory may be all there is
            if record.uuid != uuid:
                raise _stranger(f"its uuid is {uuid}, not {record.uuid}")
            process = self._identify(record, monitor.peer_pid)
        except BaseException:
            await monitor.close()
            raise
        return Vm(self._files, msgspec.structs.replace(record, pid=process.pid), process, monitor)

    def record(self) -> VmRecord | None:
        """Of the hypervisor that runs, or of one that ended while nobody was there to see it."""
        return records.read(self._files.vm_record)

    def hung_process(self) -> Process | None:
        """The hypervisor that runs but does not answer, if it is surely ours: for `kill`."""
        record = self.record()
        if record is None or not self.is_running():
            return None
        try:
            return self._identify(record, 0)
        except MachineError:
            return None

    def hung_record(self) -> VmRecord | None:
        """The record of a hypervisor that `kill` would end."""
        process = self.hung_process()
        if process is None:
            return None
        process.close()
        return self.record()

    def forget(self) -> None:
        """Removes what a hypervisor that is gone has left."""
        for leftover in (self._files.vm_record, *self._sockets()):
            leftover.unlink(missing_ok=True)

    def _spawn(
        self, arguments: list[str], environment: Mapping[str, str], facts: VmRecord, keep: tuple[int, ...]
    ) -> tuple[Process, VmRecord]:
        lock = take_lock(self._files.vm_lock)
        if lock is None:
            raise MachineError(
                "The machine runs already", f"{self._files.vm_lock} is held", "See `moorage status`"
            )
        try:
            self.forget()
            record = msgspec.structs.replace(facts, booted_at_s=time.monotonic())
            records.write(self._files.vm_record, record)  # first, so that no VM is ever without one
            self._head_log(arguments)
            process = spawn(arguments, environment, self._files.qemu_log, (lock, *keep))
        except (MachineError, OSError):
            self.forget()
            raise
        finally:
            os.close(lock)  # from here it is QEMU's alone
        started_s = self.start_time(process.pid) or 0.0
        record = msgspec.structs.replace(record, pid=process.pid, started_s=started_s)
        _write_if_possible(self._files.vm_record, record)
        return process, record

    async def _monitor_of(self, process: Process) -> Monitor:
        """The monitor, or the words that QEMU ended with."""
        connecting = asyncio.create_task(Monitor.connect(self._files.qmp_socket))
        ending = asyncio.create_task(process.wait())
        try:
            await asyncio.wait({connecting, ending}, return_when=asyncio.FIRST_COMPLETED)
            if connecting.done() and not isinstance(connecting.exception(), MonitorGone):
                return connecting.result()
            await asyncio.wait({ending}, timeout=LAST_EVENTS_S)
            raise MachineError("QEMU ended at once", process.exit_words)
        finally:
            ending.cancel()
            connecting.cancel()
            with contextlib.suppress(asyncio.CancelledError, MoorageError):
                await connecting

    async def _ends_instead(self, adopting: asyncio.Task[Vm]) -> bool:
        """One that is killed closes its monitor before it lets go of its lock, a large memory later."""
        if not isinstance(adopting.exception(), MonitorGone):
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                while self.is_running():
                    await asyncio.sleep(LOOK_S)
        return not self.is_running()

    def _identify(self, record: VmRecord, peer_pid: int) -> Process:
        """A handle on the process of the record. First the handle, then the look: a pid may be reused between."""
        pid = peer_pid or record.pid
        if record.pid and pid != record.pid:
            raise _stranger(f"its process is {pid}, not {record.pid}")
        try:
            process = Process(pid)
        except OSError as error:
            raise MachineError("The hypervisor has just ended", str(error)) from error
        if record.started_s and self.start_time(pid) != record.started_s:
            process.close()
            raise _stranger(f"process {pid} was started at another time")
        return process

    def _make_private(self) -> None:
        for path in self._sockets():
            with contextlib.suppress(FileNotFoundError):
                path.chmod(0o600)

    def _sockets(self) -> tuple[Path, ...]:
        files = self._files
        return (
            files.qmp_socket, files.agent_socket, files.boot_socket, files.console_socket, files.channel_socket,
            files.inward_socket,
        )  # fmt: skip

    def _head_log(self, arguments: list[str]) -> None:
        descriptor = os.open(self._files.qemu_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} starting: {arguments}\n")


def _write_if_possible(path: Path, record: VmRecord) -> None:
    try:
        records.write(path, record)
    except MoorageError as error:
        log.warning("what is new of the VM is not written down: %s", error)


def _stranger(why: str) -> MachineError:
    return MachineError(
        "A hypervisor that Moorage did not start holds the machine", why, "End it, then start the machine again"
    )
