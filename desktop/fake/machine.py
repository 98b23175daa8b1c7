"""A pretended machine: the states, verbs and words of the real one, with a clock instead of a hypervisor."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from typing import Any

import msgspec

from desktop.core.errors import (
    DeadlineExceeded,
    ImageError,
    MachineError,
    MoorageError,
    NeedsConfirmation,
    SettingsError,
)
from desktop.core.machine import (
    ANSWER,
    LIVE,
    BootStep,
    HostUse,
    Hypervisor,
    MachineStatus,
    State,
    Supervisor,
    Vm,
    not_running,
    paths_of,
)
from desktop.core.machine import Engine as EngineStatus
from desktop.core.paths import MachineFiles
from desktop.core.published_status import PublishedStatus, now
from desktop.core.settings import MachineSettings, read, taken_at_start, waiting

from . import shapes
from .console import Console
from .engine import Engine
from .faults import Faults

EMULATION = "Emulation (TCG) is slow and no security boundary: run only what you trust"
ENDING = "Waits for its containers to end"
LATE = "The guest has not powered off yet; `moorage kill` ends it by force"
LATE_TO_RESTART = "The guest has not powered off yet, and is started again once it has; `moorage kill` ends it by force"
HUNG = "A VM runs, and cannot be taken over.\nQEMU's monitor does not answer. 10 s passed."
STEPS = ("init", "modules", "disk", "containerd", "engine", "network", "ready")
"""As the guest names them."""

POWER_OFF_S = 0.25
SAVE_S = 0.1


class FakeMachine(PublishedStatus):
    """Steers one pretended machine."""

    def __init__(self, files: MachineFiles, faults: Faults, engine: Engine, console: Console) -> None:
        supervisor = Supervisor(pid=os.getpid(), version="fake", rss_mib=24.0)
        super().__init__(
            MachineStatus(machine=files.name, since=now(), paths=paths_of(files), supervisor=supervisor)
        )
        self._files = files
        self._faults = faults
        self._engine = engine
        self._console = console
        self._job: asyncio.Task[None] | None = None
        self._restarting: asyncio.Task[None] | None = None
        self._failure: MoorageError | None = None
        self._booted_s = 0.0
        self._problem = ""
        self._taken: dict[str, Any] = {}
        self.settings_changed()

    def settings_changed(self) -> None:
        """Takes machine.toml for the next start; tells a mistake in it as a warning."""
        self._settings, problem = read(MachineSettings, self._files.config)
        self._problem = str(problem or "")
        if self.state not in LIVE:
            self._taken = self._taken if self.state is State.SUSPENDED else {}
            self.update(vm=self._vm())
        keys = waiting(self._taken, self._settings)
        self.update(vm=msgspec.structs.replace(self.status.vm, restart_for=keys))
        self.faults_changed()

    def faults_changed(self) -> None:
        """Shows what the scenario says of the host."""
        faults = self._faults
        words = [self._problem, *faults.warnings.values()]
        if self.state in LIVE and faults.accelerator == "tcg":
            words.append(EMULATION)
        changes: dict[str, Any] = {"warnings": tuple(filter(None, words))}
        if self.state in LIVE:
            changes["hypervisor"] = self._hypervisor()
        self.update(vm=msgspec.structs.replace(self.status.vm, disk_used_mib=faults.disk_used_mib), **changes)

    async def start(self, timeout_s: float | None = None) -> MachineStatus:
        await self.leave(State.STOPPING, State.SUSPENDING)
        self._refuse_hung()
        if self.state is State.SUSPENDED:
            self.move(State.RESUMING)
            self._do(self._resume())
        if self.state in (State.STOPPED, State.FAILED):
            self._failure = None
            self.settings_changed()
            self.move(State.STARTING, deadline_s=self._start_deadline_s, boot_steps=())
            self._do(self._boot())
        if not await self.leave(State.STARTING, State.RESUMING, timeout_s=timeout_s):
            raise DeadlineExceeded("The machine is still starting", f"{timeout_s:.0f} s passed", "It goes on starting")
        if self.state is State.RUNNING:
            return self.status
        raise self._failure or MachineError("The machine did not start", self.status.detail or "it was stopped")

    async def suspend(self) -> MachineStatus:
        await self.leave(State.STARTING, State.RESUMING, State.SUSPENDING)
        if self.state is State.SUSPENDED:
            return self.status
        if self.state is not State.RUNNING:
            raise MachineError("The machine cannot be suspended", f"it is {self.state}", "Start it first")
        self.move(State.SUSPENDING)
        self._do(self._save())
        await self.leave(State.SUSPENDING)
        return self.status

    async def _save(self) -> None:
        await asyncio.sleep(SAVE_S)
        self.move(State.SUSPENDED, **self._nothing_runs())

    async def _resume(self) -> None:
        await asyncio.sleep(SAVE_S)
        self.move(State.RUNNING, engine=self._engine_status(), hypervisor=self._hypervisor(), vm=self._vm())

    async def stop(self, timeout_s: float | None = None) -> MachineStatus:
        self._call_off_restart()
        await self.leave(State.SUSPENDING, State.RESUMING)
        self._refuse_hung()
        if self.state is State.FAILED:
            self.move(State.STOPPED)
        if self.state is State.SUSPENDED:
            await self.start()
        if self.state not in LIVE:
            return self.status
        patience_s = self._settings.stop_deadline_s if timeout_s is None else timeout_s
        if self.state is not State.STOPPING:
            self.move(State.STOPPING, ENDING, deadline_s=float(patience_s))
            self._do(self._power_off())
        else:
            self.update(detail=ENDING, deadline_s=float(patience_s), action="")
        if not await self.leave(State.STOPPING, timeout_s=patience_s):
            self.update(detail=LATE, deadline_s=None, action="kill")
            raise NeedsConfirmation(
                "The machine does not stop", f"{patience_s:.0f} s passed since the guest was asked", LATE
            )
        return self.status

    def trim(self) -> MachineStatus:
        """As where 40 MiB were freed."""
        self._faults.disk_used_mib = max(0, self._faults.disk_used_mib - 40)
        self.faults_changed()
        return self.status

    async def kill(self, confirmed: bool = False) -> MachineStatus:
        self._call_off_restart()
        if self.state is State.SUSPENDED and not confirmed:
            raise NeedsConfirmation(
                "The machine is suspended", "Killing it drops what its containers hold in memory", "Its disk stays"
            )
        if self.state in LIVE or self.state is State.SUSPENDED:
            self._off(State.STOPPED)
        elif self.state is State.FAILED:
            self.move(State.STOPPED, **self._nothing_runs())
        return self.status

    async def reset(self, confirmed: bool = False) -> MachineStatus:
        if not confirmed:
            raise NeedsConfirmation(
                "All containers, images, volumes and build caches of the machine will be deleted",
                "Its disk and what is saved of its memory are thrown away; settings and guest image stay",
                "This cannot be undone",
            )
        await self.leave(State.SUSPENDING, State.RESUMING)
        await self.kill(confirmed=True)
        self._engine.forget()
        return self.status

    async def restart(self, timeout_s: float | None = None) -> MachineStatus:
        if self.state is State.STARTING:
            await self.kill()
        try:
            await self.stop(timeout_s)
        except NeedsConfirmation as late:
            self.update(detail=LATE_TO_RESTART)
            self._restarting = asyncio.create_task(self._start_once_stopped(), name="late restart")
            raise NeedsConfirmation(late.what, late.why, LATE_TO_RESTART) from None
        return await self.start()

    async def _start_once_stopped(self) -> None:
        await self.leave(State.STOPPING)
        if self.state is State.STOPPED:
            with contextlib.suppress(MoorageError):  # the status tells it
                await self.start()

    def _call_off_restart(self) -> None:
        if self._restarting is not None:
            self._restarting.cancel()
            self._restarting = None

    def _refuse_hung(self) -> None:
        if self.state is State.FAILED and self.status.action == "kill":
            raise MachineError("A VM runs and does not answer", self.status.detail, self.status.next_step)

    def hang(self) -> None:
        """As where a new supervisor found a hypervisor that does not answer."""
        if self.state in LIVE or self.state is State.STOPPED:
            self._off(State.FAILED, HUNG, "`moorage start` tries again, `moorage kill` ends it", "kill")
            self.update(hypervisor=self._hypervisor())

    def die(self) -> None:
        """The hypervisor is gone, and nobody asked for it."""
        if self.state in LIVE:
            self._fail(
                MachineError(
                    "The machine stopped unexpectedly",
                    "QEMU was ended by signal 9 (SIGKILL)\nqemu-system-x86_64: the fake was told to die",
                    "Start it again",
                )
            )

    def look(self, samples: bool = False) -> MachineStatus:
        """The status with what changes by itself."""
        if self.state in LIVE:
            self.update(vm=msgspec.structs.replace(self.status.vm, uptime_s=round(time.time() - self._booted_s, 1)))
        if self.state is State.RUNNING:
            self.update(engine=self._engine_status())
            if samples:
                busy = 3.0 + 4.0 * (time.time() % 10) / 10
                self.update(host=HostUse(cpu_percent=round(busy, 1), rss_mib=412.0))
        return self.status

    async def admit(self) -> bool:
        """Whether an engine call may go through: held while the machine starts."""
        await self.leave(State.STARTING, State.RESUMING)
        return self.state is State.RUNNING

    async def wake(self) -> bool:
        """The same, and a suspended machine is resumed for it. MachineError says in words why none may."""
        await self.leave(State.SUSPENDING)
        if self.state is State.SUSPENDED:
            await self.start()
        if not await self.admit():
            raise not_running(self.status)
        return True

    async def close(self) -> None:
        self._call_off_restart()
        self._stop_job()
        self._engine.containers.power_off()

    async def _boot(self) -> None:
        self._booted_s = time.time()
        self._taken = taken_at_start(self._settings)
        self._console.power_on()
        self.update(hypervisor=self._hypervisor(), vm=self._vm())
        self.faults_changed()
        ends = self._faults.boot_ends
        if ends in _REFUSALS:
            self._fail(_REFUSALS[ends])
            return
        for name in STEPS:
            await asyncio.sleep(self._faults.boot_step_s)
            if name == "disk" and ends == "error":
                self._fail(_NO_DISK)
                return
            step = BootStep(name, round(time.time() - self._booted_s, 2))
            self.update(boot_steps=(*self.status.boot_steps, step))
            self._console.boot_line(step, last=name == STEPS[-1])
        if ends == "deadline":
            await self._wait_in_vain()
            return
        await asyncio.sleep(self._faults.boot_step_s)
        self._engine.containers.power_on()
        answer = BootStep(ANSWER, round(time.time() - self._booted_s, 2))
        self.update(boot_steps=(*self.status.boot_steps, answer))
        self.move(State.RUNNING, engine=self._engine_status())

    @property
    def _start_deadline_s(self) -> float:
        return self._faults.boot_deadline_s or float(self._settings.start_deadline_s)

    async def _wait_in_vain(self) -> None:
        deadline_s = self._start_deadline_s
        await asyncio.sleep(max(0.0, self._booted_s + deadline_s - time.time()))
        self._fail(
            DeadlineExceeded(
                "The engine is not up in the guest",
                f"{deadline_s:.0f} s passed since power-on\n" + "\n".join(_ENGINE_LINES),
                "Start the machine again; `moorage logs engine` and `moorage logs console` tell more",
            )
        )

    async def _power_off(self) -> None:
        if self._faults.stop_hangs:
            return
        self._console.write(b"\r\npoweroff: stopping dockerd\r\n")
        await asyncio.sleep(POWER_OFF_S)
        self._off(State.STOPPED)

    def guest_powers_off(self) -> None:
        """Somebody typed `poweroff` at the console."""
        if self.state in LIVE:
            self._off(State.STOPPED, "The guest shut itself down")

    def _fail(self, error: MoorageError) -> None:
        self._failure = error
        self._off(State.FAILED, "\n".join(filter(None, (error.what, error.why))), error.next_step, error.action)

    def _off(self, state: State, detail: str = "", next_step: str = "", action: str = "") -> None:
        self._stop_job()
        self._engine.containers.power_off()
        self._console.power_off()
        self.move(state, detail, next_step, action=action, **self._nothing_runs())
        self.faults_changed()

    def _nothing_runs(self) -> dict[str, Any]:
        return {
            "engine": EngineStatus(),
            "host": HostUse(),
            "hypervisor": msgspec.structs.replace(self.status.hypervisor, pid=None),
            "vm": msgspec.structs.replace(self.status.vm, uptime_s=None),
        }

    def _do(self, work: Any) -> None:
        self._stop_job()
        self._job = asyncio.create_task(work, name="pretended machine")

    def _stop_job(self) -> None:
        if self._job is not None and self._job is not asyncio.current_task():
            self._job.cancel()

    def _hypervisor(self) -> Hypervisor:
        return Hypervisor(
            version="11.1.3", accelerator=self._faults.accelerator,
            accelerator_reason=self._faults.accelerator_reason, pid=os.getpid(), executable=sys.executable,
        )  # fmt: skip

    def _vm(self) -> Vm:
        settings = self._settings
        return Vm(
            cpus=settings.cpus, memory_mib=settings.memory_mib, disk_mib=settings.disk_mib,
            disk_used_mib=self._faults.disk_used_mib, kernel=shapes.KERNEL if self.state in LIVE else "",
        )  # fmt: skip

    def _engine_status(self) -> EngineStatus:
        return EngineStatus(
            reachable=True, version=shapes.ENGINE_VERSION, api_version=self._faults.api_version,
            containers_running=self._engine.running,
        )  # fmt: skip


_DAMAGED = ImageError(
    "The guest image in /played/guest is damaged",
    "root.erofs is not as it was built",
    "Build it again with `moorage guest build`",
)
_NO_KVM = SettingsError(
    "KVM was chosen in Settings and cannot be used",
    "KVM opens on this host, but a test boot stayed silent for 6 s",
    "Set the accelerator to auto",
)
_REFUSALS = {"image": _DAMAGED, "settings": _NO_KVM}
_NO_DISK = MachineError(
    "The guest cannot start",
    "the data disk has errors that need a person: e2fsck -f /dev/vda\n"
    "/dev/vda: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.",
    "Its file is data.raw: repair it with e2fsck, or move it away to begin with an empty one",
)
_ENGINE_LINES = (
    'time="2026-01-02T03:04:05Z" level=info msg="Starting up"',
    'time="2026-01-02T03:04:06Z" level=error msg="containerd did not answer" <b>&amp;</b>',
)
