"""Finds what a supervisor that died has left, and takes over a VM that runs, so that nothing the guest printed in
between is missing or doubled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping

from desktop.core.errors import MoorageError
from desktop.core.paths import MachineFiles
from desktop.machine import migration, saved
from desktop.machine.driver import QemuDriver, Vm
from desktop.machine.ram import Unusable
from desktop.machine.record import VmRecord
from desktop.machine.threads import finish

from .console import Console
from .ending import judge_unseen
from .publisher import Publisher
from .suspension import SAVED, Suspension

log = logging.getLogger("desktop.supervisor")

LOST = (
    "The machine was suspended and not yet on disk when its supervisor ended: what its containers held in memory is"
    " lost, as after a power cut"
)
JOIN_DEADLINE_S = 5.0
# What a supervisor leaves that dies in the middle of this, or of saving the machine.
GOES_ON = ("running", "paused", "finish-migrate", "postmigrate")
HOLLOW = "inmigrate"  # it waited for a saved state, which is still where it was


async def find_suspended(
    console: Console, files: MachineFiles, publisher: Publisher, left: VmRecord | None
) -> Suspension | MoorageError | str:
    """Where no VM runs: the one that is suspended, else why there is none, as words or a failure.

    `left` is the record of one that ended unseen. A saved state that is lost or of no use is a warning.
    """
    publisher.warn(SAVED, LOST if files.suspended_new.exists() else "")
    if (suspension := await _suspended(console, files, publisher)) is not None:
        return suspension
    if left is None:
        return ""
    await console.recall()
    await console.disconnected()  # what it printed last is in its log now
    return judge_unseen(left, files)


async def _suspended(console: Console, files: MachineFiles, publisher: Publisher) -> Suspension | None:
    if not files.suspended.exists():
        await finish(saved.discard, files)
        return None
    try:
        record = await finish(saved.read, files)
    except Unusable as error:
        aside = await finish(saved.set_aside, files)
        why = f"{error} It is kept in {aside}"
        publisher.warn(SAVED, f"The suspended state could not be read. {why}")
        return None
    await console.recall()
    return Suspension(files, record.vm)


async def adopt(driver: QemuDriver, console: Console, files: MachineFiles) -> Vm | VmRecord | None:
    """The running VM, with its console connected; then no saved state of it is left.

    The record of one that ended while there was no supervisor; None where there was none.
    """
    left = driver.record()
    vm = await driver.adopt()
    if vm is None:
        return left
    log.info("taking over the running VM, process %d", vm.process.pid)
    try:
        found = str((await vm.monitor.execute("query-status"))["status"])
        if found == HOLLOW:
            await vm.kill()
        else:
            await finish(saved.discard, files)
            await _join_console(vm, console, found)
            return vm
    except BaseException:
        await vm.close()
        raise
    await vm.close()
    driver.forget()
    return None


async def resynchronise(vm: Vm) -> None:
    """Clears the line to the guest agent of what the dead supervisor left there, and sets the guest's clock."""
    with contextlib.suppress(MoorageError):
        await vm.agent.set_time()


async def _join_console(vm: Vm, console: Console, found: str) -> None:
    """The guest, which was found in that state, stands still while the live bytes are joined to the log."""
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
            if found != "running":
                await migration.call_off(vm.monitor)
            await vm.monitor.execute("cont")


async def _until_joined(vm: Vm) -> None:
    """QEMU takes a connection when it comes round to it; what the guest printed until then would go past us."""
    async with asyncio.timeout(JOIN_DEADLINE_S):
        while not any(map(_is_joined, await vm.monitor.execute("query-chardev"))):
            await asyncio.sleep(0.005)


def _is_joined(device: Mapping[str, object]) -> bool:
    return device["label"] == "console" and not str(device["filename"]).startswith("disconnected:")
