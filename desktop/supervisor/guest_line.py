"""The wire to the guest's console: QEMU's socket, always drained, and typed into at the guest's own pace."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from pathlib import Path

from desktop.core.connecting import connect
from desktop.core.errors import MachineError

CONNECT_DEADLINE_S = 10.0
PENDING_BYTES = 1 << 20
"""What may wait to be typed; who wants to type more waits for room."""

_PAUSE_S = 0.002
_FLOOD_S = 2 * _PAUSE_S
"""QEMU's serial port writes byte by byte. Read as they come, 60 KB/s cost a seventh of a core; gathered, a fraction.
More of a pause would fill the socket, which holds some 280 such writes, and hold the guest up."""

_ON_ITS_WAY_BYTES = 4096  # little, so that a key does not queue behind a paste that the guest has not taken


class GuestLine(asyncio.Protocol):
    """Connects, says what comes out, and takes what is typed, whole pieces in their order."""

    def __init__(self, on_output: Callable[[bytes], None], on_room: Callable[[], None]) -> None:
        self._on_output = on_output
        self._on_room = on_room
        self._transport: asyncio.Transport | None = None
        self._pending: deque[bytes] = deque()
        self._pending_bytes = 0
        self._may_write = True
        self._read_s = 0.0
        self._room = asyncio.Event()
        self._room.set()

    async def connect(self, path: Path) -> None:
        """Becomes the only client of QEMU's console socket, in place of what was connected before."""
        self.close()
        try:
            console = await connect(path, CONNECT_DEADLINE_S)
        except OSError as error:
            raise MachineError("The VM's console cannot be reached", str(error)) from error
        console.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _ON_ITS_WAY_BYTES)
        await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=console)

    def close(self) -> None:
        """Nothing comes out any more, and nothing goes in: what was not typed yet is forgotten."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()
        self._forget_pending()

    @property
    def has_room(self) -> bool:
        return self._room.is_set()

    def type(self, data: bytes) -> None:
        """Queues bytes for the guest; they are lost where no guest listens."""
        if self._transport is None or not data:
            return
        self._pending.append(data)
        self._pending_bytes += len(data)
        if self._pending_bytes >= PENDING_BYTES:
            self._room.clear()
        self._write()

    async def wait_for_room(self) -> None:
        await self._room.wait()

    def _write(self) -> None:
        while self._pending and self._may_write and self._transport is not None:
            piece = self._pending.popleft()
            if len(piece) > _ON_ITS_WAY_BYTES:
                self._pending.appendleft(piece[_ON_ITS_WAY_BYTES:])
                piece = piece[:_ON_ITS_WAY_BYTES]
            self._pending_bytes -= len(piece)
            self._transport.write(piece)  # may call pause_writing
        if self._pending_bytes < PENDING_BYTES // 2 and not self._room.is_set():
            self._room.set()
            self._on_room()

    def _forget_pending(self) -> None:
        self._pending.clear()
        self._pending_bytes = 0
        self._may_write = True
        self._write()

    # -- called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.set_write_buffer_limits(high=0)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        transport = self._transport
        if transport is None:
            return
        loop = asyncio.get_running_loop()
        before_s, self._read_s = self._read_s, loop.time()
        if self._read_s - before_s < _FLOOD_S:
            transport.pause_reading()
            loop.call_later(_PAUSE_S, transport.resume_reading)
        self._on_output(data)

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        self._write()

    def connection_lost(self, _: Exception | None) -> None:
        if self._transport is not None and self._transport.is_closing():
            self._transport = None
            self._forget_pending()
