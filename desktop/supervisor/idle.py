"""Idle watch: suspends a machine that nobody has used for a while. While it waits it does nothing at all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from desktop.core.errors import MoorageError
from desktop.core.machine import MachineStatus, State
from desktop.core.settings import SuspendWhen

from .machine import Machine
from .outside import packets_from_outside
from .publisher import Publisher

log = logging.getLogger("desktop.supervisor")

MINUTE_S = 60.0
TOPIC = "idle"


class IdleWatch:
    """Told of every use by `touch`: bytes on docker.sock in either direction, keys at the console, whatever else
    is done with the machine by somebody who is not Moorage itself. `is_in_use` is asked when the time has come.
    """

    def __init__(self, machine: Machine, publisher: Publisher, is_in_use: Callable[[], bool]) -> None:
        self._machine = machine
        self._publisher = publisher
        self._is_in_use = is_in_use
        self._loop = asyncio.get_running_loop()
        self._used_at = 0.0
        self._packets = self._uses = 0
        self._trouble = ""
        self._state: State | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._trying: asyncio.Task[None] | None = None
        self._disconnect = publisher.changed.connect(self._on_status)
        self._on_status(publisher.status)

    def touch(self) -> None:
        """It is used. Called for every block of bytes, so it only takes note."""
        self._used_at = self._loop.time()

    def begin_anew(self) -> None:
        """Counts from now on, by the settings as they are now."""
        self._stop_timer()
        self._used_at = self._loop.time()
        if self._state is State.RUNNING and self._machine.settings.suspend_after_min:
            self._timer = self._loop.call_later(self._patience_s, self._on_time)

    async def close(self) -> None:
        self._disconnect()
        self._stop_timer()
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.wait({self._trying})

    @property
    def _patience_s(self) -> float:
        return self._machine.settings.suspend_after_min * MINUTE_S

    def _on_status(self, status: MachineStatus) -> None:
        if status.state is not self._state:
            self._state = status.state
            self.begin_anew()

    def _on_time(self) -> None:
        left_s = self._used_at + self._patience_s - self._loop.time()
        if left_s > 0:
            self._timer = self._loop.call_later(left_s, self._on_time)
        elif self._is_in_use():
            self.begin_anew()
        else:
            self._trying = self._loop.create_task(self._suspend_if_free(self._used_at), name="idle")

    async def _suspend_if_free(self, used_at: float) -> None:
        """Where containers keep it awake, or it cannot be suspended, the same time passes before the next try."""

        async def is_unused() -> bool:
            return await self._is_free() and self._used_at == used_at and self._state is State.RUNNING

        if await is_unused():
            with contextlib.suppress(MoorageError):  # said when it is suspended
                await self._machine.give_back()
            if not self._is_in_use() and await is_unused():
                await self._suspend()
        if self._state is State.RUNNING:
            self.begin_anew()

    async def _is_free(self) -> bool:
        if self._machine.settings.suspend_when is SuspendWhen.UNUSED:
            return not await self._is_called_from_outside()
        return (await self._machine.status()).engine.containers_running == 0

    async def _is_called_from_outside(self) -> bool:
        """Whether something came for a published port since this was last asked. A guest that is silent is busy."""
        life = self._machine.life
        if life is None or life.vm is None:
            return False
        try:
            packets = await packets_from_outside(life.vm)
        except MoorageError as error:
            log.warning("whether published ports are used is not known: %s", error)
            return True
        before, self._uses = self._uses, self._machine.inward_uses
        if self._uses != before:
            return True
        before, self._packets = self._packets, packets
        return packets not in (0, before)  # 0: the guest has booted since

    async def _suspend(self) -> None:
        words = ""
        try:
            await self._machine.suspend(f"Not used for {self._machine.settings.suspend_after_min} min")
        except MoorageError as error:
            words = f"The machine is not used, and could not be suspended. {error}"
        if words != self._trouble:
            self._trouble = words
            self._publisher.warn(TOPIC, words)
            if words:
                log.warning("%s", words)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
