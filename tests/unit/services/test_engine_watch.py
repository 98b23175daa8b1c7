"""What no event tells: a change whose event was dropped, an engine that hangs, what images share."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.engine import Link
from desktop.engine.feed import BACKLOG_LIMIT, Feed
from desktop.services.engine import EngineService
from desktop.services.engine_watch import EngineWatch
from tests.helpers.engine_server import Answer, EngineServer, container

from .test_engine import following, until, up

IMAGES = [{"Id": "sha256:aa", "RepoTags": ["a:1"], "Size": 90}, {"Id": "sha256:bb", "RepoTags": ["b:1"], "Size": 50}]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EngineServer]:
    with EngineServer(tmp_path / "e.sock") as server:
        yield server


async def test_one_dropped_event_is_healed_when_somebody_looks(engine: EngineServer) -> None:
    engine.containers["a"] = container("a")
    async with following(engine.path) as service:
        await until(up(service))
        service.set_seen(True)
        engine.containers["a"] = container("a", State="exited", Status="Exited (0) 1 second ago")
        engine.containers["b"] = container("b")
        engine.images = IMAGES[:1]
        service.look()
        await until(lambda: [record.state for record in service.containers] == ["exited", "running"])
        await until(lambda: len(service.images) == 1)  # which are read after them
        assert service.link.link is Link.UP


async def test_engine_that_hangs_is_told_and_heals(engine: EngineServer) -> None:
    goes_on = threading.Event()
    goes_on.set()

    def ping() -> Answer:
        goes_on.wait(60)
        return 200, b"OK"

    engine.answers["/_ping"] = ping
    async with following(engine.path, EngineService(EngineWatch(every_s=0.05, deadline_s=0.5))) as service:
        await until(up(service))
        links: list[Link] = []
        service.link_changed.connect(lambda link: links.append(link.link))
        goes_on.clear()
        assert len([call for call in engine.calls if "_ping" in call]) == 1  # of the connection: nobody looks
        service.set_seen(True)
        await until(lambda: links[:1] == [Link.LOST])
        goes_on.set()
        engine.containers["missed"] = container("missed")
        await until(lambda: links[-1] is Link.UP)
        assert len(service.containers) == 1


async def test_what_images_share_takes_its_time_and_holds_up_nothing(engine: EngineServer) -> None:
    measured = threading.Event()

    def disk_use() -> Answer:
        measured.wait(60)
        return 200, {"LayersSize": 110, "Images": [{"Id": image["Id"], "SharedSize": 30} for image in IMAGES]}

    engine.images = IMAGES
    engine.answers["/system/df"] = disk_use
    async with following(engine.path) as service:
        await until(up(service))
        assert [image.shared_bytes for image in service.images] == [0, 0] and service.layers_bytes is None
        service.set_images_seen(True)
        measured.set()
        await until(lambda: service.layers_bytes == 110)
        assert [image.shared_bytes for image in service.images] == [30, 30]
        assert "shared-size" not in "".join(engine.calls)


async def test_images_are_measured_while_they_are_seen_and_once_for_each_change(
    engine: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine walks over its disk for it."""
    monkeypatch.setattr("desktop.services.engine_layers.PACE_S", 0.0)
    monkeypatch.setattr("desktop.services.engine_watch.LOOK_PACE_S", 0.0)
    engine.images = IMAGES[:1]
    engine.answers["/system/df"] = lambda: (200, {"LayersSize": len(engine.images), "Images": []})

    def count(words: str) -> int:
        return sum(words in call and "moorage.helper" not in call for call in engine.calls)

    async with following(engine.path) as service:
        await until(up(service))
        service.set_seen(True)
        for looks in range(2, 5):
            service.look()
            await until(lambda looks=looks: count("/images/json") == looks)
        assert count("/system/df") == 0
        service.set_images_seen(True)
        await until(lambda: service.layers_bytes == 1)
        for looks in range(5, 8):
            service.look()
            await until(lambda looks=looks: count("/images/json") == looks)
        assert count("/system/df") == 1
        engine.images = IMAGES
        service.look()
        await until(lambda: service.layers_bytes == 2)
        service.set_images_seen(False)
        engine.images = [{**IMAGES[0], "RepoTags": ["c:1"]}, IMAGES[1]]
        service.look()
        await until(lambda: ("c:1",) in {image.tags for image in service.images})
        assert count("/system/df") == 2
        service.set_images_seen(True)
        await until(lambda: count("/system/df") == 3)


async def test_cleaning_up_may_be_silent_and_hangs_up_when_it_is_cancelled(
    engine: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, goes_on, gone = threading.Event(), threading.Event(), threading.Event()
    monkeypatch.setattr(engine, "handle_error", lambda *_: gone.set())

    def prune() -> Answer:
        asked.set()
        goes_on.wait(60)
        return 200, {"SpaceReclaimed": 7}

    engine.answers["/images/prune"] = prune
    async with following(engine.path) as service:
        await until(up(service))
        assert service.client is not None
        pruning = asyncio.create_task(service.client.prune("unused"))
        await until(asked.is_set)
        pruning.cancel()
        await asyncio.gather(pruning, return_exceptions=True)
        goes_on.set()
        await until(gone.is_set)  # the answer found nobody
        assert await service.client.prune("unused") == 7


async def test_feed_that_nobody_reads_says_that_it_dropped(tmp_path: Path) -> None:
    class Many:
        left = BACKLOG_LIMIT + 1
        done = threading.Event()

        def read(self) -> bytes:
            if self.left:
                self.left -= 1
                return b"1\n"
            self.done.wait(60)
            return b""

        def shutdown(self) -> None:
            self.done.set()

        def close(self) -> None: ...

    feed = Feed(Many, lambda value: value if isinstance(value, int) else None)
    await feed.open()
    try:
        await until(lambda: feed.overflowed)
        assert len(await feed.take()) == BACKLOG_LIMIT
    finally:
        feed.close()
