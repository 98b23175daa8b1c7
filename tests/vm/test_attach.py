"""A container's own terminal on a real dockerd: looked at, typed to, resized, and left without a trace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from desktop.engine.attachment import Attachment
from desktop.engine.client import EngineClient
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import DEADLINE_S, Guest

pytestmark = [pytest.mark.vm, pytest.mark.long]

Make = Callable[..., Container]


@pytest.fixture
def make(engine: docker.DockerClient) -> Iterator[Make]:
    with ExitStack() as stack:

        def make(command: list[str], **wish: Any) -> Container:
            container = engine.containers.create(IMAGE, command, **wish)
            stack.callback(container.remove, force=True)
            container.start()
            return container

        yield make


async def read_until(attachment: Attachment, wanted: bytes) -> bytes:
    seen = b""
    async with asyncio.timeout(DEADLINE_S):
        while wanted not in seen:
            data = await attachment.read()
            assert data, seen
            seen += data
    return seen


async def test_its_terminal_is_typed_to_and_left_and_no_key_detaches(running: Guest, make: Make) -> None:
    container = make(["sh"], tty=True, stdin_open=True)
    async with EngineClient(running.files.engine_socket) as client:
        first = await Attachment.open(client, container.id, 101, 33)
        other = await Attachment.open(client, container.id, 101, 33)
        first.type(b"stty size\r")
        await read_until(first, b"33 101\r\n")
        first.type(b"\x10\x11\x15echo still $((40 + 2))\r")
        for viewer in (first, other):
            await read_until(viewer, b"still 42")
        await first.close()
        other.type(b"exit\r")
        async with asyncio.timeout(DEADLINE_S):
            while await other.read():
                pass
        await other.disconnect()
        container.reload()
        assert container.status == "exited"


async def test_leaving_one_without_a_terminal_does_not_end_its_input(running: Guest, make: Make) -> None:
    container = make(["sh", "-c", "while sleep 0.2; do echo tick; done & cat; echo over"], stdin_open=True)
    container.reload()
    assert container.attrs["Config"]["StdinOnce"]
    async with EngineClient(running.files.engine_socket) as client:
        for _ in range(2):
            attachment = await Attachment.open(client, container.id, 80, 24)
            assert not attachment.has_tty and not attachment.takes_input
            seen = await read_until(attachment, b"tick\r\n")
            assert b"over" not in seen and b"\0" not in seen
            await attachment.close()
    container.reload()
    assert container.status == "running" and b"over" not in container.logs()
