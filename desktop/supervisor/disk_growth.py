"""A disk that changes while the guest uses it: its limit is raised, what is free on it goes back to the host."""

from __future__ import annotations

from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles
from desktop.machine.driver import Vm

GROW = "/usr/lib/moorage/grow"
GROW_DEADLINE_S = 60.0
SYNC = "/bin/sync"
TRIM = ("/usr/bin/fstrim", "/var/lib")
TRIM_DEADLINE_S = 120.0


async def grow(files: MachineFiles, vm: Vm, limit_mib: int) -> None:
    """Raises the disk to the limit and its file system with it. A limit below its size changes nothing."""
    if files.disk.stat().st_size >= limit_mib << 20:
        return
    await vm.monitor.execute("block_resize", device="data", size=limit_mib << 20)
    done = await vm.agent.execute(GROW, deadline_s=GROW_DEADLINE_S)
    if done.exit_code != 0:
        raise MachineError("The guest could not take the larger disk", done.words, "It does at its next start")


async def trim(vm: Vm) -> None:
    """What was deleted a moment ago is on the disk first: the file system discards what its journal has let go.

    By a program: the agent's own `guest-fstrim` hears nobody meanwhile, not who wants to stop the machine either.
    """
    await vm.agent.execute(SYNC, deadline_s=GROW_DEADLINE_S)
    done = await vm.agent.execute(*TRIM, deadline_s=TRIM_DEADLINE_S)
    if done.exit_code != 0:
        raise MachineError("The guest could not tell what is free on its disk", done.words)
