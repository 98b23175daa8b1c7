"""A shell in a container on a real dockerd: opened, typed to, resized, hung up, ended with its container."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import docker
import pytest
from docker.models.containers import Container

from desktop.core.errors import EngineError
from desktop.engine.client import EngineClient
from desktop.engine.shell import ContainerShell
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import DEADLINE_S, Guest

pytestmark = [pytest.mark.vm, pytest.mark.long]



@pytest.fixture
def sleeper(engine: docker.DockerClient) -> Iterator[Container]:
    container = engine.containers.run(IMAGE, ["sleep", "600"], detach=True)
    yield container
    container.remove(force=True)


async def read_until(shell: ContainerShell, wanted: Callable[[bytes], bool]) -> bytes:
    seen = b""
    async with asyncio.timeout(DEADLINE_S):
        while not wanted(seen):
            data = await shell.read()
            assert data, seen
            seen += data
    return seen


async def read_to_end(shell: ContainerShell) -> bytes:
    seen = b""
    async with asyncio.timeout(DEADLINE_S):
        while data := await shell.read():
            seen += data
    return seen


def processes(container: Container) -> str:
    return str(container.top()["Processes"])


async def test_a_shell_has_a_terminal_of_the_right_size_and_ends_with_its_code(
    running: Guest, sleeper: Container
) -> None:
    async with EngineClient(running.files.engine_socket) as client:
        shell = await ContainerShell.open(client, sleeper.id, 101, 33)
        shell.type(b"stty size; echo $TERM; tty\r")
        seen = await read_until(shell, lambda seen: b"/dev/pts/" in seen)
        assert b"33 101\r\nxterm-256color\r\n" in seen
        await shell.resize(90, 20)
        shell.type(b"stty size\r")
        await read_until(shell, lambda seen: b"20 90\r\n" in seen)
        shell.type(b"exit 3\r")
        await read_to_end(shell)
        assert await shell.exit_code() == 3
        await shell.disconnect()


async def test_closing_a_shell_ends_what_runs_in_it_and_leaves_the_container(
    running: Guest, sleeper: Container
) -> None:
    async with EngineClient(running.files.engine_socket) as client:
        first = await ContainerShell.open(client, sleeper.id, 80, 24)
        other = await ContainerShell.open(client, sleeper.id, 80, 24)
        first.type(b"sleep 4321\r")
        async with asyncio.timeout(DEADLINE_S):
            while "sleep 4321" not in processes(sleeper):
                await asyncio.sleep(0.2)
        await first.close()
        async with asyncio.timeout(DEADLINE_S):
            while "sleep 4321" in processes(sleeper):
                await asyncio.sleep(0.2)
        other.type(b"echo still $((40 + 2))\r")
        await read_until(other, lambda seen: b"still 42" in seen)
        await other.close()
        async with asyncio.timeout(DEADLINE_S):
            while len(sleeper.top()["Processes"]) > 1:
                await asyncio.sleep(0.2)


async def test_a_container_that_is_killed_ends_its_shell(running: Guest, sleeper: Container) -> None:
    async with EngineClient(running.files.engine_socket) as client:
        shell = await ContainerShell.open(client, sleeper.id, 80, 24)
        await asyncio.to_thread(sleeper.kill)
        await read_to_end(shell)
        assert await shell.exit_code() not in (None, 0)
        await shell.disconnect()


async def test_an_image_without_a_shell_is_told(running: Guest, sleeper: Container) -> None:
    code, _ = sleeper.exec_run(["rm", "/bin/sh"])
    assert code == 0
    async with EngineClient(running.files.engine_socket) as client:
        with pytest.raises(EngineError, match="No shell was found"):
            await ContainerShell.open(client, sleeper.id, 80, 24)
