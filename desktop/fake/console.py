"""A pretended tty: boot lines, then a prompt that echoes and knows a few commands; many may attach."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.machine import BootStep
from desktop.terminal.foreign import blank

from .shell import Shell

RING_BYTES = 1 << 20
BACKLOG_BYTES = 1 << 20
ASK_POSITION = b"\x1b[6n"
"""The prompt of the guest's shell asks each time; viewers answer, and a replay must not ask again."""


class Viewer:
    def __init__(self, writer: asyncio.StreamWriter, request: ConsoleRequest) -> None:
        self._writer = writer
        self.request = request
        self.size = _clamped(request.cols, request.rows)

    def send(self, kind: bytes, payload: bytes) -> None:
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > BACKLOG_BYTES:
            self._writer.transport.abort()
            return
        self._writer.write(frames.encode(kind, payload))


class Console:
    """Keeps what was printed since power-on and shows it, live and late, to every viewer."""

    def __init__(self, log: Path, on_poweroff: Callable[[], None]) -> None:
        self._log = log.open("ab", buffering=0)
        self._past = bytearray()
        self._viewers: list[Viewer] = []
        self._typed_last: Viewer | None = None
        self._shell = Shell(self.write, on_poweroff)

    def close(self) -> None:
        self._log.close()

    def power_on(self) -> None:
        self._log.write(b"\r\n== Moorage: power on ==\r\n")
        self._past.clear()
        self._shell.stop()
        for viewer in self._viewers:
            self._show_past(viewer)

    def power_off(self) -> None:
        self._shell.stop()
        self.write(b"\r\nreboot: Power down\r\n")

    def boot_line(self, step: BootStep, last: bool) -> None:
        self.write(f"[{step.at_s:12.6f}] \x1b[32mmoorage\x1b[m: {step.name}\r\n".encode())
        if last:
            self._shell.start(self.size)

    @property
    def size(self) -> tuple[int, int]:
        """The smallest viewer rules; who only looks has no say."""
        sizes = [viewer.size for viewer in self._viewers if not viewer.request.read_only] or [(80, 24)]
        return min(cols for cols, _ in sizes), min(rows for _, rows in sizes)

    def write(self, data: bytes) -> None:
        self._log.write(data)
        self._past += data
        del self._past[:-RING_BYTES]
        for viewer in self._viewers:
            viewer.send(frames.OUTPUT, data)

    async def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: ConsoleRequest) -> None:
        """Serves one viewer until it leaves."""
        viewer = Viewer(writer, request)
        self._show_past(viewer)
        self._viewers.append(viewer)
        self._inform()
        decoder = frames.Decoder()
        try:
            with contextlib.suppress(ConnectionError, frames.FrameError):
                while data := await reader.read(1 << 16):
                    for kind, payload in decoder.feed(data):
                        self._obey(viewer, kind, payload)
        finally:
            self._viewers.remove(viewer)
            self._inform()

    def _show_past(self, viewer: Viewer) -> None:
        """Always as escape sequences: libghostty's own snapshots are the real broker's."""
        if viewer.request.replay != "none":
            begin = blank(viewer.size[1]) if viewer.request.replay == "vt" else b""
            viewer.send(frames.REPLAY, begin + bytes(self._past).replace(ASK_POSITION, b""))

    def _obey(self, viewer: Viewer, kind: bytes, payload: bytes) -> None:
        if kind == frames.WINDOW:
            with contextlib.suppress(msgspec.DecodeError, KeyError, TypeError):
                wish = msgspec.json.decode(payload, type=dict[str, int])
                viewer.size = _clamped(wish["cols"], wish["rows"])
                self._inform()
        elif kind == frames.TYPED and not viewer.request.read_only:
            self._typed_last = viewer
            self._shell.type(payload)
        # A REPLY answers the prompt's question; this shell does not care where its cursor is.

    def _inform(self) -> None:
        cols, rows = self._shell.size = self.size
        for viewer in self._viewers:
            info = {
                "viewers": len(self._viewers), "cols": cols, "rows": rows, "read_only": viewer.request.read_only
            }  # fmt: skip
            viewer.send(frames.INFO, msgspec.json.encode(info))


def _clamped(cols: int, rows: int) -> tuple[int, int]:
    return min(max(cols, 2), 1000), min(max(rows, 1), 500)
