"""A real server on a unix socket, and what the service makes of what it says."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop.core.engine import Link
from desktop.core.errors import EngineError
from desktop.services.engine import EngineService
from tests.helpers.engine_server import EngineServer, container


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineServer]:
    with EngineServer(tmp_path / "e.sock") as server:
        yield server


@asynccontextmanager
async def following(path: Path, service: EngineService | None = None) -> AsyncIterator[EngineService]:
    service = service or EngineService()
    task = asyncio.create_task(service.follow(path))
    try:
        yield service
    finally:
        assert not task.done(), task
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.01)


def up(service: EngineService) -> Callable[[], bool]:
    return lambda: service.link.link is Link.UP


def holds_all_but_the_first_page(engine: EngineServer, rows: list[dict[str, Any]]) -> threading.Event:
    """What lets the rest go; without rows of the server's own the rest breaks off."""
    go_on = threading.Event()
    engine.containers.update({row["Id"]: row for row in rows})
    asked: list[int] = []

    def answer() -> tuple[int, Any] | bytes:
        asked.append(1)
        if len(asked) == 1:
            return 200, rows[:100]
        go_on.wait(60)
        return (200, rows) if engine.containers else b""

    engine.answers["/containers/json"] = answer
    return go_on


async def test_lists_what_is_there_then_follows_events(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    engine.images = [{"Id": "sha256:aa", "RepoTags": ["busybox:latest"], "Size": 5}]
    async with following(engine.path) as service:
        await until(up(service))
        assert [record.name for record in service.containers] == ["a-name"]
        assert [image.containers for image in service.images] == [1]
        engine.containers["b"] = container("b")
        engine.emit("create", "b")
        await until(lambda: len(service.containers) == 2)
        assert [image.containers for image in service.images] == [2]
        del engine.containers["a"]
        engine.emit("destroy", "a")
        await until(lambda: [record.id for record in service.containers] == ["b"])
        assert [image.containers for image in service.images] == [1]


async def test_nothing_is_left_when_told_off(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    async with following(engine.path) as service:
        await until(up(service))
    assert service.link.link is Link.OFF
    assert len(service.containers) == 0


@pytest.mark.parametrize("last", [b'{"Type":"container","Act', b"\xff\xfe garbage\n", b"x" * 1_100_000, b""])
async def test_broken_stream_is_seen_and_healed_by_a_full_list(engine: EngineServer, last: bytes) -> None:
    async with following(engine.path) as service:
        await until(up(service))
        links: list[Link] = []
        service.link_changed.connect(lambda link: links.append(link.link))
        engine.containers["missed"] = container("missed")
        engine.send(last) if last else None
        engine.cut()
        await until(lambda: len(service.containers) == 1)
        await until(up(service))
        assert links == [Link.LOST, Link.UP]


async def test_event_in_invalid_utf8_is_an_event(engine: EngineServer) -> None:
    async with following(engine.path) as service:
        await until(up(service))
        engine.containers["a"] = container("a")
        engine.send(b'{"Type":"container","Action":"create","Actor":{"ID":"a","Attributes":{"x":"\xff"}}}\n')
        await until(lambda: len(service.containers) == 1)


async def test_newest_are_there_before_an_engine_has_told_of_a_thousand(engine: EngineServer) -> None:
    rows = [container(f"c{n}") for n in range(1000)]
    go_on = holds_all_but_the_first_page(engine, rows)
    async with following(engine.path) as service:
        await until(lambda: service.link.link is Link.READING)
        assert [record.id for record in service.containers] == [row["Id"] for row in rows[:100]]
        assert "limit=100" in next(call for call in engine.calls if "/containers/json" in call)
        go_on.set()
        await until(up(service))
        assert len(service.containers) == 1000


async def test_the_newest_can_be_acted_on_while_the_rest_is_read(engine: EngineServer) -> None:
    go_on = holds_all_but_the_first_page(engine, [container(f"c{n}") for n in range(1000)])
    engine.answers["/containers/c7/restart"] = lambda: (204, b"")
    async with following(engine.path) as service:
        await until(lambda: service.link.link is Link.READING)
        act = asyncio.create_task(service.restart("c7"))
        await until(lambda: any("/containers/c7/restart" in call for call in engine.calls))
        assert await service.disk_bytes() is None  # which would take its time from the list
        go_on.set()
        await act
        await until(up(service))
        (record,) = [record for record in service.containers if record.id == "c7"]
        assert record.busy == "" and len(service.containers) == 1000


async def test_first_page_is_no_list_where_the_rest_does_not_come(engine: EngineServer) -> None:
    go_on = holds_all_but_the_first_page(engine, [container(f"c{n}") for n in range(1000)])
    async with following(engine.path) as service:
        await until(lambda: service.link.link is Link.READING)
        engine.answers["/_ping"] = lambda: (500, {"message": "broken"})
        engine.containers.clear()
        engine.answers["/containers/json"] = lambda: (500, {"message": "broken"})
        go_on.set()
        await until(lambda: service.link.link is Link.LOST)
        assert len(service.containers) == 0


async def test_few_containers_are_asked_for_once(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    seen: list[Link] = []
    service = EngineService()
    service.link_changed.connect(lambda link: seen.append(link.link))
    async with following(engine.path, service):
        await until(up(service))
        assert seen == [Link.CONNECTING, Link.UP] and len(service.containers) == 1


async def test_thousand_events_cost_few_calls(engine: EngineServer) -> None:
    engine.containers.update({f"c{n}": container(f"c{n}") for n in range(200)})
    async with following(engine.path) as service:
        await until(up(service))
        engine.calls.clear()
        for n in range(200):
            engine.containers[f"c{n}"] = container(f"c{n}", State="exited", Status="Exited (0) 1 second ago")
        for n in range(1000):
            engine.emit("die", f"c{n % 200}")
        await until(lambda: all(record.state == "exited" for record in service.containers))
        assert len(engine.calls) < 40


async def test_what_is_swept_is_ours_whatever_the_engine_lists(engine: EngineServer) -> None:
    """This one does not know the filter, and lists everything. A label may come from an image that was pulled."""
    helper = {"moorage.helper": "a-volume", "moorage.helper.owner": "another run"}
    left = container("left", Labels=helper, Names=["/moorage-helper-0a1b2c3d"])
    engine.containers.update({"users": container("users"), "labelled": container("labelled", Labels=helper)})
    engine.containers["left"] = left
    removed: list[str] = []
    for id in engine.containers:
        engine.answers[f"/containers/{id}"] = lambda id=id: (removed.append(id), (204, b""))[1]
    async with following(engine.path) as service:
        await until(up(service))
        await until(lambda: removed)
        assert [record.id for record in service.containers] == ["users", "labelled"]
    assert removed == ["left"]


async def test_busy_is_shown_while_an_act_runs_and_the_row_changes_by_facts(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    seen: list[tuple[str, str]] = []

    def stop() -> tuple[int, Any]:
        engine.containers["a"] = container("a", State="exited", Status="Exited (137) 1 second ago")
        return 204, b""

    engine.answers["/containers/a/stop"] = stop
    async with following(engine.path) as service:
        await until(up(service))
        service.containers.changed.connect(lambda delta: seen.extend((r.state, r.busy) for r in delta.updated))
        await service.stop("a")
    assert seen == [("running", "stopping"), ("exited", "")]


async def test_refusal_comes_in_the_engines_own_words(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    engine.answers["/containers/a/start"] = lambda: (500, {"message": "driver failed: port 80 <b>taken</b>"})
    async with following(engine.path) as service:
        await until(up(service))
        with pytest.raises(EngineError) as caught:
            await service.start("a")
        assert caught.value.what == "a-name could not be started"
        assert caught.value.why == "driver failed: port 80 <b>taken</b>"
        record = service.containers.get("a")
        assert record is not None and record.busy == ""


async def test_act_on_what_was_removed_meanwhile_takes_the_row_away(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")

    def gone() -> tuple[int, Any]:
        engine.containers.clear()
        return 404, {"message": "No such container: a"}

    engine.answers["/containers/a/stop"] = gone
    async with following(engine.path) as service:
        await until(up(service))
        with pytest.raises(EngineError, match="No such container: a"):
            await service.stop("a")
        assert len(service.containers) == 0


async def test_kill_during_a_stop_keeps_its_own_mark(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    killed = threading.Event()

    def stop() -> tuple[int, Any]:
        killed.wait(60)
        return 204, b""

    def kill() -> tuple[int, Any]:
        killed.set()
        return 204, b""

    engine.answers |= {"/containers/a/stop": stop, "/containers/a/kill": kill}
    async with following(engine.path) as service:
        await until(up(service))
        stopping = asyncio.create_task(service.stop("a"))
        await until(lambda: service.containers.get("a").busy == "stopping")
        await service.kill("a")
        await stopping
        record = service.containers.get("a")
        assert record is not None and record.busy == ""


async def test_act_without_an_engine_says_so(tmp_path: Path) -> None:
    async with following(tmp_path / "nothing.sock") as service:
        await until(lambda: service.link.link is Link.LOST)
        assert "does not exist" in service.link.reason
        with pytest.raises(EngineError, match="not connected"):
            await service.stop("a")


async def test_image_with_several_tags_goes_tag_by_tag(engine: EngineServer) -> None:
    engine.images = [{"Id": "sha256:aa", "RepoTags": ["x:1", "y:1"]}]
    engine.answers["/images/x:1"] = lambda: (200, [{"Untagged": "x:1"}])

    def last() -> tuple[int, Any]:
        engine.images = []
        return 200, [{"Untagged": "y:1"}, {"Deleted": "sha256:aa"}]

    engine.answers["/images/y:1"] = last
    async with following(engine.path) as service:
        await until(up(service))
        await service.remove_image("sha256:aa")
        assert len(service.images) == 0


async def test_samples_only_while_wanted(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    used = iter(range(1, 1000))

    def stats() -> tuple[int, Any]:
        n = next(used)
        cpu = {"cpu_usage": {"total_usage": n * 500}, "system_cpu_usage": n * 2000, "online_cpus": 2}
        return 200, {"cpu_stats": cpu, "memory_stats": {"usage": 3000, "stats": {"inactive_file": 1000}}}

    engine.answers["/containers/a/stats"] = stats
    async with following(engine.path) as service:
        await until(up(service))
        assert not [call for call in engine.calls if "stats" in call]
        service.set_sampled(lambda: None)
        await until(lambda: service.containers.get("a").cpu_percent == 50.0)
        assert service.containers.get("a").memory_bytes == 2000
        service.set_sampled(None)
        assert service.containers.get("a").memory_bytes is None


async def test_samples_only_of_what_is_seen(engine: EngineServer) -> None:
    engine.containers.update({id: container(id) for id in ("a", "b")})
    reading = {"cpu_stats": {"system_cpu_usage": 1}, "memory_stats": {"usage": 3000}}
    engine.answers.update({f"/containers/{id}/stats": lambda: (200, reading) for id in ("a", "b")})
    seen = {"a"}
    async with following(engine.path) as service:
        await until(up(service))

        def measured() -> list[str]:
            return [record.id for record in service.containers if record.memory_bytes is not None]

        service.set_sampled(lambda: seen)
        await until(lambda: measured() == ["a"])
        seen = {"b"}
        service.sample_soon()
        await until(lambda: measured() == ["b"])  # and what is out of sight is not kept to be taken for new
        seen = set()
        service.sample_soon()
        await until(lambda: not measured())


async def test_restarted_engine_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "e.sock"
    async with following(path) as service:
        with EngineServer(path) as first:
            first.containers["old"] = container("old")
            await until(lambda: service.containers.get("old") is not None)
        await until(lambda: service.link.link is Link.LOST)
        assert service.containers.get("old") is not None  # shown as it was last known
        with EngineServer(path) as second:
            second.containers["new"] = container("new")
            service.retry()
            await until(up(service))
            assert [record.id for record in service.containers] == ["new"]


async def test_folders_that_a_container_was_given_and_does_not_see(engine: EngineServer) -> None:
    mounts = [
        {"Type": "bind", "Source": "/home/u/project"}, {"Type": "bind", "Source": "/tmp/other"},
        {"Type": "volume", "Source": "/var/lib/docker/volumes/v"}, {"Type": "bind"}, None,
    ]  # fmt: skip
    engine.containers["a"] = container("a", Mounts=mounts)
    service = EngineService()
    service.shares = ("/home/u",)
    async with following(engine.path, service):
        await until(up(service))
        assert [record.unshared for record in service.containers] == [("/tmp/other",)]
        refusal = "error while creating mount source path '/srv/x': mkdir /srv: read-only file system"
        engine.answers["/containers/a/start"] = lambda: (500, {"message": refusal})
        with pytest.raises(EngineError, match="read-only file system") as failure:
            await service.start("a")
        assert "share it in Settings" in failure.value.next_step


async def test_an_event_that_is_nested_without_end_breaks_the_stream_and_no_more(engine: EngineServer) -> None:
    async with following(engine.path) as service:
        await until(up(service))
        engine.containers["missed"] = container("missed")
        engine.send(b"[NaN," + b"[" * 200_000 + b"\n")
        await until(lambda: len(service.containers) == 1)
        await until(up(service))
