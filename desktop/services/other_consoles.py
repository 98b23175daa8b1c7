"""Consoles of other products' VMs on this host: which there are, and one of them opened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.core.host import OtherVm

if TYPE_CHECKING:
    from desktop.host.other_console import SocketConsole, TtyConsole


class OtherConsoles:
    async def find(self) -> list[OtherVm]:
        """Machines that have one now."""
        return [vm for vm in await asyncio.to_thread(_other_vms) if vm.console]

    async def open(self, path: str, cols: int, rows: int) -> TtyConsole | SocketConsole:
        """Raw and for this reader alone; MachineError where somebody else has it. It keeps the size it has."""
        from desktop.host.other_console import open_console

        return await open_console(Path(path))


def _other_vms() -> list[OtherVm]:
    from desktop.host.products import other_vms  # psutil takes time to import

    return other_vms()
