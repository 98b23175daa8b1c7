"""Takes over a VM whose supervisor died, so that nothing the guest printed in between is missing or doubled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping

from desktop.core.errors import MoorageError
from desktop.machine.driver import QemuDriver, Vm

from .console import Console

log = logging.getLogger("desktop.supervisor")

JOIN_DEADLINE_S = 5.0
GOES_ON = ("running", "paused")  # `paused` is what a supervisor leaves that dies in the middle of this


async def adopt(driver: QemuDriver, console: Console) -> Vm | None:
    """The running VM, with its console connected; None where none runs."""
    vm = await driver.adopt()
    if vm is None:
        return None
    log.info("taking over the running VM, process %d", vm.process.pid)
    try:
        await _join_console(vm, console)
    except BaseException:
        await vm.close()
        raise
    return vm


async def resynchronise(vm: Vm) -> None:
    """Clears the line to the guest agent of what the dead supervisor left there, and sets the guest's clock."""
    with contextlib.suppress(MoorageError):
        await vm.agent.ping()
        await vm.agent.set_time()


async def _join_console(vm: Vm, console: Console) -> None:
    """The guest stands still while the log is read and the live bytes are joined to it."""
    found = str((await vm.monitor.execute("query-status"))["status"])
    if found == "running":
        await vm.monitor.execute("stop")
    try:
        await console.recall()
        await console.connect()
        await _until_joined(vm)
    except (MoorageError, OSError) as error:
        log.warning("the console cannot be joined: %s", error)
    finally:
        if found in GOES_ON:
            await vm.monitor.execute("cont")


async def _until_joined(vm: Vm) -> None:
    """QEMU takes a connection when it comes round to it; what the guest printed until then would go past us."""
    async with asyncio.timeout(JOIN_DEADLINE_S):
        while not any(map(_is_joined, await vm.monitor.execute("query-chardev"))):
            await asyncio.sleep(0.005)


def _is_joined(device: Mapping[str, object]) -> bool:
    return device["label"] == "console" and not str(device["filename"]).startswith("disconnected:")
