"""A viewer's end of the console connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from desktop.client.connection import Connection
from desktop.client.console import ConsoleConnection
from desktop.core import frames
from desktop.supervisor.viewer import LARGEST_FRAME_BYTES


class Broker:
    """Takes what a supervisor's broker takes."""

    def __init__(self) -> None:
        self.typed = 0
        self.reads = asyncio.Event()
        self.reads.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        decoder = frames.Decoder(LARGEST_FRAME_BYTES)
        await self.reads.wait()
        while data := await reader.read(1 << 16):
            self.typed += sum(len(payload) for kind, payload in decoder.feed(data) if kind == frames.TYPED)
        writer.close()


@pytest_asyncio.fixture
async def broker(tmp_path: Path) -> AsyncIterator[tuple[Broker, ConsoleConnection]]:
    made = Broker()
    server = await asyncio.start_unix_server(made.serve, tmp_path / "s")
    connection = ConsoleConnection(await Connection(tmp_path / "s").__aenter__())
    yield made, connection
    await connection.close()
    server.close()


async def typed(broker: Broker, count: int) -> None:
    async with asyncio.timeout(60):
        while broker.typed < count:
            await asyncio.sleep(0.01)


async def test_a_paste_of_any_size_arrives_whole(broker: tuple[Broker, ConsoleConnection]) -> None:
    """The broker takes no frame of more than 8 MiB, and lets whoever sends one go."""
    taken, connection = broker
    assert connection.send(frames.TYPED, bytes(20 << 20))
    await typed(taken, 20 << 20)


async def test_a_paste_read_piece_by_piece_waits_for_a_broker_that_is_slow(
    broker: tuple[Broker, ConsoleConnection],
) -> None:
    taken, connection = broker
    taken.reads.clear()
    assert all(connection.send(frames.TYPED, bytes(1 << 16)) for _ in range(80))
    taken.reads.set()
    await typed(taken, 5 << 20)


async def test_what_a_stuck_broker_does_not_take_has_an_end(broker: tuple[Broker, ConsoleConnection]) -> None:
    taken, connection = broker
    taken.reads.clear()
    sent = [connection.send(frames.TYPED, bytes(1 << 20)) for _ in range(40)]
    assert sent[0] and not sent[-1]
    taken.reads.set()
    await typed(taken, sum(sent) << 20)
