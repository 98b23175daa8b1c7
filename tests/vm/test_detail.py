"""What a real container uses, runs and holds: measured, listed, saved, sent and deleted."""

from __future__ import annotations

import asyncio
from collections import deque
from pathlib import Path

import docker
import pytest

from desktop.core.container_files import Change, Kind, Listing
from desktop.core.errors import EngineError
from desktop.core.usage import Processes, Usage
from desktop.services.container_files import ContainerFiles
from desktop.services.container_usage import ContainerUsage
from desktop.services.engine import EngineService
from tests.helpers.busybox_image import IMAGE
from tests.helpers.connected import connected
from tests.helpers.guest import DEADLINE_S, Guest, wait_for

pytestmark = [pytest.mark.vm, pytest.mark.long]

WORK = "mkdir /made; echo x > '/made/a b'; printf y > '/made/two\nlines'; ln -s /made /to; while :; do sleep 0.1; done"


def names(listing: Listing) -> dict[str, Kind]:
    return {entry.name: entry.kind for entry in listing.entries}


async def test_figures_and_files_of_a_real_container(
    running: Guest, engine: docker.DockerClient, tmp_path: Path
) -> None:
    container = engine.containers.run(IMAGE, ["sh", "-c", WORK], detach=True)
    try:
        async with connected(running.files) as service:
            await _measured(service, container.id)
            await _files(service, container.id, tmp_path)
            await service.kill(container.id)
            files = ContainerFiles(service, container.id)
            await wait_for(lambda: not files.is_running, DEADLINE_S)
            listing = await files.listing("/made")
            assert names(listing) == {"a b": Kind.FILE, "up.bin": Kind.FILE} and listing.is_whole
            with pytest.raises(EngineError, match="not running"):
                await files.delete("/made/a b")
    finally:
        container.remove(force=True)


async def _measured(service: EngineService, id: str) -> None:
    usage, kept, listed = ContainerUsage(service, id), list[Usage](), list[Processes]()

    def on_measured(all_kept: deque[Usage]) -> None:
        kept.append(all_kept[-1])

    usage.measured.connect(on_measured)
    usage.listed.connect(listed.append)
    following = asyncio.create_task(usage.follow())
    try:
        await wait_for(lambda: any(each.cpu_percent for each in kept) and bool(listed), DEADLINE_S)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    last = next(each for each in kept if each.cpu_percent)
    assert last.memory_bytes and last.memory_limit_bytes and last.received_s is not None
    assert "CMD" in listed[0].titles or "COMMAND" in listed[0].titles
    assert any("sleep 0.1" in " ".join(row) for row in listed[0].rows)


async def _files(service: EngineService, id: str, tmp_path: Path) -> None:
    files = ContainerFiles(service, id)
    root = names(await files.listing("/"))
    assert root["made"] is Kind.FOLDER and root["to"] is Kind.LINK
    assert names(await files.listing("/made")) == {"a b": Kind.FILE, "two\nlines": Kind.FILE}
    assert await files.resolve("/to") == ("/made", Kind.FOLDER)
    assert (await files.preview("/made/a b")).text == "x\n"
    assert (await files.changes())["/made"] is Change.ADDED
    sent, back = tmp_path / "up.bin", tmp_path / "back.bin"
    sent.write_bytes(bytes(range(256)) * 4096)
    await files.send("/made", [sent], lambda _: None)
    await files.save("/made/up.bin", False, back, lambda _: None)
    assert back.read_bytes() == sent.read_bytes()
    await files.delete("/bin/sync")
    changes = await files.changes()
    assert (changes["/bin/sync"], changes["/bin"]) == (Change.DELETED, Change.MODIFIED)
    await files.delete("/made/two\nlines")
    assert names(await files.listing("/made")) == {"a b": Kind.FILE, "up.bin": Kind.FILE}
    await files.delete("/bin/rm")
    with pytest.raises(EngineError, match="executable file not found"):
        await files.delete("/made/a b")
