"""What counts as use of a machine: what the user does goes by docker.sock, what the app looks at does not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest_asyncio

from desktop.engine import volume_archive
from desktop.engine.client import EngineClient
from desktop.engine.shell import ContainerShell
from desktop.engine.volume_archive import Watch
from desktop.fake import api, http
from desktop.fake.engine import Engine
from desktop.fake.faults import Faults
from desktop.fake.samples import fill, id_of

CACHE = id_of("cache")


class Rig(NamedTuple):
    client: EngineClient
    app: list[str]  # what came by engine.sock
    user: list[str]  # and by docker.sock


@pytest_asyncio.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    engine = Engine(Faults())
    fill(engine, 5, 5)
    calls: dict[str, list[str]] = {"engine.sock": [], "docker.sock": []}

    async def serve(name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def handle(request: http.Request) -> http.Answer | http.Streamed | http.Hijacked:
            calls[name].append(f"{request.method} {request.path}")
            return await api.answer(engine, request)

        await http.serve_connection(reader, writer, handle)

    servers = [
        await asyncio.start_unix_server(lambda *ends, name=name: serve(name, *ends), tmp_path / name) for name in calls
    ]
    async with EngineClient(tmp_path / "engine.sock", tmp_path / "docker.sock") as client:
        yield Rig(client, *calls.values())
    for server in servers:
        server.close()


async def test_looking_is_no_use(rig: Rig) -> None:
    async with rig.client.events():
        await rig.client.containers()
        await rig.client.images()
        await rig.client.reading(CACHE)
        await rig.client.processes(CACHE)
        await rig.client.with_files(lambda files, sdk: files.changes(sdk, CACHE))
    assert rig.app and not rig.user


async def test_what_is_typed_done_and_moved_is_use(rig: Rig, tmp_path: Path) -> None:
    shell = await ContainerShell.open(rig.client, CACHE, 80, 24)
    await shell.close()
    assert any(call.endswith("/start") for call in rig.user)
    attached = await rig.client.begin_attach(CACHE)
    attached.begun.connection.close()
    assert any(call.endswith("/attach") for call in rig.user)
    await rig.client.stop(CACHE)
    assert any(call.endswith("/stop") for call in rig.user)
    await rig.client.prune("dangling")
    assert any(call.endswith("/images/prune") for call in rig.user)
    await rig.client.transfer(volume_archive.export_volume, "cache-data", tmp_path / "volume.tar", Watch())
    assert any(call.endswith("/archive") for call in rig.user)
    sent = tmp_path / "sent"
    sent.write_text("for the container")
    await rig.client.with_files(
        lambda files, sdk: files.send(sdk, CACHE, "/tmp", [sent], threading.Event(), lambda _: None), moves=True
    )
    assert "PUT" in rig.user[-1]
    assert not any(call.endswith(("/attach", "/stop", "/prune")) for call in rig.app)
