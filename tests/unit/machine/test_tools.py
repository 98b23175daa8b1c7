"""The host's tools: a missing one is named, a failing one has its words, a cancelled one ends."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine.image.recipe import HostNeeds
from desktop.machine.image.tools import Tool, missing_packages, require_room, require_tools, run

SHELL = Tool("sh", "testing")


def test_a_missing_tool_names_its_package() -> None:
    needs = HostNeeds(tools={"sh": "dash", "no-such-tool": "its-package"}, files={"/no/such/file": "its-keys"})
    assert missing_packages(needs) == {"no-such-tool": "its-package", "/no/such/file": "its-keys"}
    with pytest.raises(ImageError, match="Install its-keys its-package") as caught:
        require_tools(needs)
    assert "import FILE" in caught.value.next_step
    require_tools(HostNeeds(tools={"sh": "dash"}, files={}))


async def test_a_failing_tool_speaks_for_itself() -> None:
    with pytest.raises(ImageError, match="sh failed while testing") as caught:
        await run(
            SHELL, ["-c", "echo working; echo 'E: no such package' >&2; echo 'E: mmdebstrap failed to run'; exit 3"]
        )
    assert caught.value.why == "E: no such package"


def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    require_room(tmp_path, 0)
    with pytest.raises(ImageError, match=r"takes 1000000000 MiB for a while, and .* has \d+ MiB"):
        require_room(tmp_path, 10**9)


async def test_cancelling_ends_a_tool_and_all_that_it_started(tmp_path: Path) -> None:
    """The child of a child holds a lock; it is free once all have ended."""
    fifo = tmp_path / "alive"
    os.mkfifo(fifo)
    script = f"(trap '' TERM; exec sleep 600 >{fifo}) & echo; wait"
    task = asyncio.create_task(run(SHELL, ["-c", script]))
    reader = await asyncio.to_thread(fifo.open, "rb")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with reader:
        assert await asyncio.wait_for(asyncio.to_thread(reader.read), 60) == b""
