"""What a console's stream cannot carry into the guest: its rows and columns, by the agent, and a break, by QEMU."""

from __future__ import annotations

import asyncio
import logging

from desktop.core.errors import MoorageError
from desktop.machine.driver import Vm

log = logging.getLogger("desktop.supervisor")

STTY = "/usr/bin/stty"


class ConsoleSize:
    """Keeps the size that viewers want; the last one wins, and a guest that comes up later gets it too."""

    def __init__(self) -> None:
        self._wanted: tuple[int, int] | None = None
        self._told: tuple[int, int] | None = None
        self._vm: Vm | None = None
        self._telling: asyncio.Task[None] | None = None

    async def set(self, columns: int, rows: int) -> None:
        """Takes a size; returns at once."""
        self._wanted = (columns, rows)
        self._tell()

    async def send_break(self) -> None:
        """Puts a break on the console's line; where no VM runs there is none to break."""
        if self._vm is not None:
            await self._vm.monitor.execute("chardev-send-break", id="console")

    def join(self, vm: Vm) -> None:
        """The VM's agent is there."""
        self._vm = vm
        self._told = None
        self._tell()

    def part(self) -> None:
        self._vm = None
        if self._telling is not None:
            self._telling.cancel()

    def _tell(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._follow(), name="console size")

    async def _follow(self) -> None:
        while self._vm is not None and self._wanted is not None and self._wanted != self._told:
            columns, rows = self._told = self._wanted
            tty = f"/dev/{self._vm.record.console}"
            try:
                await self._vm.agent.execute(STTY, "-F", tty, "rows", str(rows), "cols", str(columns))
            except MoorageError as error:
                log.info("the guest was not told its console's size: %s", error)
