"""A VM's devices written to a file and read back; its memory stays where it is (QEMU's `x-ignore-shared`)."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from desktop.core.errors import DeadlineExceeded, MachineError

from .qmp import Monitor

DEADLINE_S = 20.0
_LOOK_S = 0.005
_UNDER_WAY = ("setup", "active", "pre-switchover", "device", "cancelling")
_SHARED_STAYS = [{"capability": "x-ignore-shared", "state": True}]


async def save(monitor: Monitor, file: Path) -> None:
    """Stops the guest and writes its devices; it stays stopped, and `cont` lets it go on after a failure too."""
    await monitor.execute("stop")
    await monitor.execute("migrate-set-capabilities", capabilities=_SHARED_STAYS)
    await monitor.execute("migrate", uri=f"file:{file}")
    try:
        await _completed(monitor, "The machine's state cannot be saved")
    except DeadlineExceeded:
        await call_off(monitor)
        raise


async def call_off(monitor: Monitor) -> None:
    """Ends a save that is under way: QEMU lets the guest not go on before, and would stop it again at the end."""
    await monitor.execute("migrate_cancel")
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DEADLINE_S):
            while (await monitor.execute("query-migrate")).get("status") in _UNDER_WAY:
                await asyncio.sleep(_LOOK_S)


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
