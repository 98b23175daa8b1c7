"""What a console's stream cannot carry into the guest: its rows and columns, by the agent, and a break, by QEMU."""

from __future__ import annotations

import asyncio
import logging

from desktop.core.errors import MachineError, MoorageError
from desktop.machine.driver import Vm

log = logging.getLogger("desktop.supervisor")

STTY = "/usr/bin/stty"
RETRY_S = (0.5, 2.0, 8.0)
"""An agent that is busy or that comes back answers a little later."""


class ConsoleSize:
    """Keeps the size that viewers want; the last one wins, and a guest that comes up later gets it too."""

    def __init__(self) -> None:
        self._wanted: tuple[int, int] | None = None
        self._told: tuple[int, int] | None = None
        self._running: Vm | None = None  # from its power-on
        self._listening: Vm | None = None  # from when its agent is there
        self._telling: asyncio.Task[None] | None = None

    def set(self, columns: int, rows: int) -> None:
        """Takes a size. The guest is told a little later."""
        self._wanted = (columns, rows)
        self._tell()

    async def send_break(self) -> None:
        """Puts a break on the console's line; MachineError where no VM runs."""
        if self._running is None:
            raise MachineError("No break was sent", "The machine does not run", "Start it first")
        await self._running.monitor.execute("chardev-send-break", id="console")

    def power_on(self, vm: Vm) -> None:
        """The VM runs, and its line can be broken from its first moment on."""
        self._running = vm

    def join(self, vm: Vm) -> None:
        """The VM's agent is there."""
        self._running = self._listening = vm
        self._told = None
        self._tell()

    def part(self) -> None:
        self._running = self._listening = None
        if self._telling is not None:
            self._telling.cancel()

    def _tell(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._follow(), name="console size")

    async def _follow(self) -> None:
        while self._listening is not None and (wanted := self._wanted) is not None and wanted != self._told:
            await self._try(self._listening, *wanted)
            self._told = wanted

    async def _try(self, vm: Vm, columns: int, rows: int) -> None:
        """Until the guest has taken it, another size is wanted, or there is no hope."""
        for pause_s in (*RETRY_S, None):
            if not (why := await _resize(vm, columns, rows)):
                return
            log.info("the guest was not told its console's size: %s", why)
            if pause_s is None or self._wanted != (columns, rows):
                return
            await asyncio.sleep(pause_s)


async def _resize(vm: Vm, columns: int, rows: int) -> str:
    """Why it was not done, or nothing."""
    words = (STTY, "-F", f"/dev/{vm.record.console}", "rows", str(rows), "cols", str(columns))
    try:
        done = await vm.agent.execute(*words)
    except MoorageError as error:
        return str(error)
    return "" if done.exit_code == 0 else done.words or f"code {done.exit_code}"
