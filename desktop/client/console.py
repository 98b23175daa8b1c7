"""A viewer's connection to the VM's tty."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from desktop.core import frames
from desktop.core.control import ConsoleRequest

from .connection import Connection, SupervisorGone

READ_BYTES = 1 << 16
BACKLOG_BYTES = 16 << 20
"""So much may wait for a guest that takes it slowly: what is pasted comes in pieces, and none of them is to be lost."""

_FRAME_BYTES = 1 << 20  # the broker takes no large ones


class ConsoleConnection:
    """Frames from and to the console broker, after a successful handshake."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._decoder = frames.Decoder()

    @classmethod
    async def attach(cls, socket: Path, request: ConsoleRequest) -> ConsoleConnection:
        connection = await Connection(socket).__aenter__()
        try:
            async for _ in connection.replies("console", **msgspec.to_builtins(request)):
                pass
        except BaseException:
            await connection.close()
            raise
        return cls(connection)

    async def frames(self) -> AsyncIterator[tuple[bytes, bytes]]:
        """Yields (kind, payload) until the broker ends the connection."""
        try:
            while data := await self._connection.reader.read(READ_BYTES):
                for frame in self._decoder.feed(data):
                    yield frame
        except ConnectionError as error:
            raise SupervisorGone("The console connection broke", str(error)) from error

    def send(self, kind: bytes, payload: bytes) -> bool:
        """Queues a frame; False where the broker does not take any and the frame was dropped."""
        writer = self._connection.writer
        if writer.is_closing() or writer.transport.get_write_buffer_size() > BACKLOG_BYTES:
            return False
        for begin in range(0, max(len(payload), 1), _FRAME_BYTES):
            writer.write(frames.encode(kind, payload[begin : begin + _FRAME_BYTES]))
        return True

    def detach(self) -> None:
        """Ends the connection: `frames` yields no more."""
        self._connection.writer.transport.abort()

    async def close(self) -> None:
        await self._connection.close()
