"""The log of a real container: its streams, its end, and the machine suspended and stopped under it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import docker
import pytest

from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Link
from desktop.core.paths import MachineFiles
from desktop.services.container_log import ContainerLog
from desktop.services.engine import EngineService
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import Guest
from tests.helpers.guest import wait_for as wait_at_most

pytestmark = pytest.mark.vm

TALK = "echo out; echo err >&2; n=0; while :; do echo tick $n; n=$((n+1)); sleep 0.2; done"


async def wait_for(condition: Callable[[], bool]) -> None:
    await wait_at_most(condition, 150)


@asynccontextmanager
async def following(files: MachineFiles, id: str) -> AsyncIterator[tuple[EngineService, list[LogLine]]]:
    service, lines = EngineService(), list[LogLine]()
    log = ContainerLog(service, id)

    def take(batch: Sequence[LogLine]) -> None:
        lines.extend(batch)

    log.lines.connect(take)
    tasks = [asyncio.create_task(service.follow(files.engine_socket)), asyncio.create_task(log.follow())]
    try:
        await wait_for(lambda: service.link.link is Link.UP)
        yield service, lines
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def ticks(lines: Sequence[LogLine]) -> list[int]:
    return [int(line.text.removeprefix("tick ")) for line in lines if line.text.startswith("tick")]


async def test_log_goes_on_over_a_suspension_with_every_line_once(running: Guest, engine: docker.DockerClient) -> None:
    container = engine.containers.run(IMAGE, ["sh", "-c", TALK], detach=True)
    try:
        async with following(running.files, container.id) as (_, lines):
            await wait_for(lambda: len(ticks(lines)) > 5)
            told = {(line.source, line.text) for line in lines}
            assert {(Source.STDOUT, "out"), (Source.STDERR, "err")} <= told
            await running.client.suspend()
            seen = len(ticks(lines))
            await running.client.start()
            await wait_for(lambda: len(ticks(lines)) > seen + 5)
            assert ticks(lines) == list(range(len(ticks(lines))))
    finally:
        container.remove(force=True)


async def test_log_ends_starts_again_and_outlives_its_container(running: Guest, engine: docker.DockerClient) -> None:
    container = engine.containers.run(IMAGE, ["sh", "-c", "echo once; sleep 1"], detach=True)
    async with following(running.files, container.id) as (service, lines):
        await wait_for(lambda: [line.text for line in lines] == ["once"])
        container.wait()
        container.start()
        await wait_for(lambda: [line.source for line in lines] == [Source.STDOUT, Source.AGAIN, Source.STDOUT])
        container.remove(force=True)
        await wait_for(lambda: service.containers.get(container.id) is None)
        assert len(lines) == 3


async def test_flood_of_a_real_engine_is_left_out_in_the_middle(running: Guest, engine: docker.DockerClient) -> None:
    says = "yes 0123456789 & sleep 8; kill $!; echo; echo the end"
    container = engine.containers.run(IMAGE, ["sh", "-c", says], detach=True)
    try:
        async with following(running.files, container.id) as (_, lines):
            await wait_for(lambda: any(line.source is Source.DROPPED for line in lines))
            await wait_for(lambda: bool(lines) and lines[-1].text == "the end")
    finally:
        container.remove(force=True)
