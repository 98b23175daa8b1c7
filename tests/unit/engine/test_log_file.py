"""Logs of containers written to one file, from an engine that sends what the tests say."""

from __future__ import annotations

import asyncio
import os
import resource
import struct
import threading
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from desktop.core.errors import EngineError
from desktop.core.paths import Home
from desktop.engine.client import EngineClient
from desktop.services.job_report import Report
from tests.helpers.engine_server import EngineServer


@pytest.fixture
def server(home: Home) -> Iterator[EngineServer]:
    with EngineServer(home.base / "e.sock") as server:
        yield server


def stamp(number: int) -> str:
    return f"2026-01-02T03:04:{number // 100:02}.{number % 100:02}0000000Z"


def frame(number: int, text: bytes, kind: int = 1) -> bytes:
    content = f"{stamp(number)} ".encode() + text
    return struct.pack(">BxxxL", kind, len(content)) + content


def writes(server: EngineServer, id: str, log: bytes, has_terminal: bool = False, missing: int = 0) -> None:
    """`missing`: of so many more bytes the engine says that they come, and hangs up."""
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(log) + missing}\r\n\r\n".encode()
    answer = head + log
    server.answers[f"/containers/{id}/json"] = lambda: (200, {"Id": id, "Config": {"Tty": has_terminal}})
    server.answers[f"/containers/{id}/logs"] = lambda: answer


async def save(
    server: EngineServer, path: Path, names: Mapping[str, str], with_stamps: bool = False
) -> Report:
    report = Report(lambda: None)
    async with EngineClient(server.path) as client:
        await client.save_logs(names, "", with_stamps, path, report)
    return report


async def test_bytes_of_one_are_as_they_were_written(server: EngineServer, tmp_path: Path) -> None:
    long = b"x" * 16384
    log = frame(1, b"\x1b[31mred\x1b[0m \xff\xfe\x00\r\n") + frame(2, long) + frame(3, long) + frame(4, b"end\n")
    writes(server, "a", log + frame(5, b"\n") + frame(6, b"wrong\n", kind=2) + frame(7, b"$ "))
    report = await save(server, tmp_path / "a.log", {"a": ""})
    expected = b"\x1b[31mred\x1b[0m \xff\xfe\x00\r\n" + long + long + b"end\n\nwrong\n$ \n"
    assert (tmp_path / "a.log").read_bytes() == expected
    assert report.facts["done_bytes"] == len(expected)


async def test_lines_of_several_stand_in_the_order_of_their_moments(server: EngineServer, tmp_path: Path) -> None:
    writes(server, "a", frame(1, b"a1\n") + frame(4, b"a4\n") + frame(3, b"a3\n") + frame(9, b"\n"))
    writes(server, "b", f"{stamp(2)} b2\r\n{stamp(5)} b5\r\n".encode(), has_terminal=True)
    writes(server, "c", b"")
    names = {"a": "web", "b": "db", "c": "idle"}
    await save(server, tmp_path / "all.log", names, with_stamps=True)
    lines = [(1, "web", "a1"), (2, "db", "b2\r"), (4, "web", "a4"), (3, "web", "a3"), (5, "db", "b5\r"), (9, "web", "")]
    expected = "".join(f"{stamp(number)} {name} {text}\n" for number, name, text in lines)
    assert (tmp_path / "all.log").read_bytes() == expected.encode()
    await save(server, tmp_path / "all.log", names)
    assert (tmp_path / "all.log").read_bytes() == b"web a1\ndb b2\r\nweb a4\nweb a3\ndb b5\r\nweb \n"


async def test_a_thousand_are_saved_with_few_files_open(server: EngineServer, tmp_path: Path) -> None:
    """As many as most systems let a program have open are not needed."""
    names = {f"c{number}": f"web-{number}" for number in range(1000)}
    for number, id in enumerate(names):
        writes(server, id, frame(number, b"first\n") + frame(2000 - number, b"\xff\n"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 400, hard))
    try:
        async with asyncio.timeout(120):
            await save(server, tmp_path / "all.log", names, with_stamps=True)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    lines = (tmp_path / "all.log").read_bytes().splitlines()
    assert len(lines) == 2000 and lines == sorted(lines, key=lambda line: line.split()[0])
    assert {line.split()[1].decode() for line in lines if line.endswith(b" \xff")} == set(names.values())
    assert [path.name for path in tmp_path.iterdir()] == ["all.log"]


async def test_where_one_breaks_off_the_file_is_left_as_it_was(server: EngineServer, tmp_path: Path) -> None:
    (tmp_path / "all.log").write_text("before")
    writes(server, "a", frame(1, b"a1\n"))
    writes(server, "b", frame(2, b"b2\n"), missing=100)
    with pytest.raises(EngineError, match="cannot be reached"):
        await save(server, tmp_path / "all.log", {"a": "a", "b": "b"})
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("all.log", "before")]


async def test_container_without_a_log_is_told_and_does_not_keep_the_others(
    server: EngineServer, tmp_path: Path
) -> None:
    writes(server, "a", frame(1, b"a1\n"))
    writes(server, "b", b"")
    why = "configured logging driver does not support reading"
    server.answers["/containers/b/logs"] = lambda: (501, {"message": why})
    report = await save(server, tmp_path / "all.log", {"a": "web", "b": "db"})
    assert (tmp_path / "all.log").read_text() == "web a1\n"
    assert report.lines() == [f"db: {why}"]
    with pytest.raises(EngineError) as failure:
        await save(server, tmp_path / "b.log", {"b": ""})
    assert failure.value.why == why and not (tmp_path / "b.log").exists()


async def test_cancelled_it_ends_at_once_and_leaves_nothing(server: EngineServer, tmp_path: Path) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def hang() -> bytes:
        asked.set()
        go_on.wait(60)
        return b""

    writes(server, "a", frame(1, b"a1\n"))
    writes(server, "b", b"")
    server.answers["/containers/b/logs"] = hang
    task = asyncio.create_task(save(server, tmp_path / "all.log", {"a": "a", "b": "b"}))
    try:
        await asyncio.to_thread(asked.wait, 60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(60):
            while any(thread.name == "engine-log-save" for thread in threading.enumerate()):
                await asyncio.sleep(0.01)
        assert list(tmp_path.iterdir()) == []
    finally:
        go_on.set()


async def test_memory_does_not_grow_with_the_logs(server: EngineServer, tmp_path: Path) -> None:
    for shift, id in enumerate("abc"):
        writes(server, id, b"".join(frame(3 * number // 10 + shift, b"y" * 4000 + b"\n") for number in range(3000)))
    tracemalloc.start()
    try:
        await save(server, tmp_path / "all.log", {id: id for id in "abc"})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "all.log").stat().st_size == 9000 * 4003
    assert peak < 8 << 20
