"""The log of a container of the played engine, over all that can happen to it meanwhile."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import dropwhile
from pathlib import Path
from typing import Any

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Link
from desktop.core.job import JobState
from desktop.core.paths import Home, MachineFiles
from desktop.engine.log_feed import BURST_LINES
from desktop.services.container_log import ContainerLog, save_logs
from desktop.services.engine import EngineService
from desktop.services.jobs import Jobs
from tests.helpers.engine_server import EngineServer, container
from tests.helpers.fake import fake_machine, play


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home) as files:
        asyncio.run(SupervisorClient(files).start())
        yield files


class Followed:
    def __init__(self, engine: EngineService, name: str) -> None:
        self.engine = engine
        self.record = next(record for record in engine.containers if record.name == name)
        self.log = ContainerLog(engine, self.record.id)
        self.lines: list[LogLine] = []
        self.refused = ""
        self.log.lines.connect(self._take)

    def _take(self, lines: Sequence[LogLine]) -> None:
        self.lines += lines

    def texts(self, beginning: str) -> list[str]:
        return [line.text for line in self.lines if line.text.startswith(beginning)]


@asynccontextmanager
async def following(files: MachineFiles, name: str = "cache") -> AsyncIterator[Followed]:
    service = EngineService()
    tasks = [asyncio.create_task(service.follow(files.engine_socket))]
    await until(lambda: service.link.link is Link.UP)
    followed = Followed(service, name)
    tasks.append(asyncio.create_task(followed.log.follow()))
    try:
        await until(lambda: len(followed.lines) >= 40)
        yield followed
    finally:
        assert not any(task.done() for task in tasks), tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.01)


def stamps_once_and_in_order(lines: Sequence[LogLine]) -> bool:
    stamps = [line.stamp for line in lines if not line.is_mark]
    return stamps == sorted(set(stamps))


async def test_past_first_then_what_comes_and_each_line_once(machine: MachineFiles) -> None:
    async with following(machine) as followed:
        assert {line.source for line in followed.lines} == {Source.STDOUT, Source.STDERR}
        await play(machine, "chatter=100")
        await until(lambda: len(followed.lines) > 80)
        assert stamps_once_and_in_order(followed.lines)


async def test_goes_on_when_the_container_starts_again(machine: MachineFiles) -> None:
    async with following(machine) as followed:
        await followed.engine.stop(followed.record.id)
        await followed.engine.start(followed.record.id)
        await play(machine, "chatter=20")
        await until(lambda: any(line.source is Source.AGAIN for line in followed.lines))
        await until(lambda: len(followed.lines) > 45)
        assert stamps_once_and_in_order(followed.lines)


async def test_heals_after_the_engine_was_away(machine: MachineFiles) -> None:
    async with following(machine) as followed:
        await play(machine, "engine-drops")
        await play(machine, "events-cut")
        await until(lambda: followed.engine.link.link is Link.LOST)
        await play(machine, "calm")
        await play(machine, "chatter=20")
        await until(lambda: len(followed.lines) > 50)
        assert stamps_once_and_in_order(followed.lines)


async def test_removed_container_leaves_what_it_wrote(machine: MachineFiles) -> None:
    async with following(machine) as followed:
        await followed.engine.remove(followed.record.id, force=True)
        await until(lambda: followed.engine.containers.get(followed.record.id) is None)
        await asyncio.sleep(0.5)
        assert len(followed.lines) == 40


async def test_flood_is_left_out_in_the_middle_and_ends_with_the_newest(machine: MachineFiles) -> None:
    async with following(machine) as followed:
        await play(machine, "flood=100")
        await until(lambda: any(line.source is Source.DROPPED for line in followed.lines))
        await until(lambda: len(followed.lines) > 2 * BURST_LINES)
        await play(machine, "calm")
        before, numbers = 0, [0]
        while before != len(followed.lines) or numbers[-1] % 500 != 499:  # pieces of five hundred: the end is the end
            before = len(followed.lines)
            await asyncio.sleep(1.5)
            numbers = [int(line.text[:9]) for line in followed.lines if line.text.endswith("xxx")]
        assert numbers == sorted(numbers)
        assert len(numbers) < numbers[-1]
        assert stamps_once_and_in_order(followed.lines)


async def test_whole_log_is_saved(machine: MachineFiles, tmp_path: Path) -> None:
    async with following(machine) as followed:
        jobs, names = Jobs(), {followed.record.id: ""}
        job = await jobs.run("save log", "a", save_logs(followed.engine, "cache", names, "", True, tmp_path / "a.log"))
        assert job.state is JobState.DONE and job.done_bytes == (tmp_path / "a.log").stat().st_size
        lines = (tmp_path / "a.log").read_text("utf-8").splitlines()
        assert len(lines) == 40 and lines[0].split(" ")[0] == followed.lines[0].stamp
        nowhere = tmp_path / "no folder" / "a.log"
        job = await jobs.run("save log", "a", save_logs(followed.engine, "cache", names, "", False, nowhere))
        assert (job.error, job.why[-39:]) == (
            "The log of cache could not be saved", "cannot be written: No such file or directory"[-39:]
        )  # fmt: skip


async def test_one_that_ends_as_soon_as_it_was_started_is_read_on(tmp_path: Path) -> None:
    """No list of the engine's ever shows it running: it is as it was, and has written more."""
    said = ["one"]
    with EngineServer(tmp_path / "e.sock") as server:
        server.containers["a"] = container("a", State="exited", Status="Exited (0) 2 hours ago")
        server.answers["/containers/a/json"] = lambda: (200, {"Config": {}})
        server.answers["/containers/a/logs"] = lambda: (200, b"".join(map(framed, range(len(said)), said)))
        service, lines = EngineService(), list[LogLine]()
        log = ContainerLog(service, "a")
        log.lines.connect(lines.extend)
        tasks = [asyncio.create_task(service.follow(server.path)), asyncio.create_task(log.follow())]
        await until(lambda: [line.text for line in lines] == ["one"])
        await asyncio.sleep(0.5)
        calls = len([call for call in server.calls if "/logs" in call])
        said.append("two")
        for action in ("start", "die"):
            server.emit(action, "a")
        await until(lambda: [line.text for line in lines] == ["one", "", "two"])
        assert lines[1].source is Source.AGAIN
        await asyncio.sleep(1)
        assert len([call for call in server.calls if "/logs" in call]) <= calls + 2  # and then it rests
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.parametrize("meanwhile", ["while it rests", "while it is read"])
async def test_is_read_on_when_the_guests_clock_was_set_back(tmp_path: Path, meanwhile: str) -> None:
    """dockerd leaves out what is before the moment asked for up to the first line that is not, and no more after it."""
    written = [(10, "one"), (40, "two")]
    with EngineServer(tmp_path / "e.sock") as server:
        server.containers["a"] = container("a", State="exited", Status="Exited (0) 2 hours ago")
        server.answers["/containers/a/json"] = lambda: (200, {"Config": {}})
        server.answers["/containers/a/logs"] = lambda: (200, since(written, server.calls))
        if meanwhile == "while it is read":
            written.append((20, "three"))
        service, lines = EngineService(), list[LogLine]()
        log = ContainerLog(service, "a")
        log.lines.connect(lines.extend)
        tasks = [asyncio.create_task(service.follow(server.path)), asyncio.create_task(log.follow())]
        expected = [text for _, text in written]
        await until(lambda: len(lines) == len(expected))
        for number, text in ((21, "four"), (22, "five")):
            written.append((number, text))
            for action in ("start", "die"):
                server.emit(action, "a")
            expected += ["", text]
            await until(lambda: len(lines) == len(expected))  # noqa: B023 (it is awaited here)
        assert [line.text for line in lines] == expected
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def since(written: list[tuple[int, str]], calls: list[str]) -> bytes:
    """As dockerd answers the last call for a log."""
    asked = re.search(r"since=(\d+)", [call for call in calls if "/logs" in call][-1])
    first = int(asked[1]) - FIRST_S if asked else 0
    return b"".join(framed(*line) for line in dropwhile(lambda line: line[0] < first, written))


FIRST_S = int(datetime(2026, 1, 2, 3, 4, tzinfo=UTC).timestamp())


def framed(number: int, text: str) -> bytes:
    line = f"2026-01-02T03:04:{number:02}.000000000Z {text}\n".encode()
    return struct.pack(">BxxxL", 1, len(line)) + line


async def test_a_log_that_makes_no_sense_is_no_end_of_reading(tmp_path: Path) -> None:
    """What the engine says of the container is no object: the thread that read it ended without a word."""
    with EngineServer(tmp_path / "e.sock") as server:
        server.containers["a"] = container("a")
        server.answers["/containers/a/json"] = lambda: (200, ["no", "object"])
        server.answers["/containers/a/logs"] = lambda: (200, framed(0, "one"))
        service, lines = EngineService(), list[LogLine]()
        log = ContainerLog(service, "a")
        log.lines.connect(lines.extend)
        tasks = [asyncio.create_task(service.follow(server.path)), asyncio.create_task(log.follow())]
        await until(lambda: any("/containers/a/json" in call for call in server.calls))
        server.answers["/containers/a/json"] = lambda: (200, {"Config": {}})
        await until(lambda: [line.text for line in lines] == ["one"])
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
