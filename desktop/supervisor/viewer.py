"""One viewer of the console: what is sent to it, and what it sends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec

from desktop.core import frames
from desktop.core.control import ConsoleRequest

BACKLOG_BYTES = 1 << 20
"""What a viewer may be behind, its first picture apart."""

HELD_BYTES = 4 << 20
"""What may come while its picture is being made."""

LAST_WORD_S = 5.0  # how long a viewer that was dropped may take to read why
LARGEST_FRAME_BYTES = 8 << 20

_MOST_COLS, _MOST_ROWS = 1000, 500
_READ_BYTES = 1 << 16


class Size(msgspec.Struct):
    cols: int
    rows: int


class Viewer:
    """Frames to and from one attached terminal. While it waits for a picture, live bytes wait too."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: ConsoleRequest) -> None:
        self._reader = reader
        self._writer = writer
        self._held: list[bytes] | None = None
        self._held_bytes = 0
        self._picture_bytes = 0  # of those that the viewer has not taken yet
        self.request = request
        self.size = clamped(request.cols, request.rows)
        self.is_looked_at = True

    @property
    def is_waiting(self) -> bool:
        """Whether its picture is under way: it shows what was before."""
        return self._held is not None

    @property
    def is_gone(self) -> bool:
        return self._writer.is_closing()

    def hold(self) -> None:
        """From here on live bytes wait, for `show`."""
        self._held, self._held_bytes = [], 0

    def show(self, kind: bytes, picture: bytes, with_held: bool = True) -> None:
        """The picture, then what came since `hold` and is not in it."""
        held, self._held = self._held or [], None
        self._picture_bytes += len(picture)
        self._send(kind, picture)
        if held and with_held:
            self._send(frames.OUTPUT, b"".join(held))

    def output(self, data: bytes, frame: bytes) -> bool:
        """Live bytes, bare and framed; False where the viewer is too far behind to go on."""
        if self._held is not None:
            self._held.append(data)
            self._held_bytes += len(data)
            return self._held_bytes <= HELD_BYTES
        waiting = self._writer.transport.get_write_buffer_size()
        if waiting <= BACKLOG_BYTES:
            self._picture_bytes = 0
        if waiting > BACKLOG_BYTES + self._picture_bytes:
            return False
        if not self.is_gone:
            self._writer.write(frame)
        return True

    def tell(self, notice: str) -> None:
        self._send(frames.NOTICE, notice.encode())

    def inform(self, viewers: int, size: tuple[int, int]) -> None:
        info = {"viewers": viewers, "cols": size[0], "rows": size[1], "read_only": self.request.read_only}
        self._send(frames.INFO, msgspec.json.encode(info))

    def drop(self, notice: str, last_word_s: float = LAST_WORD_S) -> None:
        """Ends the connection; the viewer has a moment to read why."""
        if self.is_gone:
            return
        self.tell(notice)
        self._writer.close()
        if self._writer.transport.get_write_buffer_size():
            asyncio.get_running_loop().call_later(last_word_s, self._cut_off)

    def _cut_off(self) -> None:
        """A transport that was read to its end meanwhile is closed, and Python 3.11's stumbles over a second end."""
        if self._writer.transport.get_write_buffer_size():
            self._writer.transport.abort()

    async def frames(self) -> AsyncIterator[tuple[bytes, bytes]]:
        """What the viewer sends, until it leaves or talks nonsense."""
        decoder = frames.Decoder(LARGEST_FRAME_BYTES)
        with contextlib.suppress(ConnectionError):
            while not self.is_gone and (data := await self._reader.read(_READ_BYTES)):
                try:
                    received = decoder.feed(data)
                except frames.FrameError as error:
                    self.drop(str(error))
                    return
                for frame in received:
                    yield frame

    def _send(self, kind: bytes, payload: bytes) -> None:
        if not self.is_gone:
            self._writer.write(frames.encode(kind, payload))


def clamped(cols: int, rows: int) -> tuple[int, int]:
    return min(max(cols, 2), _MOST_COLS), min(max(rows, 1), _MOST_ROWS)


def size_of(payload: bytes) -> tuple[int, int] | None:
    """The size in a WINDOW frame; None where it is none."""
    try:
        size = msgspec.json.decode(payload, type=Size)
    except msgspec.DecodeError:
        return None
    return clamped(size.cols, size.rows)
