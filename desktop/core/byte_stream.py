"""A connection to a terminal program: what it prints is read, what is typed is written."""

from __future__ import annotations

import asyncio
import contextlib

READ_BYTES = 1 << 16
BACKLOG_BYTES = 16 << 20
"""So much may wait for a program that takes it slowly: a paste comes in pieces, and none of them is to be lost."""


class ByteStream:
    """`disconnect` lets go of it and nothing more, `close` ends what was begun for it; here that is the same."""

    has_tty = takes_input = True

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, early: bytes = b"") -> None:
        self._reader, self._writer, self._unread = reader, writer, early

    async def read(self) -> bytes:
        """What it prints, at least one byte; nothing when it is over."""
        if self._unread:
            data, self._unread = self._unread, b""
            return data
        try:
            return await self._reader.read(READ_BYTES)
        except OSError:
            return b""

    def type(self, data: bytes) -> bool:
        """False where the other side takes no input, and `data` was dropped."""
        if self._writer.is_closing() or self._writer.transport.get_write_buffer_size() > BACKLOG_BYTES:
            return False
        self._writer.write(data)
        return True

    async def exit_code(self) -> int | None:
        """With what it ended; None where that is not known, or it still runs."""
        return None

    async def close(self) -> None:
        await self.disconnect()

    async def disconnect(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
