"""Shells in containers of the shipped fake, through the real SDK and a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from desktop.core.errors import EngineError
from desktop.engine.client import EngineClient
from desktop.engine.shell import ContainerShell
from desktop.fake import api, http
from desktop.fake.engine import Engine
from desktop.fake.faults import Faults
from desktop.fake.samples import fill, id_of, put
from tests.helpers.guest import wait_for

CACHE = id_of("cache")


@pytest.fixture
def engine() -> Engine:
    made = Engine(Faults())
    fill(made, 5, 5)
    return made


@pytest_asyncio.fixture
async def client(engine: Engine, tmp_path: Path) -> AsyncIterator[EngineClient]:
    async def handle(request: http.Request) -> http.Answer | http.Streamed | http.Hijacked:
        return await api.answer(engine, request)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await http.serve_connection(reader, writer, handle)

    server = await asyncio.start_unix_server(serve, tmp_path / "e.sock")
    async with EngineClient(tmp_path / "e.sock") as made:
        yield made
    server.close()


async def read_until(shell: ContainerShell, wanted: Callable[[bytes], bool]) -> bytes:
    seen = b""
    async with asyncio.timeout(60):
        while not wanted(seen):
            data = await shell.read()
            assert data, seen
            seen += data
    return seen


async def test_a_shell_is_typed_to_read_and_left(client: EngineClient) -> None:
    shell = await ContainerShell.open(client, CACHE, 100, 30)
    assert CACHE[:12].encode() in await read_until(shell, lambda seen: b"# " in seen)
    shell.type(b"stty size\r")
    await read_until(shell, lambda seen: b"\n30 100" in seen)
    await shell.resize(90, 20)
    shell.type(b"stty size\r")
    await read_until(shell, lambda seen: b"\n20 90" in seen)
    assert await shell.exit_code() is None
    shell.type(b"exit 3\r")
    await read_to_end(shell)
    assert await shell.exit_code() == 3
    await shell.disconnect()


async def read_to_end(shell: ContainerShell) -> None:
    async with asyncio.timeout(60):
        while await shell.read():
            pass


async def test_closing_hangs_up_what_runs_in_it_and_nothing_else(engine: Engine, client: EngineClient) -> None:
    first, other = [await ContainerShell.open(client, CACHE, 80, 24) for _ in range(2)]
    assert len(engine.execs.running) == 2
    await first.close()
    assert len(engine.execs.running) == 1
    other.type(b"echo still here\r")
    await read_until(other, lambda seen: b"\nstill here" in seen)
    await other.close()
    assert engine.execs.running == []


async def test_a_container_that_ends_ends_its_shell(engine: Engine, client: EngineClient) -> None:
    shell = await ContainerShell.open(client, CACHE, 80, 24)
    engine.containers.kill(engine.containers.get(CACHE))
    await read_to_end(shell)
    assert await shell.exit_code() == 137
    await shell.disconnect()


async def test_an_image_without_a_shell_is_told(engine: Engine, client: EngineClient) -> None:
    bare = put(engine, "bare", "example/distroless:1", started_s=1.0)
    with pytest.raises(EngineError, match="No shell was found"):
        await ContainerShell.open(client, bare.id, 80, 24)


async def test_a_container_that_does_not_run_is_the_engines_word(engine: Engine, client: EngineClient) -> None:
    engine.containers.kill(engine.containers.get(CACHE))
    with pytest.raises(EngineError, match="is not running"):
        await ContainerShell.open(client, CACHE, 80, 24)


async def test_an_old_engine_gets_neither_size_nor_environment(engine: Engine, client: EngineClient) -> None:
    engine.faults.api_version = "1.24"
    async with EngineClient(client._socket) as old:
        shell = await ContainerShell.open(old, CACHE, 80, 24)
        await read_until(shell, lambda seen: b"# " in seen)
        await shell.disconnect()
    assert [item.env for item in engine.execs.running] == [[]]


@pytest.mark.parametrize("after_s", [0.0, 0.05, 0.15])
async def test_one_that_nobody_waits_for_any_more_is_not_left_running(
    engine: Engine, client: EngineClient, after_s: float
) -> None:
    """A tab that is closed while it opens: the program would stay in the container, and no one could end it."""
    engine.faults.engine_slow_s = 0.1
    opening = asyncio.create_task(ContainerShell.open(client, CACHE, 80, 24))
    await asyncio.sleep(after_s)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await asyncio.sleep(0.5)  # what a thread had asked for by then is most likely done
    await wait_for(lambda: engine.execs.running == [])
