"""The console broker: the one client of QEMU's console, and a `screen` server for any number of viewers.

It always drains, since a reader that stops stalls the guest. Every byte goes to the ring, the screen keeper, the
pty and each viewer. A new viewer gets the picture as it is and then the live bytes, none lost and none doubled: the
keeper answers in the order in which it is fed, and what comes after the question waits until the answer is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Awaitable, Callable

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles
from desktop.terminal.strip import strip_queries

from . import logs
from .keeper_process import KeeperProcess
from .ring import LIMIT_BYTES, Ring
from .tty import Tty
from .viewer import Viewer, size_of

log = logging.getLogger("desktop.supervisor")

READ_BYTES = 1 << 16
CONNECT_DEADLINE_S = 10.0
ROTATION_LOOK_BYTES = 1 << 20
INPUT_BACKLOG_BYTES = 1 << 16
MARK = b"== Moorage: power on "
"""Begins the line that parts one power-on from the next in console.log."""


class ConsoleBroker:
    """Serves the console of one machine. `resize` is told the size that the viewers leave room for."""

    def __init__(self, files: MachineFiles, resize: Callable[[int, int], Awaitable[None]]) -> None:
        self._files = files
        self._resize = resize
        self._ring = Ring()
        self._keeper = KeeperProcess(self._ring.since_safe_start)
        self._tty = Tty(files.tty, self._on_tty_input)
        self._viewers: list[Viewer] = []
        self._typed_last: Viewer | None = None
        self._size: tuple[int, int] | None = None
        self._console: asyncio.StreamWriter | None = None
        self._draining: asyncio.Task[None] | None = None
        self._until_look = ROTATION_LOOK_BYTES

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    @property
    def keeper_pid(self) -> int | None:
        return self._keeper.pid

    async def open(self) -> None:
        await self._keeper.open()
        self._tty.open()

    async def close(self) -> None:
        await self.disconnected()
        for viewer in self._viewers:
            viewer.drop("The supervisor ends; attach again")
        self._tty.close()
        await self._keeper.close()

    async def reset(self) -> None:
        """A new power-on: the screen begins anew; the log goes on, behind a line with the date."""
        await self.disconnected()
        self._ring.clear()
        self._keeper.feed(b"\x1bc\x1b[3J")
        for viewer in self._viewers:
            viewer.clear()
        await asyncio.to_thread(self._mark_log)

    async def seed(self, log: bytes) -> None:
        """Takes what the VM printed since its power-on, from the log."""
        older = self._files.console_log.with_name(f"{self._files.console_log.name}.1")
        if MARK not in log and older.exists():
            log = await asyncio.to_thread(older.read_bytes) + log
        start = log.rfind(MARK)
        begin = log.find(b"\n", start) + 1 if start >= 0 else 0
        self._take(log[max(begin, len(log) - LIMIT_BYTES) :])

    async def connect(self) -> None:
        """Becomes the only client of QEMU's console socket and drains it from now on."""
        await self.disconnected()
        try:
            async with asyncio.timeout(CONNECT_DEADLINE_S):
                reader, self._console = await asyncio.open_unix_connection(self._files.console_socket)
        except OSError as error:
            raise MachineError("The VM's console cannot be reached", str(error)) from error
        self._draining = asyncio.create_task(self._drain(reader), name="console")

    async def disconnected(self) -> None:
        """The VM is gone. Viewers stay for the next one."""
        task, self._draining = self._draining, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._console is not None:
            self._console.close()
            self._console = None

    async def attach(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: ConsoleRequest
    ) -> None:
        """Serves one viewer until it leaves."""
        viewer = Viewer(reader, writer, request)
        self._viewers.append(viewer)
        await self._settle_size()
        try:
            await self._show_picture(viewer)
            self._inform()
            async for kind, payload in viewer.frames():
                await self._obey(viewer, kind, payload)
        finally:
            self._forget(viewer)
            if self._viewers:
                await self._settle_size()
                self._inform()

    async def _show_picture(self, viewer: Viewer) -> None:
        """The screen as the viewer wants it; the raw ring, made harmless, where the keeper has none."""
        past = self._ring.since_safe_start()
        kind = viewer.request.replay
        if kind == "none":
            viewer.show(frames.REPLAY, b"")
            return
        picture = await self._keeper.picture("vt" if kind == "vt" else "snapshot", viewer.size[1])
        if picture is None:
            viewer.show(frames.REPLAY, strip_queries(past))
        else:
            viewer.show(frames.REPLAY if kind == "vt" else frames.SNAPSHOT, picture)

    async def _obey(self, viewer: Viewer, kind: bytes, payload: bytes) -> None:
        if kind == frames.WINDOW and (size := size_of(payload)) is not None:
            viewer.size = size
            await self._settle_size()
            self._inform()
        elif viewer.request.read_only:
            return
        elif kind == frames.TYPED:
            self._typed_last = viewer
            await self._type(payload)
        elif kind == frames.REPLY and viewer is self._typed_last:
            await self._type(payload)

    async def _type(self, data: bytes) -> None:
        """Hands bytes to the guest, at the pace at which it takes them."""
        console = self._console
        if console is None or console.is_closing():
            return
        console.write(data)
        with contextlib.suppress(ConnectionError):
            await console.drain()

    def _on_tty_input(self, data: bytes) -> None:
        console = self._console
        if console is None or console.is_closing():
            return
        if console.transport.get_write_buffer_size() < INPUT_BACKLOG_BYTES:
            console.write(data)

    async def _settle_size(self) -> None:
        """The smallest viewer rules."""
        size = min(viewer.size[0] for viewer in self._viewers), min(viewer.size[1] for viewer in self._viewers)
        if size != self._size:
            self._size = size
            self._keeper.resize(*size)
            await self._resize(*size)

    def _inform(self) -> None:
        for viewer in self._viewers:
            viewer.inform(len(self._viewers), self._size or viewer.size)

    def _forget(self, viewer: Viewer) -> None:
        if viewer in self._viewers:
            self._viewers.remove(viewer)
        if self._typed_last is viewer:
            self._typed_last = None

    async def _drain(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(READ_BYTES):
                self._take(data)
                self._tty.write(data)
                self._until_look -= len(data)
                if self._until_look < 0:
                    self._until_look = ROTATION_LOOK_BYTES
                    await asyncio.to_thread(logs.rotate, self._files.console_log)

    def _take(self, data: bytes) -> None:
        self._ring.add(data)
        self._keeper.feed(data)
        for viewer in tuple(self._viewers):
            if not viewer.output(data):
                self._forget(viewer)
                viewer.drop("Dropped: this terminal reads too slowly. Attach again")

    def _mark_log(self) -> None:
        logs.rotate(self._files.console_log)
        descriptor = os.open(self._files.console_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(b"\r\n" + MARK + time.strftime("%Y-%m-%d %H:%M:%S ==\r\n").encode())
