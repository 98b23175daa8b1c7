"""A break that a viewer sends, counted by the guest's own serial driver."""

from __future__ import annotations

import asyncio
import contextlib
import re

import docker
import pytest

from desktop.client.console import ConsoleConnection
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import DEADLINE_S, Guest

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
        async with asyncio.timeout(DEADLINE_S):
            while breaks(engine) == before:
                await asyncio.sleep(0.2)
    assert breaks(engine) == before + 1


async def test_what_is_typed_after_a_break_ends_no_machine(running: Guest) -> None:
    """b would be the kernel's to restart at once, with nothing written to the disk."""
    qemu = await running.qemu_pid()
    viewer = await running.client.console(ConsoleRequest(replay="none"))
    async with asyncio.timeout(DEADLINE_S), contextlib.aclosing(viewer.frames()) as shown:
        seen, asking = "", asyncio.create_task(type_after_breaks(viewer))
        try:
            while "sysrq: This sysrq operation is disabled" not in seen:
                seen += (await anext(shown))[1].decode(errors="replace")
        finally:
            asking.cancel()
            await viewer.close()
    assert await running.shell("echo alive") and await running.qemu_pid() == qemu


async def type_after_breaks(viewer: ConsoleConnection) -> None:
    while True:
        viewer.send(frames.BREAK, b"")
        await asyncio.sleep(0.5)  # by another way than what is typed
        viewer.send(frames.TYPED, b"b")
        await asyncio.sleep(2)
