"""One viewer of the console: what is sent to it, and what it sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from desktop.core import frames
from desktop.core.control import ConsoleRequest

BACKLOG_BYTES = 1 << 20
LAST_WORD_S = 5.0  # how long a viewer that was dropped may take to read why
LARGEST_FRAME = 1 << 20


class Size(msgspec.Struct):
    cols: int
    rows: int


class Viewer:
    """Frames to and from one attached terminal. Until its picture is there, live bytes wait."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: ConsoleRequest
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._held: list[bytes] | None = []
        self.request = request
        self.size = clamped(request.cols, request.rows)

    def show(self, kind: bytes, picture: bytes) -> None:
        """The picture, and what came since it was asked for."""
        held, self._held = self._held or [], None
        self._send(kind, picture)
        for data in held:
            self._send(frames.OUTPUT, data)

    def output(self, data: bytes) -> bool:
        """Live bytes; False where the viewer is so slow that it had to be dropped."""
        if self._held is not None:
            self._held.append(data)
            return True
        return self._send(frames.OUTPUT, data)

    def clear(self) -> None:
        self._send(frames.REPLAY, b"")

    def tell(self, notice: str) -> None:
        self._send(frames.NOTICE, notice.encode())

    def inform(self, viewers: int, size: tuple[int, int]) -> None:
        info = {"viewers": viewers, "cols": size[0], "rows": size[1], "read_only": self.request.read_only}
        self._send(frames.INFO, msgspec.json.encode(info))

    def drop(self, notice: str) -> None:
        """Ends the connection; the viewer may still read why."""
        if self._writer.is_closing():
            return
        self._writer.write(frames.encode(frames.NOTICE, notice.encode()))
        self._writer.close()
        asyncio.get_running_loop().call_later(LAST_WORD_S, self._writer.transport.abort)

    async def frames(self) -> AsyncIterator[tuple[bytes, bytes]]:
        """What the viewer sends, until it leaves."""
        decoder = frames.Decoder(LARGEST_FRAME)
        try:
            while data := await self._reader.read(1 << 16):
                for frame in decoder.feed(data):
                    yield frame
        except (ConnectionError, frames.FrameError):
            return

    def _send(self, kind: bytes, payload: bytes) -> bool:
        if self._writer.is_closing():
            return False
        waiting = self._writer.transport.get_write_buffer_size()
        if waiting > BACKLOG_BYTES and kind == frames.OUTPUT:
            return False
        self._writer.write(frames.encode(kind, payload))
        return True


def clamped(cols: int, rows: int) -> tuple[int, int]:
    return min(max(cols, 2), 1000), min(max(rows, 2), 500)


def size_of(payload: bytes) -> tuple[int, int] | None:
    """The size in a WINDOW frame; None where it is none."""
    try:
        size = msgspec.json.decode(payload, type=Size)
    except msgspec.DecodeError:
        return None
    return clamped(size.cols, size.rows)
