"""A VM's devices written to a file and read back; its memory stays where it is (QEMU's `x-ignore-shared`)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from desktop.core.errors import DeadlineExceeded, MachineError

from .qmp import Monitor

DEADLINE_S = 20.0
_LOOK_S = 0.005
_SHARED_STAYS = [{"capability": "x-ignore-shared", "state": True}]


async def save(monitor: Monitor, file: Path) -> None:
    """Stops the guest and writes its devices; it stays stopped, and `cont` lets it go on after a failure too."""
    await monitor.execute("stop")
    await monitor.execute("migrate-set-capabilities", capabilities=_SHARED_STAYS)
    await monitor.execute("migrate", uri=f"file:{file}")
    await _completed(monitor, "The machine's state cannot be saved")


async def load(monitor: Monitor, file: Path) -> None:
    """Reads the devices into a QEMU that was started with `-incoming defer`; the guest does not run yet."""
    await monitor.execute("migrate-set-capabilities", capabilities=_SHARED_STAYS)
    await monitor.execute("migrate-incoming", uri=f"file:{file}")
    await _completed(monitor, "The machine's saved state cannot be read")


async def _completed(monitor: Monitor, what: str) -> None:
    try:
        async with asyncio.timeout(DEADLINE_S):
            while True:
                found = await monitor.execute("query-migrate")
                if found.get("status") == "completed":
                    return
                if found.get("status") in ("failed", "cancelled"):
                    raise MachineError(what, str(found.get("error-desc", "QEMU does not say why")))
                await asyncio.sleep(_LOOK_S)
    except TimeoutError as error:
        raise DeadlineExceeded(what, f"{DEADLINE_S:.0f} s passed") from error
