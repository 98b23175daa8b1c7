"""control.sock line by line, so that a test also sends what no client would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from desktop.core.control import LINE_LIMIT, request_line
from desktop.core.paths import MachineFiles

DEADLINE_S = 120.0


class Lines:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def ask(self, call: str, id: int = 1, **args: Any) -> None:
        await self.send(request_line(id, call, **args))

    async def next(self) -> dict[str, Any]:
        """The next line; empty where the connection has ended."""
        async with asyncio.timeout(DEADLINE_S):
            line = await self._reader.readline()
        return msgspec.json.decode(line) if line else {}

    async def result(self, call: str, **args: Any) -> dict[str, Any]:
        """The last line of a call."""
        await self.ask(call, **args)
        while "event" in (line := await self.next()):
            pass
        return line

    async def ended(self) -> bool:
        """Whether the other side closes."""
        async with asyncio.timeout(DEADLINE_S):
            try:
                return await self._reader.read() == b""
            except ConnectionError:
                return True


@asynccontextmanager
async def lines(machine: MachineFiles) -> AsyncIterator[Lines]:
    reader, writer = await asyncio.open_unix_connection(machine.control_socket, limit=LINE_LIMIT)
    try:
        yield Lines(reader, writer)
    finally:
        writer.close()
