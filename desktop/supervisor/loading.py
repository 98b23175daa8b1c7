"""A hypervisor gets the machine that was saved. Where that cannot be, it stays saved, unless it was spent by then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from desktop.core.errors import DeadlineExceeded, MachineError, MoorageError
from desktop.core.paths import MachineFiles
from desktop.machine import disk, migration, saved
from desktop.machine.driver import QemuDriver, Vm
from desktop.machine.qmp import MonitorGone
from desktop.machine.ram import Unusable
from desktop.machine.threads import finish

from .boot import Plan
from .suspension import Suspension

OWN = "Put its own back and resume it; `moorage kill` drops what its containers hold in memory, and it boots from this"


async def load(files: MachineFiles, driver: QemuDriver, plan: Plan, suspension: Suspension) -> tuple[Vm, int]:
    """The saved machine, which stands still, and the descriptor of its memory; nobody can resume it again.

    Unusable where the saved state is of no use, MachineError where it may be another time.
    """
    if not await finish(disk.is_marked, files.disk, suspension.vm.disk):
        raise MachineError("The machine was suspended with another disk", f"{files.disk} was changed", OWN)
    # A guest that cannot write stands still: it had better stay saved. What it is resumed from is freed.
    disk.check_room(files.disk, disk.LATER_BOOT_MIB - saved.size_mib(files))
    memory, state = await suspension.take()
    try:
        return await _started(files, driver, plan, suspension, memory, state), memory
    except BaseException:
        suspension.put_back(memory)
        raise


async def _started(
    files: MachineFiles, driver: QemuDriver, plan: Plan, suspension: Suspension, memory: int, state: Path
) -> Vm:
    was = suspension.vm
    vm = await driver.start(
        replace(plan.description, memory=memory),
        plan.runtime.environment,
        msgspec.structs.replace(
            plan.facts, log_starts=was.log_starts, boot_steps=was.boot_steps, kernel=was.kernel,
            forwards=was.forwards, host_ports=was.host_ports, settings=was.settings, is_resumed=True,
        ),
    )  # fmt: skip
    try:
        await _hand_over(vm, state)
        await finish(saved.spend, files)
        suspension.is_spent = True
        if disk.free_mib(files.disk) < disk.RESUME_MIB:
            await finish(saved.clear, files)  # else later, since it takes its time
    except BaseException:
        await vm.kill()
        await vm.close()
        driver.forget()
        raise
    return vm


async def _hand_over(vm: Vm, state: Path) -> None:
    try:
        await migration.load(vm.monitor, state)
    except DeadlineExceeded:
        raise  # by a computer that is short of time or memory; the state is as good as before
    except MoorageError as error:
        process = vm.process
        if isinstance(error, MonitorGone) and await process.was_killed():
            raise MachineError("The machine's saved state cannot be read", process.exit_words) from error
        raise Unusable("QEMU does not take the saved state", str(error)) from error
