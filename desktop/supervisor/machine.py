"""The machine's verbs: what start, stop, kill and restart mean in each state."""

from __future__ import annotations

import asyncio
import contextlib
import time

import msgspec

from desktop.core.errors import DeadlineExceeded, MachineError, MoorageError, NeedsConfirmation
from desktop.core.machine import LIVE, MachineStatus, State
from desktop.core.machine import Vm as VmStatus
from desktop.core.settings import MachineSettings, read
from desktop.machine import disk, saved

from .adoption import adopt
from .engine_facts import ask_engine
from .life import Life, Parts
from .publisher import Publisher
from .suspension import Suspension

AGENT_WHILE_STARTING_S = 2.0  # a guest that has no agent yet has nothing to lose either
AGENT_RETRY_S = 1.0
LATE = "The guest has not powered off yet; `moorage kill` ends it by force"


class Machine:
    """Steers one machine. Any number of callers at once; each gets the outcome it asked for, or the reason."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._files = parts.files
        self._publisher: Publisher = parts.publisher
        self._life: Life | None = None
        self._suspension: Suspension | None = None
        self._asking: asyncio.Task[None] | None = None
        self._settings = MachineSettings()
        self.settings_changed()

    @property
    def state(self) -> State:
        return self._publisher.state

    @property
    def life(self) -> Life | None:
        """The VM's, as long as there is one."""
        return self._life if self.state in LIVE else None

    async def take_over(self) -> None:
        """Adopts a VM that runs already. One that does not answer is a failure, which `kill` ends."""
        try:
            vm = await adopt(self._parts.driver, self._parts.console)
        except MoorageError as error:
            detail = f"A VM runs, and cannot be taken over.\n{error}"
            self._publisher.move(State.FAILED, detail, "`moorage kill` ends it")
            return
        if vm is not None:
            # A state that it was resumed from, or that was being saved, is of the past as soon as it runs.
            await asyncio.to_thread(saved.discard, self._files)
            self._life = Life(self._parts, self._settings)
            self._life.take_over(vm)
        else:
            await self._find_suspended()

    async def start(self, timeout_s: float | None = None) -> MachineStatus:
        await self._publisher.leave(State.STOPPING, State.SUSPENDING)
        if self.state is State.SUSPENDED:
            await self._resume()
        if self.state in (State.STOPPED, State.FAILED):
            self.settings_changed()
            self._life = Life(self._parts, self._settings)
            self._life.power_on()
        if not await self._publisher.leave(State.STARTING, State.RESUMING, timeout_s=timeout_s):
            raise DeadlineExceeded("The machine is still starting", f"{timeout_s:.0f} s passed", "It goes on starting")
        if self.state is State.RUNNING:
            return self._publisher.status
        failure = self._life.failure if self._life else None
        raise failure or MachineError("The machine did not start", self._publisher.status.detail or "it was stopped")

    async def suspend(self) -> MachineStatus:
        """Saves the machine and ends its hypervisor; what it holds in memory settles on disk afterwards."""
        await self._publisher.leave(State.STARTING, State.RESUMING, State.SUSPENDING)
        if self.state is State.SUSPENDED:
            return self._publisher.status
        life = self.life
        if self.state is not State.RUNNING or life is None:
            raise MachineError("The machine cannot be suspended", f"it is {self.state}", "Start it first")
        await life.suspend()
        self._suspension = life.suspension
        return self._publisher.status

    async def _find_suspended(self) -> None:
        try:
            record = await asyncio.to_thread(saved.read, self._files)
        except MoorageError as error:
            self._set_aside(error)
            return
        if record is not None:
            self._suspension = Suspension(self._files, record)
            self._publisher.update(state=State.SUSPENDED)

    async def _resume(self) -> None:
        """Returns when the machine runs, or when its saved state was of no use and has been set aside."""
        suspension, self._suspension = self._suspension, None
        if suspension is None:
            return
        self.settings_changed()
        self._life = Life(self._parts, self._settings)
        self._life.resume(suspension)
        await self._publisher.leave(State.RESUMING)
        if self.state is State.FAILED and self._life.failure is not None and saved.settled(self._files).path.exists():
            self._set_aside(self._life.failure)

    def _set_aside(self, error: MoorageError) -> None:
        aside = saved.set_aside(self._files)
        words = f"The suspended state could not be resumed: {error}. It is kept in {aside}; the machine boots anew"
        self._publisher.warn("suspended", words)

    async def stop(self, timeout_s: float | None = None) -> MachineStatus:
        """Lets the guest end in peace. NeedsConfirmation when it is late; it may still end by itself."""
        if self.state is State.FAILED:
            self._refuse_hung()
            self._publisher.move(State.STOPPED)
        if self.state is State.SUSPENDED:
            await self.start()
        if self.state not in LIVE:
            return self._publisher.status
        patience_s = self._settings.stop_deadline_s if timeout_s is None else timeout_s
        self._ask_to_stop(patience_s)
        if not await self._publisher.leave(State.STOPPING, timeout_s=patience_s):
            self._publisher.update(detail=LATE, deadline_s=None)
            raise NeedsConfirmation(
                "The machine does not stop", f"{patience_s:.0f} s passed since the guest was asked", LATE
            )
        return self._publisher.status

    async def kill(self) -> MachineStatus:
        self._stop_asking()
        life = self.life
        if self.state is State.SUSPENDED:
            await self._drop_suspended()
        elif life is not None:
            await life.kill()
        elif (hung := self._parts.driver.hung_process()) is not None:
            await hung.kill()
            self._parts.driver.forget()
        if self.state is State.FAILED:
            self._refuse_hung()
            self._publisher.move(State.STOPPED)
        return self._publisher.status

    async def _drop_suspended(self) -> None:
        if self._suspension is not None:
            self._suspension.close()
            await self._suspension.wait_settled()
            self._suspension = None
        await asyncio.to_thread(saved.discard, self._files)
        self._publisher.move(State.STOPPED)

    async def restart(self, timeout_s: float | None = None) -> MachineStatus:
        if self.state is State.STARTING:
            await self.kill()
        await self.stop(timeout_s)
        return await self.start()

    async def status(self) -> MachineStatus:
        """The status with what changes by itself looked up now."""
        life = self.life
        changes: dict[str, object] = {"disk_used_mib": disk.used_mib(self._files.disk), "uptime_s": None}
        if life is not None and life.vm is not None:
            changes["uptime_s"] = round(time.time() - life.vm.record.booted_s, 1)
        if self.state is State.RUNNING:
            engine, kernel = await ask_engine(self._files.channel_socket, self._publisher.status.engine)
            if self.state is State.RUNNING:
                self._publisher.update(engine=engine)
                changes |= {"kernel": kernel} if kernel else {}
        self._publisher.update(vm=msgspec.structs.replace(self._publisher.status.vm, **changes))
        return self._publisher.status

    async def admit(self) -> bool:
        """Whether an engine call may go through: held while the machine starts."""
        await self._publisher.leave(State.STARTING, State.RESUMING)
        return self.state is State.RUNNING

    async def wake(self) -> bool:
        """The same, and a suspended machine is resumed for it."""
        await self._publisher.leave(State.SUSPENDING)
        if self.state is State.SUSPENDED:
            await self.start()
        return await self.admit()

    def settings_changed(self) -> None:
        """Reads machine.toml again. A running VM keeps what it was started with."""
        self._settings, problem = read(MachineSettings, self._files.config)
        if problem is not None or self._files.config.exists():  # of one that was kept aside until it is replaced
            self._publisher.warn("settings", str(problem or ""))
        if self.state not in LIVE:
            self._publisher.update(
                vm=VmStatus(
                    cpus=self._settings.cpus, memory_mib=self._settings.memory_mib,
                    disk_mib=self._settings.disk_mib, disk_used_mib=disk.used_mib(self._files.disk),
                )
            )  # fmt: skip

    async def leave(self) -> None:
        """The supervisor ends; a VM lives on."""
        self._stop_asking()
        if self._life is not None:
            await self._life.leave()
        if self._suspension is not None:
            await self._suspension.wait_settled()

    def _ask_to_stop(self, patience_s: float) -> None:
        was = self.state
        life = self.life
        if life is None:
            return
        if was is not State.STOPPING:
            life.give_up_rising()
            self._publisher.move(State.STOPPING, deadline_s=patience_s)
        else:
            self._publisher.update(detail="", deadline_s=patience_s)
        if self._asking is None or self._asking.done():
            asking = self._end_start(life) if was is State.STARTING else self._ask_guest(life, patience_s)
            self._asking = asyncio.create_task(asking, name="asking the guest to stop")

    async def _end_start(self, life: Life) -> None:
        try:
            if life.vm is not None:
                await life.vm.agent.ping(AGENT_WHILE_STARTING_S)
                await life.vm.agent.shutdown()
                return
        except MoorageError:
            pass  # there is nobody yet to be asked
        await life.kill()

    async def _ask_guest(self, life: Life, patience_s: float) -> None:
        """Asks until the agent has heard: it may be slow on a busy guest."""
        end = time.monotonic() + patience_s
        while life.vm is not None and self.life is life and time.monotonic() < end:
            with contextlib.suppress(MoorageError):
                await life.vm.agent.shutdown()
                return
            await asyncio.sleep(AGENT_RETRY_S)

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._asking.cancel()

    def _refuse_hung(self) -> None:
        if self._parts.driver.is_running():
            raise MachineError(
                "A VM runs and does not answer", self._publisher.status.detail, "`moorage kill` ends it"
            )
