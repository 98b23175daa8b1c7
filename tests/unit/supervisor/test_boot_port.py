"""The steps of a boot, as a guest names them on its port."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from desktop.core.machine import BootStep
from desktop.supervisor.boot_port import AT_ONCE, BootPort
from tests.helpers.guest import wait_for


async def test_a_guest_that_names_steps_without_end_is_taken_in_at_a_pace(tmp_path: Path) -> None:
    """Each is written down and told to everybody who watches, and the rest waits in the guest."""
    seen: list[BootStep] = []
    port = BootPort(0.0)
    port.step.connect(seen.append)

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                writer.write(b"0.10 init\n" * 1000)
                await writer.drain()

    async with await asyncio.start_unix_server(flood, tmp_path / "boot"):
        following = asyncio.create_task(port.follow(tmp_path / "boot"))
        await wait_for(lambda: len(seen) >= AT_ONCE)
        await asyncio.sleep(0.5)
        assert AT_ONCE <= len(seen) < AT_ONCE + 20
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
