"""The log of a real container: its streams, its end, and the machine suspended and stopped under it."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import docker
import pytest

from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Link
from desktop.core.job import JobState
from desktop.core.paths import MachineFiles
from desktop.engine import log_feed
from desktop.services.container_log import ContainerLog, save_logs
from desktop.services.engine import EngineService
from desktop.services.jobs import Jobs
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import DEADLINE_S, Guest
from tests.helpers.guest import wait_for as wait_at_most

pytestmark = [pytest.mark.vm, pytest.mark.long]

TALK = "echo out; echo err >&2; n=0; while :; do echo tick $n; n=$((n+1)); sleep 0.2; done"


async def wait_for(condition: Callable[[], bool]) -> None:
    await wait_at_most(condition, DEADLINE_S)


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


def after_again(lines: Sequence[LogLine]) -> Sequence[LogLine]:
    """What it wrote since it was started again."""
    marks = [number for number, line in enumerate(lines) if line.source is Source.AGAIN]
    return lines[marks[0] + 1 :] if marks else []


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


async def test_log_goes_on_when_the_guests_clock_was_set_back(running: Guest, engine: docker.DockerClient) -> None:
    """What is written then is earlier than what was read before, until the clock is set right again."""
    container = engine.containers.run(IMAGE, ["sh", "-c", f"trap 'exit' TERM; {TALK}"], detach=True)
    try:
        async with following(running.files, container.id) as (_, lines):
            await wait_for(lambda: len(ticks(lines)) > 5)
            container.stop()
            engine.containers.run(IMAGE, ["date", "-s", f"@{time.time() - 3600:.0f}"], privileged=True, remove=True)
            container.start()
            await wait_for(lambda: len(ticks(after_again(lines))) > 20)
            found = after_again(lines)
            assert ticks(found) == list(range(len(ticks(found))))
            assert found[0].stamp < lines[0].stamp
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


async def test_logs_saved_as_one_are_all_that_the_engine_keeps(
    running: Guest, engine: docker.DockerClient, tmp_path: Path
) -> None:
    says = "n=0; while [ $n -lt 300 ]; do n=$((n+1)); printf 'a\\377 %s\\n' $n; echo err $n >&2; done"
    made = {
        engine.containers.run(IMAGE, ["sh", "-c", says], detach=True, tty=name == "terminal"): name
        for name in ("plain", "terminal")
    }
    service, path = EngineService(), tmp_path / "all.log"
    following = asyncio.create_task(service.follow(running.files.engine_socket))
    try:
        await wait_for(lambda: service.link.link is Link.UP)
        logs = []
        for container, name in made.items():
            await asyncio.to_thread(container.wait)
            found = await asyncio.to_thread(container.logs, timestamps=True)
            logs.append([line.replace(b" ", b" %s " % name.encode(), 1) for line in lines_of(found)])
        names = {str(container.id): name for container, name in made.items()}
        job = await Jobs().run("save log", "all", save_logs(service, "all", names, "", True, path))
        assert job.state is JobState.DONE, job
        assert path.read_bytes() == b"".join(heapq.merge(*logs, key=lambda line: line[:30]))
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        for container in made:
            container.remove(force=True)


def lines_of(log: bytes) -> list[bytes]:
    """As the engine gives them, each with its end."""
    return [line + b"\n" for line in log.removesuffix(b"\n").split(b"\n")]


async def test_flood_of_a_real_engine_is_left_out_in_the_middle(
    running: Guest, engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An emulated guest on a busy host may not write more than can be shown; a flood is then what there is.
    monkeypatch.setattr(log_feed, "BURST_LINES", 500)
    monkeypatch.setattr(log_feed, "STEADY_LINES_S", 50.0)
    says = "yes 0123456789 | head -n 20000; echo the end; sleep 1000"
    container = engine.containers.run(IMAGE, ["sh", "-c", says], detach=True)
    try:
        async with following(running.files, container.id) as (_, lines):
            await wait_for(lambda: bool(lines) and lines[-1].text == "the end")
            assert any(line.source is Source.DROPPED for line in lines) and len(lines) < 20000
    finally:
        await asyncio.to_thread(container.remove, force=True)
