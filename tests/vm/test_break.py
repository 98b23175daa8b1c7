"""A break that a viewer sends, counted by the guest's own serial driver."""

from __future__ import annotations

import asyncio
import contextlib
import re

import docker
import pytest

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import Guest

pytestmark = pytest.mark.vm


def breaks(engine: docker.DockerClient) -> int:
    """Not asked for at the console: what is typed there after a break is the kernel's, as SysRq has it."""
    drivers = engine.containers.run(IMAGE, ["cat", "/proc/tty/driver/serial"], privileged=True, remove=True)
    return sum(map(int, re.findall(r"brk:(\d+)", drivers.decode())))


async def test_a_break_reaches_the_guests_line_and_a_read_only_viewer_sends_none(
    running: Guest, engine: docker.DockerClient
) -> None:
    before = breaks(engine)
    async with contextlib.AsyncExitStack() as stack:
        for is_read_only in (True, False):
            viewer = await running.client.console(ConsoleRequest(replay="none", read_only=is_read_only))
            stack.push_async_callback(viewer.close)
            viewer.send(frames.BREAK, b"")
        async with asyncio.timeout(60):
            while breaks(engine) == before:
                await asyncio.sleep(0.2)
    assert breaks(engine) == before + 1
