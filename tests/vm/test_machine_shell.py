"""A second root shell in a real machine: typed to, closed, its app killed, the machine suspended under it."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from desktop.engine import helper, machine_shell
from desktop.engine.client import EngineClient
from desktop.engine.convert import HELPER_LABEL
from desktop.engine.machine_shell import MachineShell
from tests.helpers.guest import DEADLINE_S, Guest

pytestmark = [pytest.mark.vm, pytest.mark.long]

OTHER_APP = """
import asyncio, sys
from pathlib import Path
from desktop.engine.client import EngineClient
from desktop.engine.machine_shell import MachineShell

async def main():
    async with EngineClient(Path(sys.argv[1]), Path(sys.argv[2])) as client:
        shell = await MachineShell.open(client, 80, 24)
        shell.type(b"sleep 4321\\r")
        print("open", flush=True)
        while await shell.read():
            pass

asyncio.run(main())
"""


def left(engine: docker.DockerClient) -> tuple[int, int]:
    """Helpers' containers and images."""
    wanted = {"label": HELPER_LABEL}
    return len(engine.api.containers(all=True, filters=wanted)), len(engine.api.images(filters=wanted))


async def read_until(shell: MachineShell, wanted: Callable[[bytes], bool]) -> bytes:
    seen = b""
    async with asyncio.timeout(DEADLINE_S):
        while not wanted(seen):
            print(data := await shell.read())
            assert data, seen
            seen += data
    return seen


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not await asyncio.to_thread(holds):
            await asyncio.sleep(0.2)


@pytest.fixture
def other_app(running: Guest) -> Iterator[subprocess.Popen[bytes]]:
    files = running.files
    words: list[str | Path] = [sys.executable, "-c", OTHER_APP, files.engine_socket, files.docker_socket]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        yield process
        process.kill()


async def test_it_is_the_machines_and_leaves_nothing(running: Guest, engine: docker.DockerClient) -> None:
    files = running.files
    async with EngineClient(files.engine_socket, files.docker_socket) as client:
        shell = await MachineShell.open(client, 101, 33)
        shell.type(b"stty size; pwd; tty; ls -l $(tty); ps | grep [d]ockerd; ls /usr/lib/moorage; echo $((40 + 2))\r")
        seen = await read_until(shell, lambda seen: b"\r\n42\r\n" in seen)
        assert b"33 101\r\n/run/root\r\n" in seen and b"dockerd --host" in seen and b"relay" in seen
        assert b"can't access tty" not in seen
        assert re.search(rb"\r\n(/dev/pts/\d+)\r\ncrw--w---- .* \1\r\n", seen)
        await shell.resize(90, 20)
        shell.type(b"stty size; sleep 4321\r")
        await read_until(shell, lambda seen: b"20 90\r\n" in seen)
        await until(lambda: left(engine) == (1, 1))
        assert not any(HELPER_LABEL in dict(container.labels) for container in await client.containers())
        await client.prune("containers")
        await client.call(helper.sweep)
        assert left(engine) == (1, 1)
        await shell.close()
        assert left(engine) == (0, 0)
        assert "4321" not in await running.shell("ps | grep '[s]leep 43''21'")
        shell = await MachineShell.open(client, 80, 24)
        shell.type(b"exit 3\r")
        async with asyncio.timeout(DEADLINE_S):
            while await shell.read():
                pass
        assert await shell.exit_code() == 3
        await shell.disconnect()
        assert left(engine) == (0, 0)


async def test_it_ends_with_an_app_that_is_killed(
    running: Guest, engine: docker.DockerClient, other_app: subprocess.Popen[bytes]
) -> None:
    assert other_app.stdout is not None and await asyncio.to_thread(other_app.stdout.readline) == b"open\n"
    async with EngineClient(running.files.engine_socket) as client:
        await client.call(helper.sweep)
        assert left(engine) == (1, 1)  # somebody holds it
        other_app.send_signal(signal.SIGKILL)
        await until(lambda: left(engine)[0] == 0)
        await client.call(helper.sweep)
        assert left(engine) == (0, 0)
    assert "4321" not in await running.shell("ps | grep '[s]leep 43''21'")


async def test_a_suspension_ends_it(
    running: Guest, engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_shell, "PATIENCE_S", 20)
    monkeypatch.setattr(machine_shell, "BEAT_S", 1.0)
    files = running.files
    async with EngineClient(files.engine_socket, files.docker_socket) as client:
        shell = await MachineShell.open(client, 80, 24)
        await asyncio.sleep(22)  # longer than its patience: it is kept
        shell.type(b"echo still $((40 + 2))\r")
        await read_until(shell, lambda seen: b"still 42" in seen)
        await running.client.suspend()
        async with asyncio.timeout(DEADLINE_S):
            while await shell.read():
                pass
        await shell.close()
        await running.client.start()
    await until(lambda: left(engine)[0] == 0)
    async with EngineClient(files.engine_socket) as client:
        await client.call(helper.sweep)
    assert left(engine) == (0, 0)
