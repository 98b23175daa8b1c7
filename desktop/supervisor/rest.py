"""The end of a supervisor with its session, or with the host: no hypervisor is left, and nothing is lost."""

from __future__ import annotations

import asyncio
import logging

from desktop.core.errors import MoorageError
from desktop.core.machine import LIVE, State, is_late_to_resume

from .machine import Machine
from .publisher import Publisher

log = logging.getLogger("desktop.supervisor")

RESUME_S = 25.0
REST_S = 75.0  # systemd gives 90 s, and a kill may take 10


async def rest(machine: Machine, publisher: Publisher) -> None:
    """Suspends the machine, all on disk; where that cannot be, stops it; where that takes too long, ends it."""
    machine.begin_to_end()
    try:
        async with asyncio.timeout(REST_S):
            if not await _is_suspended(machine, publisher):
                # One that still resumes is waited for once more as long, then its guest is asked.
                await machine.stop(RESUME_S if machine.state is State.RESUMING else REST_S)
    except (TimeoutError, MoorageError) as error:
        log.error("the VM is ended by force: %s", str(error) or f"{REST_S:.0f} s passed")
        if machine.life is not None:
            await machine.life.kill()


async def _is_suspended(machine: Machine, publisher: Publisher) -> bool:
    """Whether nothing is left to be ended. One that starts is not waited for."""
    await publisher.until(lambda status: status.state is not State.RESUMING or is_late_to_resume(status), RESUME_S)
    try:
        if machine.state in (State.RUNNING, State.SUSPENDING):
            await machine.suspend()
        await machine.settled()
    except MoorageError as error:
        log.warning("the machine is stopped, since it could not be suspended: %s", error)
        return False
    return machine.state not in LIVE
