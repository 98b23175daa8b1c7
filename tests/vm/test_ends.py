"""How real containers end: for want of memory, or with a last word; and a real Compose project with its one log."""

from __future__ import annotations

import asyncio
from pathlib import Path

import docker
import pytest

from desktop.core.container_log import LogLine
from desktop.core.engine import Container
from desktop.services.compose_order import waves
from desktop.services.together_log import TogetherLog
from tests.helpers.busybox_image import IMAGE
from tests.helpers.connected import connected
from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import DEADLINE_S, Guest, wait_for

pytestmark = pytest.mark.vm

PROJECT = "ends-of-tests"
COMPOSE = f"""
services:
  front: {{image: {IMAGE}, command: [sh, -c, "echo front; sleep 1000"], init: true, depends_on: [back]}}
  back: {{image: {IMAGE}, command: [sh, -c, "echo back >&2; sleep 1000"], init: true}}
"""


async def test_want_of_memory_and_the_last_lines_are_known(running: Guest, engine: docker.DockerClient) -> None:
    def record(id: str) -> Container:
        found = service.containers.get(id)
        assert found is not None
        return found

    hungry = "echo soon >&2; exec tail /dev/zero"
    big = engine.containers.create(IMAGE, ["sh", "-c", hungry], mem_limit="16m", memswap_limit="16m")
    bad = engine.containers.create(IMAGE, ["sh", "-c", "echo calm; echo why >&2; exit 3"])
    try:
        async with connected(running.files) as service:
            await wait_for(lambda: service.containers.get(bad.id) is not None, DEADLINE_S)
            for each in (big, bad):
                await service.start(each.id)
            await wait_for(lambda: record(bad.id).end is not None, DEADLINE_S)
            await wait_for(lambda: record(big.id).out_of_memory, DEADLINE_S)
            await wait_for(lambda: bool(record(bad.id).end and record(bad.id).end.last_lines), DEADLINE_S)
            assert record(bad.id).end.last_lines == ("why",)
        async with connected(running.files) as service:
            await wait_for(lambda: record(big.id).out_of_memory, DEADLINE_S)
            assert not record(bad.id).out_of_memory
    finally:
        for each in (big, bad):
            each.remove(force=True)


async def test_a_compose_project_has_an_order_and_one_log(
    running: Guest, engine: docker.DockerClient, cli: DockerCli, tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    words = ("compose", "-p", PROJECT, "-f", str(tmp_path / "compose.yaml"))
    await asyncio.to_thread(cli.run, *words, "up", "-d", socket=running.files.docker_socket)
    try:
        async with connected(running.files) as service:
            members = [record for record in service.containers if record.project == PROJECT]
            assert [[record.service for record in wave] for wave in waves(members)] == [["back"], ["front"]]
            lines: list[LogLine] = []
            log = TogetherLog(service, [record.id for record in members], PROJECT)
            log.lines.connect(lines.extend)
            following = asyncio.create_task(log.follow())
            await wait_for(lambda: len(lines) == 2, DEADLINE_S)
            assert [(line.name, line.text) for line in lines] == [("back", "back"), ("front", "front")]
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
    finally:
        await asyncio.to_thread(cli.run, *words, "down", "-t", "1", socket=running.files.docker_socket)
