"""A break that a viewer sends, counted by the guest's own serial driver."""

from __future__ import annotations

import asyncio
import re

import pytest

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from tests.helpers.guest import Guest

pytestmark = pytest.mark.vm


async def breaks(guest: Guest) -> int:
    return sum(map(int, re.findall(r"brk:(\d+)", await guest.shell("cat /proc/tty/driver/*"))))


async def test_a_break_reaches_the_guests_line_and_a_read_only_viewer_sends_none(running: Guest) -> None:
    before = await breaks(running)
    onlooker = await running.client.console(ConsoleRequest(replay="none", read_only=True))
    onlooker.send(frames.BREAK, b"")
    viewer = await running.client.console(ConsoleRequest(replay="none"))
    viewer.send(frames.BREAK, b"")
    async with asyncio.timeout(30):
        while await breaks(running) == before:
            await asyncio.sleep(0.2)
    assert await breaks(running) == before + 1
    for one in (onlooker, viewer):
        await one.close()
