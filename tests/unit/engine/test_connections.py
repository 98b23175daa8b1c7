"""What many calls to an engine leave behind: few connections, and no garbage in cycles."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.engine import sdk
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone
from desktop.engine.sdk import Sdk
from desktop.fake import api, http
from desktop.fake.engine import Engine
from desktop.fake.faults import Faults
from desktop.fake.samples import fill

CONTAINERS = 60
LANES = 3
POOLS_KEPT = 25
"""By docker-py, of each of our clients."""


async def test_thousands_of_measures_share_connections_and_calls_free_themselves(tmp_path: Path) -> None:
    engine, connections = Engine(Faults()), 0
    fill(engine, CONTAINERS, 1)

    async def handle(request: http.Request) -> http.Answer | http.Streamed | http.Hijacked:
        return await api.answer(engine, request)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await http.serve_connection(reader, writer, handle)

    server = await asyncio.start_unix_server(serve, tmp_path / "e.sock")
    async with EngineClient(tmp_path / "e.sock") as client:
        ids = [record.id for record in await client.containers()]
        before = connections
        await asyncio.gather(*(client.reading(id) for id in ids))
        assert len(ids) == CONTAINERS and connections - before <= LANES
        gc.collect()
        gc.disable()
        try:
            others = pools()
            for id in ids:
                await client.inspect(id)
            assert 0 < pools() - others <= POOLS_KEPT
        finally:
            gc.enable()
    server.close()


async def test_a_call_waits_until_the_listener_has_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several calls at once the system refuses those that find a full queue, where a socket does not wait."""
    monkeypatch.setattr(sdk, "CONNECT_DEADLINE_S", 60)
    listener = socket.socket(socket.AF_UNIX)
    with listener, full(listener, tmp_path / "e.sock") as held, Sdk(tmp_path / "e.sock") as client:
        call = asyncio.create_task(asyncio.to_thread(client.negotiate))
        await asyncio.sleep(0.2)
        assert not call.done()
        for _ in range(held):
            listener.accept()[0].close()
        taken, _ = await asyncio.to_thread(listener.accept)
        with taken:
            taken.sendall(b"HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 0\r\n\r\n")
            assert await call == "1.51"


def test_a_full_queue_has_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "CONNECT_DEADLINE_S", 1)
    listener = socket.socket(socket.AF_UNIX)
    with listener, full(listener, tmp_path / "e.sock"), Sdk(tmp_path / "e.sock") as client:
        with pytest.raises(EngineGone, match="its queue of connections is full"):
            sdk.blocking(client.negotiate)


@contextlib.contextmanager
def full(listener: socket.socket, path: Path) -> Iterator[int]:
    """How many connections nobody has taken."""
    listener.bind(str(path))
    listener.listen(0)
    with contextlib.ExitStack() as held:
        for number in itertools.count():
            connection = held.enter_context(socket.socket(socket.AF_UNIX))
            connection.setblocking(False)
            try:
                connection.connect(str(path))
            except BlockingIOError:
                yield number
                return


def pools() -> int:
    """Those of all clients in this process, of windows of other tests too."""
    return sum(type(each).__name__ == "UnixHTTPConnectionPool" for each in gc.get_objects())
