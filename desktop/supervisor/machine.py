"""The machine's verbs: what start, stop, kill and restart mean in each state."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec

from desktop.core.errors import DeadlineExceeded, MachineError, MoorageError, NeedsConfirmation, SettingsError
from desktop.core.machine import LIVE, MachineStatus, State, is_late_to_resume, not_running
from desktop.core.machine import Vm as VmStatus
from desktop.core.settings import MachineSettings, read, waiting
from desktop.machine import disk, saved
from desktop.machine.driver import Vm
from desktop.machine.record import VmRecord
from desktop.machine.threads import finish

from .adoption import adopt, find_suspended
from .disk_growth import trim
from .engine_facts import ask_engine
from .forwards import moved, moved6
from .life import Life, Parts, detail_of, hypervisor_of, in_words
from .own_ports import OwnPorts
from .publisher import Publisher
from .stop_request import StopRequest
from .suspension import SAVED, Suspension

log = logging.getLogger("desktop.supervisor")

T = TypeVar("T")

UNKNOWN = "The machine's files cannot be used"
ENDING = "Waits for its containers to end"
LATE = "The guest has not powered off yet; `moorage kill` ends it by force"
LATE_TO_RESTART = "The guest has not powered off yet, and is started again once it has; `moorage kill` ends it by force"


class Machine:
    """Steers one machine. Any number of callers at once; each gets the outcome it asked for, or the reason."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._files = parts.files
        self._publisher: Publisher = parts.publisher
        self._life: Life | None = None
        self._suspension: Suspension | None = None
        self._stop_request = StopRequest()
        self._suspending: asyncio.Task[None] | None = None
        self._deleting: asyncio.Task[None] | None = None
        self._restarting: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[MachineStatus] | None = None  # which a supervisor that died had begun
        self._looking_again = asyncio.Lock()
        self._unknown: MoorageError | None = None  # why it could not be found out what there is of the machine
        self._is_ending = False
        self._own_ports = OwnPorts(self.wake, self._files.inward_socket)
        self._disconnect = self._publisher.changed.connect(self._on_status)
        self._settings = MachineSettings()
        self._problem: SettingsError | None = None  # why not all of them could be read
        self.settings_changed()

    @property
    def state(self) -> State:
        return self._publisher.state

    @property
    def settings(self) -> MachineSettings:
        return self._settings

    @property
    def inward_uses(self) -> int:
        """Grows with what goes through published ports that the guest does not count."""
        return self._own_ports.uses

    @property
    def life(self) -> Life | None:
        """The VM's, as long as there is one."""
        return self._life if self.state in LIVE else None

    async def take_over(self) -> None:
        """Adopts a VM that runs already, or finds one that is suspended. Where files are in the way of that, it is a
        failure, and tried again before anything is started: a state that could not be looked at is not thrown away.
        """
        self._unknown = None
        try:
            await in_words(UNKNOWN, self._take_over())
        except MoorageError as error:
            self._unknown = error
            if self.state is not State.FAILED:
                self._publisher.move(State.FAILED, f"{error.what}\n{error.why}", error.next_step)

    async def _look_again(self) -> None:
        """Also at a VM that did not answer: it may by now."""
        async with self._looking_again:
            is_hung = self.state is State.FAILED and self._parts.driver.is_running()
            if self._unknown is None and not is_hung:
                return
            if self.state is State.FAILED and not is_hung:
                self._publisher.move(State.STOPPED)
            await self.take_over()
            if self._unknown is not None:
                raise self._unknown

    async def _take_over(self) -> None:
        """A VM that does not answer is a failure, which `kill` ends."""
        try:
            vm = await adopt(self._parts.driver, self._parts.console, self._files)
        except MoorageError as error:
            if self.state is State.FAILED:
                return  # as before
            detail = f"A VM runs, and cannot be taken over.\n{error}"
            hung = self._parts.driver.hung_record()
            if hung is not None:
                step, hypervisor = "`moorage start` tries again, `moorage kill` ends it", hypervisor_of(hung)
                self._publisher.move(State.FAILED, detail, step, action="kill", hypervisor=hypervisor)
            else:
                self._publisher.move(State.FAILED, detail, error.next_step, action=error.action)
            return
        if self.state is State.FAILED:
            self._publisher.move(State.STOPPED)
        if not isinstance(vm, Vm):
            await self._take_over_what_is_left(vm)
            return
        self._life = Life(self._parts, self._settings, self._own_ports)
        self._life.take_over(vm)
        if vm.record.is_stopping:
            self._ask_to_stop(self._settings.stop_deadline_s)
            self._stopping = self._start_job(self.stop(), "stopping")

    async def _take_over_what_is_left(self, left: VmRecord | None) -> None:
        found = await find_suspended(self._parts.console, self._files, self._publisher, left)
        if isinstance(found, Suspension):
            self._suspension = found
            self._publisher.move(State.SUSPENDED)
            self.settings_changed()
        elif isinstance(found, MoorageError):
            self._publisher.move(State.FAILED, detail_of(found), found.next_step, action=found.action)
        else:
            self._publisher.update(detail=found)

    async def start(self, timeout_s: float | None = None) -> MachineStatus:
        self._refuse_at_the_end()
        return await self._start(timeout_s)

    async def _start(self, timeout_s: float | None = None) -> MachineStatus:
        await self._publisher.leave(State.STOPPING, State.SUSPENDING)
        await self._deleted()
        await self._look_again()
        if self.state in (State.STOPPED, State.FAILED, State.SUSPENDED):
            if self.state is State.FAILED:
                self._refuse_hung()
            self.settings_changed()
            self._life = Life(self._parts, self._settings, self._own_ports, self._problem)
            if self.state is State.SUSPENDED and self._suspension is not None:
                self._life.resume(self._suspension)
            else:
                self._life.power_on()
        if not await self._leave(State.STARTING, State.RESUMING, timeout_s=timeout_s):
            raise DeadlineExceeded("The machine is still starting", f"{timeout_s:.0f} s passed", "It goes on starting")
        if self.state is State.RUNNING:
            return self._publisher.status
        if is_late_to_resume(self._publisher.status):
            raise not_running(self._publisher.status)
        failure = self._life.failure if self._life else None
        raise failure or MachineError("The machine did not start", self._publisher.status.detail or "it was stopped")

    async def suspend(self, detail: str = "") -> MachineStatus:
        """Saves the machine and ends its hypervisor; what it holds in memory settles on disk afterwards.

        `detail` tells why, where nobody asked for it.
        """
        while True:
            await self._leave(State.STARTING, State.RESUMING, State.SUSPENDING)
            if self.state is State.SUSPENDED:
                return self._publisher.status
            life = self.life
            if self.state is not State.RUNNING or life is None:
                raise MachineError("The machine cannot be suspended", f"it is {self.state}", "Start it first")
            await life.check_savable()  # before anybody is told that it is being suspended
            if self.state is State.RUNNING and self.life is life:
                break
        self._publisher.move(State.SUSPENDING, detail)
        # A task of its own: who asked may leave, and a guest that stands still must not be left so.
        self._suspending = self._start_job(self._suspend(life), "suspending")
        await asyncio.shield(self._suspending)
        return self._publisher.status

    async def give_back(self) -> None:
        """Makes a machine small that is to be suspended, where nobody waits for that."""
        life = self.life
        if self.state is State.RUNNING and life is not None:
            await life.give_back()

    async def settled(self) -> None:
        """Returns when all of a suspended machine is on disk, or it goes on; MachineError where that cannot be."""
        await self._publisher.leave(State.SUSPENDING)
        if self._suspension is None or await self._suspension.settled():
            return
        if self.state is State.SUSPENDED:
            raise MachineError("The suspended machine is in memory only", "", "Make room on the disk, or resume it")

    async def _suspend(self, life: Life) -> None:
        self._publisher.warn(SAVED, "")
        try:
            suspension = await life.save()
        except MoorageError:
            if self.state is State.SUSPENDING and life.vm is not None and life.vm.process.alive:
                self._publisher.move(State.RUNNING, since=life.running_since)
            raise
        self._suspension = suspension  # before it is told that the machine is suspended: a call may wait to wake it
        await life.end_saved()
        if self.state is State.SUSPENDED:
            suspension.settle()

    async def stop(self, timeout_s: float | None = None) -> MachineStatus:
        """Lets the guest end in peace. NeedsConfirmation when it is late; it may still end by itself."""
        self._call_off_restart()
        patience_s = self._settings.stop_deadline_s if timeout_s is None else timeout_s
        await self._leave(State.SUSPENDING)
        await self._leave(State.RESUMING, timeout_s=patience_s)
        if self.life is None or self.life.vm is None:  # there is no guest yet that could be asked
            await self._leave(State.RESUMING)
        await self._deleted()
        if self.state is State.FAILED:
            self._refuse_hung()
            self._publisher.move(State.STOPPED)
        if self.state is State.SUSPENDED:
            await self._resume_to_stop()
        if self.state not in LIVE:
            return self._publisher.status
        self._ask_to_stop(patience_s)
        if not await self._publisher.leave(State.STOPPING, timeout_s=patience_s):
            self._publisher.update(detail=LATE, deadline_s=None, action="kill")
            raise NeedsConfirmation(
                "The machine does not stop", f"{patience_s:.0f} s passed since the guest was asked", LATE
            )
        return self._publisher.status

    async def _resume_to_stop(self) -> None:
        """A guest whose engine is late may hear all the same."""
        try:
            await self._start()
        except MoorageError:
            if not is_late_to_resume(self._publisher.status):
                raise

    async def kill(self, confirmed: bool = False) -> MachineStatus:
        """Ends the VM by force. A suspended one is dropped, which must have been `confirmed`."""
        self._call_off_restart()
        self._stop_request.call_off()
        life = self.life
        if self.state is State.SUSPENDED:
            await self._drop(confirmed)
        elif life is not None:
            await life.kill()
            if self.state is State.STOPPED and self._suspension is not None:  # it was being saved
                await self._suspension.drop()
        elif (hung := self._parts.driver.hung_process()) is not None:
            await hung.kill()
            self._parts.driver.forget()
        if self.state is State.FAILED:
            self._refuse_hung(f"End the process that holds {self._files.vm_lock}")
            hypervisor = msgspec.structs.replace(self._publisher.status.hypervisor, pid=None)
            self._publisher.move(State.STOPPED, hypervisor=hypervisor)
        return self._publisher.status

    async def _drop(self, confirmed: bool) -> None:
        if not confirmed:
            raise NeedsConfirmation(
                "The machine is suspended", "Killing it drops what its containers hold in memory", "Its disk stays"
            )
        await self._delete(self._drop_suspension)

    async def _drop_suspension(self) -> None:
        if self.state is not State.SUSPENDED:
            return  # somebody else dropped it
        if self._suspension is not None:
            await self._suspension.drop()
        self._publisher.move(State.STOPPED)

    async def _delete(self, delete: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """In a task of its own: who asked may leave, and nobody starts with what is half deleted."""
        await self._deleted()
        self._deleting = self._start_job(delete(), "deleting")
        await asyncio.shield(self._deleting)

    def _start_job(self, work: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """For who waits behind a shield: whoever has left meanwhile hears of no error, and the log does."""
        job = asyncio.create_task(work, name=name)
        job.add_done_callback(_on_job_done)
        return job

    async def _deleted(self) -> None:
        """Returns when nothing of the machine is being deleted."""
        while self._deleting is not None and not self._deleting.done():
            await asyncio.wait({self._deleting})

    async def restart(self, timeout_s: float | None = None) -> MachineStatus:
        """NeedsConfirmation when the guest is late: once it is off it is started, unless `stop` or `kill` comes."""
        self._refuse_at_the_end()
        if self.state is State.STARTING:
            await self.kill()
        try:
            await self.stop(timeout_s)
        except NeedsConfirmation as late:
            self._publisher.update(detail=LATE_TO_RESTART)
            self._restarting = asyncio.create_task(self._start_once_stopped(), name="late restart")
            raise NeedsConfirmation(late.what, late.why, LATE_TO_RESTART) from None
        return await self.start()

    async def _start_once_stopped(self) -> None:
        await self._publisher.leave(State.STOPPING)
        if self.state is State.STOPPED:
            with contextlib.suppress(MoorageError):  # the status tells it
                await self.start()

    def _call_off_restart(self) -> None:
        if self._restarting is not None:
            self._restarting.cancel()
            self._restarting = None

    async def reset(self, confirmed: bool = False) -> MachineStatus:
        """Deletes all that the engine keeps, which must have been `confirmed`; settings and guest image stay."""
        if not confirmed:
            raise NeedsConfirmation(
                "All containers, images, volumes and build caches of the machine will be deleted",
                "Its disk and what is saved of its memory are thrown away; settings and guest image stay",
                "This cannot be undone",
            )
        await self._leave(State.SUSPENDING, State.RESUMING)
        await self._deleted()
        while self.state is not State.STOPPED:  # it may be started again as it ends
            await self.kill(confirmed=True)
            await self._deleted()
        await self._delete(self._discard_data)
        self.settings_changed()
        return self._publisher.status

    async def _discard_data(self) -> None:
        await finish(saved.discard, self._files)  # one that was never found goes with the disk that it belongs to
        await finish(disk.discard, self._files.disk, self._files.disk_new)
        await finish(saved.delete_aside, self._files)

    async def grow_disk(self) -> None:
        """Gives a running guest the room that the settings promise it."""
        life = self.life
        if self.state is State.RUNNING and life is not None:
            await life.grow_disk(self._settings.disk_mib)

    async def trim(self) -> MachineStatus:
        """Lets the guest tell which blocks of its disk are free, so that the host has them back."""
        life = self.life
        if self.state is not State.RUNNING or life is None or life.vm is None:
            raise MachineError("The disk cannot be trimmed", f"it is {self.state}", "Start it first")
        await trim(life.vm)
        return await self.status()

    async def status(self) -> MachineStatus:
        """The status with what changes by itself looked up now."""
        life = self.life
        changes: dict[str, object] = {"disk_used_mib": disk.used_mib(self._files.disk), "uptime_s": None}
        if life is not None and life.vm is not None and life.vm.record.booted_at_s:
            changes["uptime_s"] = round(time.monotonic() - life.vm.record.booted_at_s, 1)
        if self.state is State.RUNNING:
            engine, kernel = await ask_engine(self._files.channel_socket, self._publisher.status.engine)
            if self.state is State.RUNNING:
                self._publisher.update(engine=engine)
                changes |= {"kernel": kernel} if kernel else {}
        self._publisher.update(vm=msgspec.structs.replace(self._publisher.status.vm, **changes))
        return self._publisher.status

    async def admit(self) -> bool:
        """Whether an engine call may go through: held while the machine starts."""
        await self._leave(State.STARTING, State.RESUMING)
        return self.state is State.RUNNING

    async def _leave(self, *states: State, timeout_s: float | None = None) -> bool:
        """Waits as the publisher's does, but for no engine that is late after a resume: that may be for ever."""
        return await self._publisher.until(
            lambda status: status.state not in states or is_late_to_resume(status), timeout_s
        )

    async def wake(self) -> bool:
        """The same, and a suspended machine is resumed for it. MachineError says in words why none may."""
        await self._publisher.leave(State.SUSPENDING)
        await self._deleted()
        if self.state is State.SUSPENDED and not self._is_ending:
            await self._start()
        if not await self.admit():
            raise not_running(self._publisher.status)
        return True

    def settings_changed(self) -> None:
        """Reads machine.toml again. A running VM keeps what it was started with, AT_ONCE apart."""
        self._settings, self._problem = read(MachineSettings, self._files.config)
        self._publisher.warn("settings", str(self._problem or ""))
        if self.life is not None:
            self.life.take_ports(self._settings)
        else:
            was = self._suspension.vm.settings if self.state is State.SUSPENDED and self._suspension else {}
            keys = waiting(was, self._settings)
            self._publisher.update(
                vm=VmStatus(
                    cpus=self._settings.cpus, memory_mib=self._settings.memory_mib,
                    disk_mib=disk.limit_mib(self._files.disk, self._settings.disk_mib),
                    disk_used_mib=disk.used_mib(self._files.disk), restart_for=keys,
                )
            )  # fmt: skip
            self._on_status(self._publisher.status)

    def begin_to_end(self) -> None:
        """Nothing is started from now on: the supervisor is about to end."""
        self._is_ending = True

    def _refuse_at_the_end(self) -> None:
        if self._is_ending:
            raise MachineError("The machine is not started", "its supervisor is about to end", "Try again")

    async def leave(self) -> None:
        """The supervisor ends; a VM lives on."""
        self._call_off_restart()
        self._stop_request.call_off()
        if self._stopping is not None:
            self._stopping.cancel()
        if self._life is not None:
            await self._life.leave()
        if self._suspending is not None:
            await asyncio.wait({self._suspending})
        await self._deleted()
        if self._suspension is not None:
            await self._suspension.leave()
        self._disconnect()
        self._own_ports.close()

    def _on_status(self, status: MachineStatus) -> None:
        """What a suspended machine has published goes on being there, and wakes it."""
        if status.state is State.SUSPENDED and self._suspension is not None and not self._is_ending:
            vm, at = self._suspension.vm, self._settings.publish_on
            forwards = {moved(forward, at) for forward in vm.forwards}
            self._own_ports.wait_for_calls(forwards | {moved6(forward, at) for forward in vm.forwards6})
        elif status.state in (State.STOPPED, State.FAILED, State.STARTING):
            self._own_ports.shut_all()

    def _ask_to_stop(self, patience_s: float) -> None:
        was, life = self.state, self.life
        if life is None:
            return
        if was is State.STOPPING:
            self._publisher.update(detail=ENDING, deadline_s=patience_s, action="")
        else:
            self._stop_request.call_off()  # of another guest, which has ended without having heard
            life.about_to_stop()
            self._publisher.move(State.STOPPING, ENDING if was is State.RUNNING else "", deadline_s=patience_s)
        self._stop_request.begin(life, was is State.STARTING, lambda: self.life is life)

    def _refuse_hung(self, next_step: str = "") -> None:
        if self._parts.driver.is_running():
            status = self._publisher.status
            raise MachineError("A VM runs and does not answer", status.detail, next_step or status.next_step)


def _on_job_done(job: asyncio.Task[Any]) -> None:
    if not job.cancelled() and (error := job.exception()) is not None:
        log.info("%s: %s", job.get_name(), error)
