"""A machine as the app follows and steers it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from desktop.client.connection import SupervisorGone
from desktop.client.console import ConsoleConnection
from desktop.client.supervisor import SupervisorClient
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MoorageError
from desktop.core.machine import MachineStatus
from desktop.core.paths import MachineFiles
from desktop.core.signal import Signal

log = logging.getLogger("desktop.machine")

RETRY_FIRST_S = 0.2
RETRY_LAST_S = 5.0


class MachineService:
    """Knows the status of one machine at all times; verbs return when they are done.

    `status` changes by what the supervisor publishes and by nothing else: while that is followed, the answer to a call
    may come after something newer.
    """

    def __init__(self, files: MachineFiles) -> None:
        self.files = files
        self.status = MachineStatus(machine=files.name)
        self.changed: Signal[MachineStatus] = Signal()
        self.lost: Signal[MoorageError] = Signal()  # the supervisor cannot be had; it is tried again
        self._client = SupervisorClient(files)
        self._is_followed = False

    async def look(self) -> MachineStatus:
        """Takes in the status as it is now, without waiting for a supervisor to come up."""
        return await self._do(self._client.latest)

    async def sample(self) -> MachineStatus:
        """Takes in a status with what the hypervisor uses on the host."""
        return await self._do(lambda: self._client.status(samples=True))

    async def follow(self) -> None:
        """Watches for ever. A supervisor that died is started again at once."""
        retry_s = RETRY_FIRST_S
        while True:
            try:
                await self._client.ensure()
                async with aclosing(self._client.watch()) as statuses:
                    async for status in statuses:
                        retry_s = RETRY_FIRST_S
                        self._is_followed = True
                        self._publish(status)
            except SupervisorGone:
                log.info("the supervisor of %s ended; starting it again", self.files.name)
            except MoorageError as error:
                self.lost.emit(error)
            finally:
                self._is_followed = False
            await asyncio.sleep(retry_s)
            retry_s = min(retry_s * 2, RETRY_LAST_S)

    async def start(self) -> None:
        await self._do(self._client.start)

    async def suspend(self) -> None:
        """Saves the machine as it runs and ends its hypervisor; `start` brings it back."""
        await self._do(self._client.suspend)

    async def stop(self) -> None:
        """Stops gracefully; NeedsConfirmation when the guest is late: ask, then `kill`."""
        await self._do(self._client.stop)

    async def restart(self) -> None:
        await self._do(self._client.restart)

    async def kill(self) -> None:
        await self._do(self._client.kill)

    async def reset(self, confirmed: bool = False) -> None:
        """Deletes all that the engine keeps; NeedsConfirmation tells what that is, unless `confirmed`."""
        await self._do(lambda: self._client.reset(confirmed=confirmed))

    async def trim(self) -> MachineStatus:
        """Gives the host back what the guest has freed; the status that follows tells the disk's size."""
        return await self._do(self._client.trim)

    async def settings_changed(self) -> None:
        await self._client.settings_changed()

    async def console(self, request: ConsoleRequest) -> ConsoleConnection:
        return await self._client.console(request)

    async def _do(self, call: Callable[[], Awaitable[MachineStatus]]) -> MachineStatus:
        status = await call()
        if not self._is_followed:
            self._publish(status)
        return status

    def _publish(self, status: MachineStatus) -> None:
        if status != self.status:
            self.status = status
            self.changed.emit(status)
