"""The logs of several containers of the played engine, read as one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Link, whole_project
from desktop.core.paths import Home, MachineFiles
from desktop.engine.log_feed import BURST_LINES
from desktop.fake.samples import id_of
from desktop.services import together_log
from desktop.services.container_log import ContainerLog
from desktop.services.engine import EngineService
from desktop.services.run_container import run_container
from desktop.services.together_log import TogetherLog
from tests.helpers.fake import fake_machine, play

from .test_container_log import until


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home) as files:
        asyncio.run(SupervisorClient(files).start())
        yield files


class Followed:
    def __init__(self, engine: EngineService, ids: Sequence[str], project: str) -> None:
        self.engine, self.log = engine, TogetherLog(engine, ids, project)
        self.lines: list[LogLine] = []
        self.left_out = 0
        self.log.lines.connect(self.lines.extend)
        self.log.left_out.connect(lambda count: setattr(self, "left_out", count))
        self.begin()

    def begin(self) -> None:
        self.task = asyncio.create_task(self.log.follow())

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def names(self) -> set[str]:
        return {line.name for line in self.lines}


@asynccontextmanager
async def following(files: MachineFiles, *names: str, project: str = "") -> AsyncIterator[Followed]:
    service = EngineService()
    tasks = [asyncio.create_task(service.follow(files.engine_socket))]
    await until(lambda: service.link.link is Link.UP)
    followed = Followed(service, [id_of(name) for name in names], project)
    try:
        yield followed
    finally:
        await followed.stop()
        assert not any(task.done() for task in tasks), tasks
        for task in reversed(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def in_order(lines: Sequence[LogLine]) -> bool:
    stamps = [line.stamp for line in lines]
    return stamps == sorted(stamps)


async def test_the_past_of_all_and_what_comes_stand_in_order(machine: MachineFiles) -> None:
    async with following(machine, "shop-web-1", "shop-api-1", "shop-db-1", project="shop") as followed:
        await until(lambda: len(followed.lines) == 120)
        assert followed.names() == {"web", "api", "db"}
        assert in_order(followed.lines)
        await play(machine, "chatter=50")
        await until(lambda: len(followed.lines) > 200)
        assert in_order(followed.lines)
        assert {line.name for line in followed.lines[120:]} == {"web", "api", "db"}
        assert len({(line.name, line.stamp) for line in followed.lines}) == len(followed.lines)
        assert followed.left_out == 0


async def test_containers_of_the_project_that_come_and_go_are_followed(machine: MachineFiles) -> None:
    async with following(machine, "shop-web-1", "shop-api-1", "shop-db-1", project="shop") as followed:
        await until(lambda: len(followed.lines) == 120)
        await followed.engine.remove(id_of("shop-db-1"), force=True)
        labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": "worker"}
        body = {"Image": "busybox:latest", "Cmd": ["sh", "-c", "echo hi"], "Labels": labels}
        await run_container(followed.engine, "shop-worker-1", body)
        await until(lambda: "worker" in followed.names())
        assert len([line for line in followed.lines if line.name == "db"]) == 40
        assert len(followed.log._logs) == 3  # nothing is kept of those that are gone


async def test_chosen_ones_alone_and_no_more_at_once_than_can_be_read(
    machine: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together_log, "MOST", 2)
    async with following(machine, "shop-web-1", "cache", "shop-db-1") as followed:
        await until(lambda: len(followed.lines) == 80)
        assert followed.names() == {"cache", "db"} and followed.left_out == 1
        await followed.engine.stop(id_of("cache"))
        await until(lambda: len(followed.lines) >= 120 and "web" in followed.names() and followed.left_out == 0)


async def test_those_that_rest_are_read_in_turn_beside_those_that_run(
    machine: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first sixty-four by their names were read, and none of the others, whatever they did."""
    monkeypatch.setattr(together_log, "MOST", 2)
    monkeypatch.setattr(together_log, "MOST_AT_REST", 1)
    names = ("cache", "old-report", "shop-api-1", "shop-db-1", "shop-web-1")
    async with following(machine) as followed:
        for name in ("cache", "shop-api-1"):
            await followed.engine.stop(id_of(name))
        await until(lambda: sum(record.running for record in followed.engine.containers) == 2)
    async with following(machine, *names) as followed:
        await until(lambda: len(followed.names()) == 5)
        assert in_order(followed.lines) and followed.left_out == 0
        await followed.engine.start(id_of("cache"))
        await until(lambda: followed.left_out == 1)
        await until(lambda: readers() <= 3)


async def test_no_newcomer_is_read_beside_as_many_as_can_be(
    machine: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together_log, "MOST", 3)
    async with following(machine, "shop-web-1", "shop-api-1", "shop-db-1", project="shop") as followed:
        await until(lambda: len(followed.lines) == 120)
        labels = {"com.docker.compose.project": "shop", "com.docker.compose.service": "a"}
        body = {"Image": "busybox:latest", "Cmd": ["sleep", "infinity"], "Labels": labels}
        await run_container(followed.engine, "shop-a-1", body)  # its name is before all others
        await until(lambda: followed.left_out == 1)
        await asyncio.sleep(0.5)
        assert readers() == 3 and followed.left_out == 1


def readers() -> int:
    return sum(thread.name == "engine-log" for thread in threading.enumerate())


async def test_what_came_while_nobody_looked_is_all_there(
    machine: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few lines of each are read at first: not when it is read on."""
    monkeypatch.setattr(together_log, "LEAST_TAIL", 5)
    monkeypatch.setattr(together_log, "FIRST_LINES", 15)
    async with following(machine, "shop-web-1", "shop-api-1", "shop-db-1", project="shop") as followed:
        await until(lambda: len(followed.lines) == 15)
        reference = ContainerLog(followed.engine, id_of("shop-web-1"))
        all_lines: list[LogLine] = []
        reference.lines.connect(all_lines.extend)
        following_one = asyncio.create_task(reference.follow())
        await followed.stop()
        await play(machine, "chatter=200")
        await until(lambda: len(all_lines) > 140)
        await play(machine, "calm")
        followed.begin()
        last = all_lines[-1].stamp
        await until(lambda: any(line.name == "web" and line.stamp == last for line in followed.lines))
        await followed.stop()
        following_one.cancel()
        await asyncio.gather(following_one, return_exceptions=True)
        seen = [line.stamp for line in followed.lines if line.name == "web" and line.stamp <= last]
        assert seen == [line.stamp for line in all_lines[35:] if line.stamp <= last]


async def test_a_flood_of_one_is_left_out_and_no_line_of_the_others(machine: MachineFiles) -> None:
    async with following(machine, "shop-web-1", "shop-api-1", "shop-db-1", project="shop") as followed:
        await until(lambda: len(followed.lines) == 120)
        await play(machine, "flood=60")
        await until(lambda: any(line.source is Source.DROPPED for line in followed.lines))
        await asyncio.sleep(3)
        await play(machine, "calm")
        assert len(followed.lines) < 8 * BURST_LINES  # of 1,800,000


def test_a_whole_project_is_known() -> None:
    from desktop.core.engine import Container

    def made(id: str, project: str) -> Container:
        return Container(id=id, name=id, image="a", labels=(("com.docker.compose.project", project),))

    a, b, other = made("a", "shop"), made("b", "shop"), made("c", "")
    assert whole_project([a, b], [a, b, other]) == "shop"
    assert whole_project([a], [a, b, other]) == ""
    assert whole_project([a, b, other], [a, b, other]) == ""
    assert whole_project([other], [a, b, other]) == ""
