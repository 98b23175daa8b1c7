"""The life of one VM: from the wish to start it, or from its adoption, to its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from desktop.core.errors import DeadlineExceeded, MachineError, MoorageError, SettingsError
from desktop.core.machine import (
    ANSWER,
    LATE_ENGINE,
    WAITS_FOR_ENGINE,
    BootStep,
    Engine,
    HostUse,
    Hypervisor,
    State,
)
from desktop.core.machine import Vm as VmStatus
from desktop.core.paths import MachineFiles
from desktop.core.published_status import now
from desktop.core.settings import Accelerator, MachineSettings, waiting
from desktop.machine import disk, forwarding, migration, ram, saved
from desktop.machine.builds import builds_of
from desktop.machine.driver import End, QemuDriver, Vm
from desktop.machine.forwarding import Forward
from desktop.machine.ram import Unusable
from desktop.machine.record import VmRecord
from desktop.machine.threads import finish

from . import logs
from .adoption import resynchronise
from .allowed_ports import AllowedPorts
from .boot import Plan, make_plan, verify_builds
from .boot_port import BootPort
from .coming_up import REACHABLE, ComingUp
from .console import Console
from .console_size import ConsoleSize
from .disk_growth import grow
from .disk_watch import DiskWatch
from .ending import Ending, judge, log_starts, qemu_words
from .forwards import moved
from .guest_clock import GuestClock
from .loading import load
from .memory_watch import MemoryWatch
from .own_ports import OwnPorts
from .ports import Ports
from .publisher import Publisher
from .shares import Shares
from .suspension import SAVED, Suspension
from .way_out import WayOut

log = logging.getLogger("desktop.supervisor")

T = TypeVar("T")

STEPS_KEPT = 50
SMALLER = "disk"  # the topic of warnings about a disk that is smaller than the settings say
SYNC = "/bin/sync"
SYNC_S = 0.2  # a guest that writes more than that loses no more than a power cut would take
CLOCK_S = 0.5
GIVE_BACK = "sync; echo 3 >/proc/sys/vm/drop_caches"
GIVE_BACK_S = 20.0
STEADY_S = 2.5  # the guest tells of free pages every 2 s, some at a time
MEND = "Mend the machine's settings and resume it; it stays suspended"
AGAIN = "Resume it again; with other shared folders in its settings it boots from its disk"
Verify = Callable[[], Awaitable[None]]

EMULATION = "Emulation (TCG) is slow and no security boundary: run only what you trust"


@dataclass(frozen=True)
class Parts:
    """What a life is lived with."""

    files: MachineFiles
    driver: QemuDriver
    console: Console
    size: ConsoleSize
    publisher: Publisher


class Life:
    """Publishes what becomes of its VM. Lived once."""

    def __init__(
        self, parts: Parts, settings: MachineSettings, own_ports: OwnPorts, problem: SettingsError | None = None
    ) -> None:
        """`problem` is why not all of the settings could be read."""
        self.vm: Vm | None = None
        self.failure: MoorageError | None = None
        self._files = parts.files
        self._driver = parts.driver
        self._console = parts.console
        self._size = parts.size
        self._publisher = parts.publisher
        self._settings = self._wished = settings
        self._problem = problem
        self._shares = Shares(parts.files, settings, parts.publisher, parts.driver.start_time)
        self._way_out = WayOut(parts.files, parts.publisher)
        self._own_ports = own_ports
        self._ending = Ending.BY_ITSELF
        self._task: asyncio.Task[None] | None = None
        self._rising: asyncio.Task[None] | None = None
        self._memory: int | None = None  # descriptor of the guest's memory, as long as it is this life's
        self._unspent: Suspension | None = None  # what is resumed
        self._disk_watch: DiskWatch | None = None
        self._ports: Ports | None = None
        self._allowed: AllowedPorts | None = None

    def take_ports(self, new: MachineSettings) -> None:
        """What containers publish, and where they reach the host, is by these settings from now on. The others wait."""
        self._wished = new
        self._settings = msgspec.structs.replace(
            self._settings, publish_on=new.publish_on, host_ports=new.host_ports
        )
        if self._ports is not None and self._allowed is not None:
            self._ports.publish_on(new.publish_on)
            self._allowed.allow(new.host_ports)
        if self.vm is not None:
            status, keys = self._publisher.status.vm, waiting(self.vm.record.settings, new)
            self._publisher.update(vm=msgspec.structs.replace(status, restart_for=keys))

    def resume(self, suspension: Suspension) -> None:
        self._publisher.move(State.RESUMING, engine=Engine())
        self._unspent = suspension
        self._begin(self._resume(suspension))

    @property
    def running_since(self) -> str:
        return self.vm.record.running_since if self.vm is not None else ""

    def savable(self) -> tuple[Vm, int]:
        """The VM and its memory's descriptor; MachineError where it cannot be saved."""
        if self.vm is None or self._memory is None:
            raise MachineError("This machine cannot be suspended", "its memory is QEMU's own", "Stop it instead")
        return self.vm, self._memory

    async def check_savable(self) -> None:
        """MachineError where it cannot be saved, or what uses it now does not let it be."""
        vm, _ = self.savable()
        await self._shares.check_unused(vm)

    async def give_back(self) -> None:
        """Lets the guest hand back what it does not need, so that little is to be saved. Takes some seconds.

        A suspend that somebody waits for goes without: with 300 MiB in its caches 637 were saved, and as many where
        those had been dropped just before, since the guest tells of free pages seconds later; 330 once it had. Dropping
        them first only made that suspend take 0.6 to 1.7 s longer.
        """
        vm, memory = self.savable()
        try:
            await vm.agent.execute("/bin/sh", "-c", GIVE_BACK, deadline_s=GIVE_BACK_S)
        except MoorageError as error:
            log.info("the guest has not given back its caches: %s", error)
            return
        held, since = os.fstat(memory).st_blocks, time.monotonic()
        end = since + GIVE_BACK_S
        while since + STEADY_S > (now_s := time.monotonic()) and now_s < end and self._memory == memory:
            await asyncio.sleep(STEADY_S / 5)
            if (holds := os.fstat(memory).st_blocks) < held:
                held, since = holds, time.monotonic()

    async def save(self) -> Suspension:
        """Stops the guest and saves it; `end_saved` is to follow. Where it fails, the guest goes on."""
        vm, memory = self.savable()
        await self._shares.unmount(vm)
        try:
            await vm.agent.execute(SYNC, deadline_s=SYNC_S)
        except MoorageError as error:
            log.warning("the guest's disk was not synced before it was suspended: %s", error)
        with self._disk_watch.held() if self._disk_watch is not None else contextlib.nullcontext():
            await self._save(vm)
            with contextlib.suppress(OSError):
                vm.note(disk=await finish(disk.mark, self._files.disk))
        self._memory = None
        self._ending = max(self._ending, Ending.SAVED)
        return Suspension(self._files, vm.record, memory, partial(self._publisher.warn, SAVED))

    async def _save(self, vm: Vm) -> None:
        forwards: tuple[Forward, ...] = ()
        try:
            forwards = tuple(await forwarding.existing(vm.monitor))
            vm.note(forwards=forwards, forwards6=tuple(self._own_ports.open6))
            await self._own_ports.take_over(forwards, partial(forwarding.remove, vm.monitor))
            await migration.save(vm.monitor, await finish(saved.begin, self._files))
        except (MoorageError, OSError) as error:
            if vm.process.alive:
                with contextlib.suppress(MoorageError):
                    await self._own_ports.hand_over(forwards, partial(forwarding.add, vm.monitor))
                if self._ports is not None:
                    self._ports.look_again()
                with contextlib.suppress(MoorageError):  # a guest that stands still has no ports at all
                    await vm.monitor.execute("cont")
                    await self._shares.mount(vm)
            await finish(saved.abandon, self._files)
            raise MachineError("The machine could not be suspended", str(error), "It goes on as before") from error

    async def end_saved(self) -> None:
        """Ends the hypervisor of a guest that stands still and is saved; its disk has been flushed."""
        if self.vm is not None:
            await self.vm.kill()
        await self.over()

    def power_on(self) -> None:
        self._publisher.move(State.STARTING, boot_steps=(), engine=Engine())
        self._begin(self._power_on())

    def take_over(self, vm: Vm) -> None:
        """Goes on with a VM that runs; its console is connected already."""
        self.vm = vm
        self._memory = ram.find(vm.process.pid) if ram.IS_POSSIBLE else None
        record = vm.record
        self._publisher.move(State.RESUMING if record.is_resumed else State.STARTING)
        self._describe(record)
        self._shares.take_over(record)
        self._way_out.adopt(record)
        if record.running_since:
            self._publisher.move(State.RUNNING, since=record.running_since)
        if record.is_stopping:
            self._begin(self._live(vm, asyncio.sleep(0)))  # it comes up no more
        else:
            self._begin(self._adopted(vm) if record.running_since else self._adopted_while_starting(vm))

    async def grow_disk(self, limit_mib: int) -> None:
        """Gives a running guest the room that the settings promise it."""
        if self.vm is not None:
            await grow(self._files, self.vm, limit_mib)
            limit_mib = disk.limit_mib(self._files.disk, limit_mib)
            self._publisher.update(vm=msgspec.structs.replace(self._publisher.status.vm, disk_mib=limit_mib))

    async def kill(self) -> None:
        """Ends the VM by force, or the start of one; returns when it is over."""
        self._ending = Ending.KILLED
        if self.vm is not None:
            await self.vm.kill()
        elif self._task is not None:
            self._task.cancel()
        await self.over()

    def about_to_stop(self) -> None:
        """An engine that comes up now changes nothing any more, and one that stops is not held up."""
        self._ending = max(self._ending, Ending.ASKED)
        if self.vm is not None:
            self.vm.note(is_stopping=True)
        if self._ports is not None:
            self._ports.let_go()
        if self._rising is not None:
            self._rising.cancel()

    async def over(self) -> None:
        if self._task is not None:
            await asyncio.wait({self._task})

    async def leave(self) -> None:
        """Lets go of the VM, which lives on for the next supervisor."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _begin(self, life: Coroutine[Any, Any, None]) -> None:
        self._task = asyncio.create_task(life, name="life of a VM")
        self._task.add_done_callback(self._on_over)

    def _on_over(self, task: asyncio.Task[None]) -> None:
        self._shares.let_go()
        self._way_out.let_go()
        if self._memory is not None:  # QEMU, where it lives on, has its own
            os.close(self._memory)
            self._memory = None
        self._tell_how_it_ended(task)

    def _tell_how_it_ended(self, task: asyncio.Task[None]) -> None:
        """Neither a start that was broken off nor a fault of ours leaves the machine in a state that never ends."""
        if task.cancelled():
            if self._ending is Ending.KILLED:
                self._end(State.STOPPED)
        elif (error := task.exception()) is not None:
            log.error("the life of the VM broke off", exc_info=error)
            self._fail(MachineError("Moorage stumbled", repr(error), f"Its log is {self._files.supervisor_log}"))

    async def _power_on(self) -> None:
        try:
            vm, verify = await in_words("The machine cannot be started", self._start_qemu())
        except MoorageError as error:
            self._fail(error)
            return
        vm.note(sharing=self._shares.sharing)
        self._describe(vm.record)
        coming_up = self._coming_up(vm)
        await self._live(vm, self._rise(vm, coming_up, verify), coming_up)

    async def _resume(self, suspension: Suspension) -> None:
        """Where the saved state is of no use, the machine boots from its disk; other trouble leaves it suspended."""
        try:
            vm = await in_words("The machine cannot be resumed", self._load(suspension))
        except Unusable as error:
            self._unspent = None
            where = await suspension.set_aside()
            why = f"{error} It is kept in {where}" if where else f"{error} It could not be kept"
            self._publisher.warn(SAVED, f"The suspended state could not be resumed, the machine boots. {why}")
            self._publisher.move(State.STARTING, boot_steps=())
            await self._power_on()
        except MoorageError as error:
            self._fail(error)
        else:
            vm.note(sharing=self._shares.sharing)
            self._describe(vm.record)
            coming_up = self._coming_up(vm)
            await self._live(vm, self._wake(vm, coming_up), coming_up)

    async def _load(self, suspension: Suspension) -> Vm:
        """A hypervisor with the saved machine in it, which stands still; from here on nobody can resume it again."""
        plan = await make_plan(self._files, self._settings, was=suspension.vm)
        async with (
            self._way_out.offered(plan, self._settings, suspension.vm) as plan,
            self._shares.offered(plan, suspension.vm) as plan,
        ):
            if not plan.fits(suspension.vm):
                if (failure := self._shares.failure) is not None:
                    what = "A shared folder of the suspended machine cannot be shared now"
                    raise MachineError(what, failure.why, AGAIN)
                if (problem := self._problem) is not None:
                    raise SettingsError(problem.what, problem.why, MEND)
                raise Unusable("The saved state belongs to another machine", _made_with(suspension.vm))
            vm, self._memory = await load(self._files, self._driver, plan, suspension)
        return vm

    async def _wake(self, vm: Vm, coming_up: ComingUp) -> None:
        await self._join_console()
        forwards = [moved(forward, self._settings.publish_on) for forward in vm.record.forwards]
        # What it goes on from is spent: a QEMU that takes its time gets it, as much as a start has.
        with contextlib.suppress(DeadlineExceeded):
            await self._own_ports.hand_over(forwards, partial(forwarding.add, vm.monitor))
        with contextlib.suppress(DeadlineExceeded):
            await vm.monitor.execute("cont")
        setting = asyncio.create_task(resynchronise(vm), name="guest's clock")
        try:
            # Beside the wait for the engine: the first call that comes through sees the right time.
            await self._come_up_again(vm, coming_up, partial(_a_moment_for, setting))
            await setting
            await finish(saved.clear, self._files)
            await self._grow_disk_again()
        finally:
            setting.cancel()

    async def _come_up_again(self, vm: Vm, coming_up: ComingUp, beside: Verify | None = None) -> None:
        """However late its engine is, a machine that was resumed is not given up: its memory is nowhere else."""
        await self._shares.mount(vm)
        coming_up.on_step(BootStep(REACHABLE, 0.0))
        while True:
            try:
                await self._come_up(vm, coming_up, beside)
                return
            except MoorageError as error:
                self._tell_late(error)
                coming_up.begin_again()

    def _tell_late(self, error: MoorageError) -> None:
        log.info("%s: %s", LATE_ENGINE, error)
        self._publisher.update(detail=f"{LATE_ENGINE}. {WAITS_FOR_ENGINE}", deadline_s=None, action="kill")

    async def _grow_disk_again(self) -> None:
        """The limit may have been raised while nobody was there to take it."""
        try:
            await self.grow_disk(self._settings.disk_mib)
        except MoorageError as error:
            self._publisher.warn(SMALLER, str(error))

    async def _start_qemu(self) -> tuple[Vm, Verify]:
        # What was saved is of another past than the one that begins now.
        await finish(saved.discard, self._files)
        self._memory = ram.create(self._settings.memory_mib) if ram.IS_POSSIBLE else None
        plan = await make_plan(self._files, self._settings, self._memory)
        self._tell_of_proxies(plan.local_proxies)
        for path in (self._files.qemu_log, self._files.engine_log, self._files.network_log, self._files.shares_log):
            logs.rotate(path)
        await self._console.reset()
        starts = log_starts(self._files)
        plan = replace(plan, facts=msgspec.structs.replace(plan.facts, log_starts=starts))
        try:
            async with self._way_out.offered(plan, self._settings) as plan:
                return await self._start_sharing(plan), plan.verify
        except MoorageError as error:
            await plan.verify()  # of a file that is damaged or gone QEMU says neither why nor what to do
            words = "\n".join(filter(None, (error.why, qemu_words(self._files, starts))))
            raise type(error)(error.what, words, error.next_step) from error

    async def _start_sharing(self, plan: Plan) -> Vm:
        """A virtiofsd that ends takes a QEMU that has just begun with it: then the machine starts without."""
        with_them = plan
        try:
            async with self._shares.offered(plan) as with_them:
                return await self._driver.start(
                    with_them.description, plan.runtime.environment, with_them.facts
                )  # fmt: skip
        except MachineError:
            if not with_them.facts.shares or with_them.facts.exported:
                raise
            self._shares.give_up(with_them.facts.shares)
        return await self._driver.start(plan.description, plan.runtime.environment, plan.facts)

    def _tell_of_proxies(self, unreachable: str) -> None:
        self._publisher.warn(
            "proxy",
            f"The engine does without this computer's proxy, which the VM cannot reach: {unreachable}."
            " Allow its port in Settings and restart the machine, or name a proxy of your network under"
            " `engine.proxies`" if unreachable else "",
        )  # fmt: skip

    async def _adopted(self, vm: Vm) -> None:
        await self._live(vm, self._come_back(vm))

    async def _adopted_while_starting(self, vm: Vm) -> None:
        coming_up = self._coming_up(vm)
        if vm.record.is_resumed:
            await self._live(vm, self._come_back_late(vm, coming_up), coming_up)
            return
        for step in vm.record.boot_steps:
            coming_up.on_step(step)
        verify = partial(verify_builds, builds_of(self._files.home, vm.record))
        await self._live(vm, self._come_up(vm, coming_up, verify), coming_up)

    def _coming_up(self, vm: Vm) -> ComingUp:
        return ComingUp(self._files, self._settings.start_deadline_s, vm.record.log_starts.engine)

    async def _live(self, vm: Vm, rising: Coroutine[Any, Any, None], coming_up: ComingUp | None = None) -> None:
        """From a VM that runs to its end, whatever that is."""
        self.vm = vm
        self._size.power_on(vm)
        on_pause, on_step = (coming_up.pause, coming_up.on_step) if coming_up else (_ignore, _ignore)
        disk_watch = self._disk_watch = DiskWatch(self._files, vm, self._publisher, on_pause)
        self._ports = Ports(self._files.channel_socket, vm, self._own_ports, self._publisher, self._settings.publish_on)
        self._allowed = AllowedPorts(vm, self._publisher, self._settings.host_ports)
        clock, memory_watch = GuestClock(vm), MemoryWatch(vm)
        ending = asyncio.create_task(vm.wait(), name="end of the VM")
        port = asyncio.create_task(self._follow_boot(vm, on_step), name="boot port")
        self._rising = asyncio.create_task(rising, name="coming up")
        jobs = (ending, port, self._rising)
        try:
            await disk_watch.look()
            await asyncio.wait({ending, self._rising}, return_when=asyncio.FIRST_COMPLETED)
            if self._rising.done():
                await self._settle(vm, self._rising)
            end = await ending
        finally:
            clock.close()
            memory_watch.close()
            disk_watch.close()
            await self._ports.close()
            await self._allowed.close()
            self._size.part()
            for job in jobs:
                job.cancel()
            await asyncio.wait(jobs)
            await vm.close()
        await self._shares.end()
        await self._way_out.end()
        await self._console.disconnected()
        self._conclude(vm, end)

    async def _rise(self, vm: Vm, coming_up: ComingUp, verify: Verify) -> None:
        await self._join_console()
        await self._come_up(vm, coming_up, verify)
        await resynchronise(vm)  # its clock began with whole seconds
        await finish(saved.delete_aside, self._files, saved.ASIDE_DAYS)

    async def _join_console(self) -> None:
        try:
            await self._console.connect()
        except (MoorageError, OSError) as error:
            log.warning("the console cannot be joined: %s", error)

    async def _come_up(self, vm: Vm, coming_up: ComingUp, verify: Verify | None = None) -> None:
        await coming_up.wait(verify)
        if self._publisher.state is State.STARTING:
            self._keep_step(vm, BootStep(ANSWER, self._seconds_of_boot(vm)))
        await in_words("The machine cannot be started", finish(disk.note_use, self._files.disk_new))
        since = now()
        vm.note(running_since=since)
        self._publisher.move(State.RUNNING, since=since)
        self._publish_ports()
        self._size.join(vm)

    async def _come_back_late(self, vm: Vm, coming_up: ComingUp) -> None:
        """From a resume whose supervisor died."""
        await self._come_up_again(vm, coming_up)
        await resynchronise(vm)
        await self._grow_disk_again()

    async def _come_back(self, vm: Vm) -> None:
        await self._shares.mount(vm)  # whoever died may have been about to save it
        self._publish_ports()
        await resynchronise(vm)
        self._size.join(vm)

    def _publish_ports(self) -> None:
        if self._ports is not None and self._allowed is not None and self._ending is Ending.BY_ITSELF:
            self._ports.begin()
            self._allowed.begin()

    async def _settle(self, vm: Vm, rising: asyncio.Task[None]) -> None:
        """A VM whose engine does not come up is of no use: it goes, its logs stay; but for one that was resumed."""
        error = None if rising.cancelled() else rising.exception()
        if isinstance(error, MoorageError) and vm.record.is_resumed:
            self._tell_late(error)
        elif isinstance(error, MoorageError):
            self.failure = error
            await vm.kill()
        elif error is not None:
            raise error

    async def _follow_boot(self, vm: Vm, on_step: Callable[[BootStep], None]) -> None:
        port = BootPort(vm.record.booted_at_s)
        port.step.connect(partial(self._keep_step, vm))
        port.step.connect(on_step)
        port.step.connect(self._shares.on_step)
        await port.follow(self._files.boot_socket)

    def _keep_step(self, vm: Vm, step: BootStep) -> None:
        """In the order in which they were done, which is not quite that in which they are heard of."""
        steps = sorted((*self._publisher.status.boot_steps, step), key=lambda step: step.at_s)
        kept = tuple(steps[-STEPS_KEPT:])
        self._publisher.update(boot_steps=kept)
        vm.note(boot_steps=kept)

    def _seconds_of_boot(self, vm: Vm) -> float:
        """Never before the last step, whatever clock the guest had."""
        told_s = max((step.at_s for step in self._publisher.status.boot_steps), default=0.0)
        return max(told_s, round(time.monotonic() - vm.record.booted_at_s, 2))

    def _describe(self, record: VmRecord) -> None:
        self._publisher.update(
            boot_steps=record.boot_steps,
            hypervisor=hypervisor_of(record),
            vm=VmStatus(
                cpus=record.cpus, memory_mib=record.memory_mib,
                disk_mib=disk.limit_mib(self._files.disk, self._settings.disk_mib),
                disk_used_mib=disk.used_mib(self._files.disk), kernel=record.kernel,
                shares=record.shares, restart_for=waiting(record.settings, self._wished),
            ),
        )  # fmt: skip
        self._publisher.warn("tcg", EMULATION if record.accelerator == Accelerator.TCG else "")

    def _conclude(self, vm: Vm, end: End) -> None:
        self._driver.forget()
        if self._ending is Ending.SAVED:
            self._end(State.SUSPENDED, self._publisher.status.detail)
        elif self._ending is Ending.KILLED:
            self._end(State.STOPPED)
        else:
            outcome = self.failure or judge(end, self._publisher.state, self._files, vm.record.log_starts)
            if isinstance(outcome, MoorageError):
                self._fail(outcome)
            else:
                self._end(State.STOPPED, outcome)

    def _fail(self, error: MoorageError) -> None:
        self.failure = error
        action = error.action if self._driver.hung_record() is None else "kill"
        self._end(State.FAILED, detail_of(error), error.next_step, action)

    def _end(self, state: State, detail: str = "", next_step: str = "", action: str = "") -> None:
        """What was not resumed is kept, and goes on to settle: it may not have come to that before."""
        if self._unspent is not None and not self._unspent.is_spent:
            self._unspent.settle()
            state, action = State.SUSPENDED, ""
        self._publisher.warn("tcg", "")
        hypervisor = msgspec.structs.replace(self._publisher.status.hypervisor, pid=None)
        self._publisher.move(
            state, detail, next_step, action=action, hypervisor=hypervisor, engine=Engine(), host=HostUse()
        )


def detail_of(error: MoorageError) -> str:
    """What the status of a machine says that failed with it."""
    return "\n".join(filter(None, (error.what, error.why)))


def _ignore(_: object) -> None:
    """What nobody waits for."""


async def in_words(what: str, work: Awaitable[T]) -> T:
    """What the system refuses, such as room on a full disk, is no fault of ours."""
    try:
        return await work
    except OSError as error:
        why = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise MachineError(what, why, "Correct that and start again") from error


async def _a_moment_for(setting: asyncio.Task[None]) -> None:
    """An agent that is slow to answer keeps nobody waiting for long."""
    await asyncio.wait({setting}, timeout=CLOCK_S)


def hypervisor_of(record: VmRecord) -> Hypervisor:
    return Hypervisor(
        version=record.qemu_version, accelerator=record.accelerator, accelerator_reason=record.accelerator_reason,
        pid=record.pid, executable=record.executable,
    )  # fmt: skip


def _made_with(vm: VmRecord) -> str:
    return (
        f"It was made with {vm.cpus} CPUs, {vm.memory_mib} MiB, {vm.accelerator}, QEMU {vm.qemu_version} and"
        f" {Path(vm.guest).name}"
    )
