"""Keeps the console pane attached to the VM's tty: from when it is opened, through every supervisor."""

from __future__ import annotations

import asyncio
import logging

from desktop.client.console import ConsoleConnection
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MoorageError
from desktop.core.machine import LIVE, MachineStatus
from desktop.services.machine import MachineService
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.on_screen import is_on_screen

log = logging.getLogger("desktop.console")

RETRY_S = 0.3
QUEUE_LIMIT_BYTES = 8 << 20
"""So much may wait to be parsed; then the connection is read no further, and the broker knows."""


class ConsoleLink:
    def __init__(self, machine: MachineService, page: ConsoleTabs) -> None:
        self._machine, self._page, self._pane = machine, page, page.machine
        self._connection: ConsoleConnection | None = None
        self._live = asyncio.Event()
        self._attached = asyncio.Event()  # the user has not detached
        self._attached.set()
        self._pane.frame_typed.connect(self._on_typed)
        self._pane.detach_requested.connect(self._on_detach)
        self._pane.only_looks_changed.connect(self._attach_anew)
        page.looked_at.connect(self._tell_looked_at)

    async def run(self) -> None:
        """Attaches again and again while the machine lives; ends by being cancelled."""
        disconnect = self._machine.changed.connect(self._on_status)
        self._on_status(self._machine.status)
        try:
            while True:
                await self._live.wait()
                await self._attached.wait()
                try:
                    await self._attach_once()
                except MoorageError as error:
                    log.info("console: %s", error)
                await asyncio.sleep(RETRY_S)
        finally:
            disconnect()

    async def _attach_once(self) -> None:
        size = self._pane.size_in_cells()
        connection = await self._machine.console(self._request(*size))
        self._connection = connection
        if size != self._pane.size_in_cells():  # it was laid out meanwhile
            self._pane.tell_size()
        self._tell_looked_at(is_on_screen(self._page))
        self._pane.show_attached(True)
        try:
            async for kind, payload in connection.frames():
                self._pane.receive(kind, payload)
                while self._pane.queued_bytes > QUEUE_LIMIT_BYTES:
                    await asyncio.sleep(0.01)
        finally:
            self._connection = None
            self._pane.show_attached(False)
            await connection.close()

    def _request(self, cols: int, rows: int) -> ConsoleRequest:
        return ConsoleRequest(replay="snapshot", cols=cols, rows=rows, read_only=self._pane.only_looks)

    def _attach_anew(self) -> None:
        if self._connection is not None:
            self._connection.detach()

    def _on_typed(self, kind: bytes, payload: bytes) -> None:
        if self._connection is not None:
            self._connection.send(kind, payload)

    def _on_detach(self, detach: bool) -> None:
        """Closing the connection is all: nothing is sent to the guest, and its console goes on."""
        self._attached.clear() if detach else self._attached.set()
        self._pane.show_detached(detach)
        if detach and self._connection is not None:
            self._connection.detach()

    def _tell_looked_at(self, is_so: bool) -> None:
        """A console that is attached and hidden keeps no machine awake."""
        self._on_typed(frames.LOOKED_AT, b"1" if is_so else b"0")

    def _on_status(self, status: MachineStatus) -> None:
        if status.state in LIVE:
            self._live.set()
        else:
            self._live.clear()
