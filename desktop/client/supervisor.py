"""A machine's supervisor as its clients see it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from desktop.core.control import ConsoleRequest
from desktop.core.errors import DeadlineExceeded, MachineError
from desktop.core.machine import MachineStatus, State, Vm, paths_of
from desktop.core.paths import MachineFiles
from desktop.core.settings import MachineSettings, read
from desktop.machine import disk

from .connection import Connection, SupervisorGone, listener_pid
from .console import ConsoleConnection
from .launch import launch

LAUNCH_DEADLINE_S = 30.0
ANSWER_DEADLINE_S = 30.0
"""To tell the status takes a supervisor some seconds at most, where the engine is slow."""
RELAUNCH_S = 2.0
CALL_LOOK_S, WATCH_LOOK_S = 5.0, 60.0  # so long after the last word of a supervisor it is looked whether it hangs

OnStatus = Callable[[MachineStatus], None]
T = TypeVar("T")


class SupervisorClient:
    """Calls the supervisor of one machine, and starts it where a call needs one."""

    def __init__(self, files: MachineFiles) -> None:
        self.files = files

    async def status(self, samples: bool = False) -> MachineStatus:
        """The status now, with what the engine says. Starts a supervisor only where there may be a VM without one."""
        return await self._tell(lambda: self._in_time(self._call("status", samples=samples)))

    async def latest(self) -> MachineStatus:
        """As `status`, but for what the engine says: an engine that is slow to answer delays nothing."""
        return await self._tell(self._published)

    async def watch(self) -> AsyncGenerator[MachineStatus, None]:
        """The status now and at every change, from a supervisor that is there; SupervisorGone at its end."""
        async with Connection(self.files.control_socket) as connection:
            replies = connection.replies("watch")
            yield _status((await self._in_time(anext(replies))).data)
            with contextlib.suppress(StopAsyncIteration):
                while True:
                    yield _status((await self._unless_it_hangs(anext(replies), WATCH_LOOK_S)).data)

    async def start(self, timeout_s: float | None = None, on_status: OnStatus | None = None) -> MachineStatus:
        return await self._call_surely("start", on_status, timeout_s=timeout_s)

    async def stop(self, timeout_s: float | None = None, on_status: OnStatus | None = None) -> MachineStatus:
        """Stops the machine gracefully; NeedsConfirmation when the guest is late."""
        return await self._call_if_live("stop", on_status, timeout_s=timeout_s)

    async def restart(self, timeout_s: float | None = None, on_status: OnStatus | None = None) -> MachineStatus:
        return await self._call_surely("restart", on_status, timeout_s=timeout_s)

    async def kill(self, on_status: OnStatus | None = None, confirmed: bool = False) -> MachineStatus:
        """Ends the VM by force. NeedsConfirmation where it is suspended: that drops what it holds in memory."""
        return await self._call_if_live("kill", on_status, confirmed=confirmed)

    async def suspend(self, on_status: OnStatus | None = None) -> MachineStatus:
        """Saves the machine and ends its hypervisor; `start` brings it back as it was."""
        return await self._call_surely("suspend", on_status)

    async def reset(self, on_status: OnStatus | None = None, confirmed: bool = False) -> MachineStatus:
        """Deletes all that the engine keeps. NeedsConfirmation, in words for what is lost, unless `confirmed`."""
        await self.ensure()
        return await self._call("reset", on_status, confirmed=confirmed)

    async def trim(self) -> MachineStatus:
        """Gives the host back what the guest has freed on its disk."""
        return await self._call("trim")

    async def settings_changed(self) -> None:
        """The running machine takes what it can; a larger disk at once."""
        try:
            await self._call("settings_changed")
        except SupervisorGone:
            pass  # the next one reads the file

    async def quit(self) -> None:
        """Ends the supervisor; refused while a VM runs."""
        await self._call("quit")

    async def console(self, request: ConsoleRequest) -> ConsoleConnection:
        """Attaches to the VM's tty. The caller closes the connection."""
        await self.ensure()
        return await self._in_time(ConsoleConnection.attach(self.files.control_socket, request))

    async def ensure(self) -> None:
        """Returns when a supervisor answers; starts one if needed.

        And another: one that was killed has its lock until what it wrote is on the disk, and its next ends at once.
        """
        deadline = time.monotonic() + LAUNCH_DEADLINE_S
        while not await self._answers():
            if time.monotonic() > deadline:
                raise DeadlineExceeded(
                    "The supervisor does not answer",
                    f"{LAUNCH_DEADLINE_S:.0f} s passed since it was started",
                    f"Its words are in {self.files.supervisor_log}",
                )
            await launch(self.files)
            await self._answers_within(RELAUNCH_S)

    async def _tell(self, ask: Callable[[], Awaitable[MachineStatus]]) -> MachineStatus:
        try:
            return await ask()
        except SupervisorGone:
            if not self._may_be_live():
                return await asyncio.to_thread(stopped_status, self.files)
        await self.ensure()
        return await ask()

    async def _in_time(self, answer: Awaitable[T]) -> T:
        """One that hangs takes calls all the same, and answers none."""
        try:
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                return await answer
        except TimeoutError as error:
            raise self._hung() from error

    def _hung(self) -> DeadlineExceeded:
        pid = listener_pid(self.files.control_socket)
        log = self.files.supervisor_log
        if pid:
            next_step = f"`kill -9 {pid}` ends it, and the next one takes the machine over. Its words are in {log}"
        else:
            next_step = f"Its words are in {log}"
        return DeadlineExceeded("The supervisor does not answer", f"{ANSWER_DEADLINE_S:.0f} s passed", next_step)

    async def _unless_it_hangs(self, answer: Awaitable[T], look_s: float) -> T:
        """The answer, however long it takes, as long as the supervisor still tells its status."""
        answering, looking = asyncio.ensure_future(answer), asyncio.create_task(self._until_it_hangs(look_s))
        try:
            await asyncio.wait({answering, looking}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                looking.result()
            return answering.result()
        finally:
            answering.cancel()
            looking.cancel()
            await asyncio.gather(answering, looking, return_exceptions=True)

    async def _until_it_hangs(self, look_s: float) -> None:
        """Raises when it does; of one that ended the call itself hears."""
        while True:
            await asyncio.sleep(look_s)
            with contextlib.suppress(SupervisorGone):
                await self._published()

    async def _published(self) -> MachineStatus:
        async with contextlib.aclosing(self.watch()) as statuses:
            async for status in statuses:
                return status
        raise SupervisorGone("The supervisor gave no answer", "watch")

    def _may_be_live(self) -> bool:
        """Whether there may be a VM, running or suspended, or the rest of one, and nobody who tells."""
        files = self.files
        return files.vm_record.exists() or files.suspended.exists() or files.suspended_new.exists()

    async def _answers_within(self, wait_s: float) -> None:
        end = time.monotonic() + wait_s
        while not await self._answers() and time.monotonic() < end:
            await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        try:
            async with Connection(self.files.control_socket):
                return True
        except SupervisorGone:
            return False

    async def _call_if_live(self, call: str, on_status: OnStatus | None = None, **args: Any) -> MachineStatus:
        return await self._tell(lambda: self._call(call, on_status, **args))

    async def _call_surely(self, call: str, on_status: OnStatus | None = None, **args: Any) -> MachineStatus:
        """A supervisor that was killed a moment ago may take a call that nobody reads: its successor is asked."""
        is_heard = False

        def hear(status: MachineStatus) -> None:
            nonlocal is_heard
            is_heard = True
            if on_status is not None:
                on_status(status)

        await self.ensure()
        try:
            return await self._call(call, hear, **args)
        except SupervisorGone:
            if is_heard:
                raise
        await self.ensure()
        return await self._call(call, on_status, **args)

    async def _call(self, call: str, on_status: OnStatus | None = None, **args: Any) -> MachineStatus:
        return await self._unless_it_hangs(self._say(call, on_status, **args), CALL_LOOK_S)

    async def _say(self, call: str, on_status: OnStatus | None = None, **args: Any) -> MachineStatus:
        async with Connection(self.files.control_socket) as connection:
            async for reply in connection.replies(call, **args):
                if not reply.event:
                    return _status(reply.result)
                if on_status is not None:
                    on_status(_status(reply.data))
        raise SupervisorGone("The supervisor gave no answer", call)


def stopped_status(files: MachineFiles) -> MachineStatus:
    """What is known of a machine that has neither VM nor supervisor."""
    settings, problem = read(MachineSettings, files.config)
    return MachineStatus(
        machine=files.name,
        state=State.STOPPED,
        vm=Vm(
            cpus=settings.cpus,
            memory_mib=settings.memory_mib,
            disk_mib=disk.limit_mib(files.disk, settings.disk_mib),
            disk_used_mib=disk.used_mib(files.disk),
        ),
        paths=paths_of(files),
        warnings=(str(problem),) if problem else (),
    )


def _status(raw: msgspec.Raw) -> MachineStatus:
    try:
        return msgspec.json.decode(raw, type=MachineStatus | None) or MachineStatus()
    except msgspec.DecodeError as error:
        raise MachineError("The supervisor's answer makes no sense", str(error)) from error
