"""What many calls to an engine leave behind: few connections, and no garbage in cycles."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

from desktop.engine.client import EngineClient
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


def pools() -> int:
    """Those of all clients in this process, of windows of other tests too."""
    return sum(type(each).__name__ == "UnixHTTPConnectionPool" for each in gc.get_objects())
