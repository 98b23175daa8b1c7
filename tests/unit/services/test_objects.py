"""Volumes and networks of the fake that ships, through the real engine room."""

from __future__ import annotations

import asyncio
import io
import os
import sys
import tarfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop.core.container_files import Kind
from desktop.core.engine import EngineLink, Link, Network, Volume
from desktop.core.errors import EngineError
from desktop.core.paths import Home
from desktop.engine import container_files, helper, volume_archive, volume_helper
from desktop.services import volume_files
from desktop.services.engine import EngineService
from desktop.services.engine_objects import NETWORKS, VOLUMES
from desktop.services.object_acts import ObjectActs
from desktop.services.volume_files import VolumeFiles
from tests.helpers.fake import fake_machine, play


def nothing(_: int) -> None:
    pass


def held(goes_on: threading.Event) -> None:
    goes_on.wait(60)


class Rig:
    def __init__(self, service: EngineService, socket: Path) -> None:
        self.service, self.acts, self.socket = service, ObjectActs(service), socket
        self.objects = service.objects

    def volume(self, name: str) -> Volume:
        found = self.objects.volumes.get(name)
        assert found is not None, name
        return found

    def network(self, name: str) -> Network:
        return next(network for network in self.objects.networks if network.name == name)

    def container(self, name: str) -> str:
        return next(container.id for container in self.service.containers if container.name == name)


@asynccontextmanager
async def rig(home: Home) -> AsyncIterator[Rig]:
    socket = home.base / "e.sock"
    with fake_machine(home, "--engine-socket", str(socket)):
        service = EngineService()
        task = asyncio.create_task(service.follow(socket))
        try:
            await until(lambda: service.link.link is Link.UP)
            yield Rig(service, socket)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert service.objects.read == {VOLUMES: None, NETWORKS: None} and not len(service.objects.volumes)


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.01)


async def test_they_can_be_read_as_soon_as_the_link_is_up(home: Home) -> None:
    socket = home.base / "e.sock"
    service = EngineService()
    reads: list[asyncio.Task[None]] = []

    def read_when_up(link: EngineLink) -> None:
        if link.link is Link.UP:
            reads.append(asyncio.create_task(service.objects.refresh(VOLUMES)))

    service.link_changed.connect(read_when_up)
    with fake_machine(home, "--engine-socket", str(socket)):
        task = asyncio.create_task(service.follow(socket))
        await until(lambda: reads and reads[0].done())
        assert service.objects.volumes.get("cache-data") is not None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_nothing_is_asked_for_before_somebody_looks(home: Home) -> None:
    async with rig(home) as it:
        assert it.objects.read == {VOLUMES: None, NETWORKS: None}
        it.objects.set_wanted(VOLUMES, "test", True)
        await until(lambda: it.objects.read[VOLUMES] == "")
        assert it.objects.read[NETWORKS] is None and not len(it.objects.networks)
        volume = it.volume("shop_db-data")
        assert volume.users == ("shop-db-1",) and volume.size_bytes is None and volume.created_s > 0
        await it.objects.measure()
        assert it.volume("shop_db-data").size_bytes == 1310 << 20


async def test_who_looks_again_and_again_has_it_measured_once(home: Home) -> None:
    async with rig(home) as it:
        measuring: list[bool] = []
        it.objects.read_changed.connect(lambda _: measuring.append(it.objects.measuring))
        await asyncio.gather(*(it.objects.measure() for _ in range(3)))
        assert measuring == [True, False]
        await it.objects.measure()
        assert measuring == [True, False] * 2


async def test_a_volume_that_is_made_anew_has_no_size_yet(home: Home) -> None:
    async with rig(home) as it:
        await it.objects.refresh(VOLUMES)
        await it.objects.measure()
        assert it.volume("old-backup").size_bytes
        await it.acts.remove_volume("old-backup")
        await it.acts.create_volume("old-backup", "local")
        assert it.volume("old-backup").size_bytes is None


async def test_events_of_others_are_followed(home: Home) -> None:
    async with rig(home) as it, rig_client(it.socket) as other:
        for kind in (VOLUMES, NETWORKS):
            it.objects.set_wanted(kind, "test", True)
        await until(lambda: len(it.objects.networks) == 5 and len(it.objects.volumes) == 4)
        shop = it.network("shop_default")
        assert [member.name for member in shop.members] == ["shop-api-1", "shop-db-1", "shop-web-1"]
        assert it.network("bridge").subnets == ("172.17.0.0/16",) and it.network("lab").internal
        await other(lambda sdk: sdk.create_volume("made-elsewhere"))
        await until(lambda: it.objects.volumes.get("made-elsewhere"))
        await other(lambda sdk: sdk.remove_volume("made-elsewhere"))
        await until(lambda: it.objects.volumes.get("made-elsewhere") is None)
        lab = it.network("lab").id
        await other(lambda sdk: sdk.connect_container_to_network(it.container("cache"), lab))
        await until(lambda: [member.name for member in it.network("lab").members] == ["cache"])
        assert it.network("lab").members[0].address
        await other(lambda sdk: sdk.rename(it.container("cache"), "renamed"))
        await until(lambda: it.volume("cache-data").users == ("renamed",))
        await other(lambda sdk: sdk.create_network("new"))
        await until(lambda: any(network.name == "new" for network in it.objects.networks))


@asynccontextmanager
async def rig_client(socket: Path) -> AsyncIterator[Any]:
    from desktop.engine.client import EngineClient

    async with EngineClient(socket) as client:
        yield client.call


async def test_refusals_have_the_engines_words_and_rows_come_back(home: Home) -> None:
    async with rig(home) as it:
        for kind in (VOLUMES, NETWORKS):
            it.objects.set_wanted(kind, "test", True)
        await until(lambda: len(it.objects.networks) and len(it.objects.volumes))
        with pytest.raises(EngineError, match="volume is in use") as refused:
            await it.acts.remove_volume("cache-data")
        assert refused.value.what == "The volume cache-data could not be removed"
        assert it.volume("cache-data").busy == ""
        with pytest.raises(EngineError, match="has active endpoints"):
            await it.acts.remove_network(it.network("shop_default").id)
        with pytest.raises(EngineError, match="pre-defined network"):
            await it.acts.remove_network(it.network("bridge").id)
        with pytest.raises(EngineError, match="invalid CIDR"):
            await it.acts.create_network("bad", "bridge", "10.0.0.0/99", False)


async def test_acts_are_seen_when_they_return(home: Home) -> None:
    async with rig(home) as it:
        await it.acts.create_volume("data", "local")
        assert it.volume("data").driver == "local"
        await it.acts.remove_volume("data")
        assert it.objects.volumes.get("data") is None
        await it.acts.create_network("net", "bridge", "10.77.0.0/24", True)
        assert it.network("net").subnets == ("10.77.0.0/24",) and it.network("net").internal
        cache = it.container("cache")
        await it.acts.connect(it.network("net").id, cache)
        it.objects.set_wanted(NETWORKS, "test", True)
        await until(lambda: [member.id for member in it.network("net").members] == [cache])
        await it.acts.disconnect(it.network("net").id, cache)
        await until(lambda: not it.network("net").members)
        await it.acts.remove_network(it.network("net").id)
        assert all(network.name != "net" for network in it.objects.networks)


async def test_content_goes_out_in_and_over(home: Home, tmp_path: Path) -> None:
    async with rig(home) as it:
        file = packed(tmp_path / "in.tar", {"a": b"x" * 3000, "deep/b": b"y"})
        moved: list[int] = []
        await it.acts.import_volume("filled", file, moved.append)
        assert moved[-1] == file.stat().st_size
        await it.acts.clone_volume("filled", "twin", nothing)
        out = tmp_path / "out.tar"
        out.write_bytes(b"what was there before")
        await it.acts.export_volume("twin", out, nothing)
        with tarfile.open(out) as tar:
            assert sorted(tar.getnames()) == ["./a", "./deep/b"]
        assert out.stat().st_mode & 0o777 == 0o600
        assert sorted(os.listdir(tmp_path)) == ["in.tar", "out.tar"]
        await it.acts.remove_volume("twin")  # no helper holds it any more
        assert await everything(it) == (5, 5)


async def test_what_goes_wrong_with_content_leaves_nothing(home: Home, tmp_path: Path) -> None:
    async with rig(home) as it:
        it.objects.set_wanted(VOLUMES, "test", True)
        out = tmp_path / "out.tar"
        with pytest.raises(EngineError, match="no such volume"):
            await it.acts.export_volume("missing", out, nothing)
        with pytest.raises(EngineError, match="There is a volume cache-data already"):
            await it.acts.clone_volume("old-backup", "cache-data", nothing)
        with pytest.raises(EngineError, match="No such file"):
            await it.acts.import_volume("new", tmp_path / "missing.tar", nothing)
        with pytest.raises(EngineError, match="No such file"):
            await it.acts.export_volume("old-backup", tmp_path / "no folder" / "x.tar", nothing)
        (tmp_path / "bad.tar").write_bytes(b"no tar" * 200)
        with pytest.raises(EngineError, match="Error processing tar file"):
            await it.acts.import_volume("new", tmp_path / "bad.tar", nothing)
        await until(lambda: it.objects.volumes.get("new") is None)  # a look may have begun while it was there
        assert await everything(it) == (5, 5)
        assert os.listdir(tmp_path) == ["bad.tar"]


async def test_a_cancelled_transfer_leaves_nothing(home: Home, tmp_path: Path) -> None:
    file = packed(tmp_path / "in.tar", {"a": os.urandom(8 << 20)})
    async with rig(home) as it:
        it.objects.set_wanted(VOLUMES, "test", True)
        goes_on = threading.Event()
        moving = asyncio.create_task(it.acts.import_volume("half", file, lambda _: held(goes_on)))
        await until(lambda: it.objects.volumes.get("half"))
        while await everything(it) != (6, 6):
            await asyncio.sleep(0.01)
        assert len(it.service.containers) == 5 and len(it.service.images) == 5  # helpers are not the user's
        assert not it.volume("half").users
        moving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moving
        goes_on.set()
        await until(lambda: it.objects.volumes.get("half") is None)
        while await everything(it) != (5, 5):
            await asyncio.sleep(0.01)


async def test_a_refused_list_is_told_and_the_rest_goes_on(home: Home) -> None:
    socket = home.base / "e.sock"
    with fake_machine(home, "--engine-socket", str(socket)) as files:
        service = EngineService()
        task = asyncio.create_task(service.follow(socket))
        await until(lambda: service.link.link is Link.UP)
        await play(files, "engine-error")
        service.objects.set_wanted(VOLUMES, "test", True)
        await until(lambda: service.objects.read[VOLUMES])
        assert "disk quota exceeded" in (service.objects.read[VOLUMES] or "")
        await play(files, "calm")
        service.objects.mark(VOLUMES)
        await until(lambda: service.objects.read[VOLUMES] == "")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def everything(it: Rig) -> tuple[int, int]:
    """How many containers and images there are, those that are not shown too."""
    async with rig_client(it.socket) as call:
        return await call(lambda sdk: (len(sdk.containers(all=True)), len(sdk.images())))


async def test_what_a_crashed_app_left_goes_and_ours_stays(home: Home) -> None:
    async with rig(home) as it, rig_client(it.socket) as call:
        left = await call(volume_helper.begin, "old-backup")
        other = await call(volume_helper.begin, "cache-data")
        helper.let_go(other)  # as another run's, which nobody here knows of
        await call(helper.sweep)
        ids = await call(lambda sdk: {each["Id"] for each in sdk.containers(all=True)})
        assert left.container in ids and other.container not in ids
        await call(helper.remove, left)
        assert await everything(it) == (5, 5)


IMPORTS = """
import asyncio, sys, time
from pathlib import Path
from desktop.engine import volume_archive
from desktop.engine.client import EngineClient

def moved(count):
    print(count, flush=True)
    time.sleep(60)

async def main():
    async with EngineClient(Path(sys.argv[1])) as client:
        await client.transfer(volume_archive.import_volume, "half", Path(sys.argv[2]), volume_archive.Watch(moved))

asyncio.run(main())
"""


async def test_a_volume_that_a_killed_app_had_filled_in_part_goes_at_the_next_connection(
    home: Home, tmp_path: Path
) -> None:
    """It would look whole."""
    file = packed(tmp_path / "in.tar", {"a": os.urandom(8 << 20)})
    async with rig(home) as it, rig_client(it.socket) as call:
        await it.acts.import_volume("whole", packed(tmp_path / "small.tar", {"a": b"a"}), nothing)
        words = [sys.executable, "-c", IMPORTS, str(it.socket), str(file)]
        app = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
        assert app.stdout is not None and await app.stdout.readline()
        app.kill()
        await app.wait()
        names = lambda sdk: {each["Name"] for each in sdk.volumes()["Volumes"]}  # noqa: E731
        assert {"half", "whole"} <= await call(names)
        await call(helper.sweep)
        assert "half" not in await call(names) and "whole" in await call(names)
        assert await everything(it) == (5, 5)


async def test_labels_of_an_image_that_was_pulled_delete_no_volume(home: Home) -> None:
    forged = {helper.HELPER_LABEL: "1", helper._MARK_LABEL: "x", helper._FILLS_LABEL: "old-backup"}
    async with rig(home) as it, rig_client(it.socket) as call:
        await call(lambda sdk: helper._empty_image(sdk, forged))
        await call(helper.sweep)
        assert "old-backup" in await call(lambda sdk: {each["Name"] for each in sdk.volumes()["Volumes"]})


async def test_what_another_app_took_for_left_behind_is_no_import(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = volume_archive._fill

    def swept(sdk: Any, container: str, pieces: Any) -> None:
        fill(sdk, container, pieces)
        held, helper._held = helper._held, set()
        helper.sweep(sdk)
        helper._held = held

    monkeypatch.setattr(volume_archive, "_fill", swept)
    async with rig(home) as it:
        with pytest.raises(EngineError, match="could not be imported"):
            await it.acts.import_volume("gone", packed(tmp_path / "small.tar", {"a": b"a"}), nothing)
        assert await everything(it) == (5, 5)


async def test_files_of_a_volume_are_browsed_moved_and_deleted(home: Home, tmp_path: Path) -> None:
    async with rig(home) as it:
        files = VolumeFiles(it.service, "old-backup")
        assert await files.resolve("/") == ("/", Kind.FOLDER)
        assert sorted(entry.name for entry in (await files.listing("/")).entries) == ["2026", "readme.txt"]
        assert (await files.preview("/readme.txt")).text == "kept since May\n"
        assert [entry.name for entry in (await files.listing("/2026/05")).entries] == ["dump.sql"]
        with pytest.raises(EngineError, match="there is no /no/such"):
            await files.resolve("/no/such")
        await files.save("/2026/05/dump.sql", False, tmp_path / "dump.sql", nothing)
        await files.send("/2026", [tmp_path / "dump.sql"], nothing)
        assert [entry.name for entry in (await files.listing("/2026")).entries] == ["05", "dump.sql"]
        await files.delete("/2026")
        assert [entry.name for entry in (await files.listing("/")).entries] == ["readme.txt"]
        assert await everything(it) == (6, 6) and len(it.service.containers) == 5
        await files.close()
        assert await everything(it) == (5, 5)


async def test_a_volume_that_was_looked_at_for_long_is_held_by_nothing_after_that(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume_files, "_RENEWED_AFTER_S", 0.0)
    async with rig(home) as it:
        files = VolumeFiles(it.service, "old-backup")
        await files.listing("/")
        await files.listing("/2026")
        await files.close()
        assert await everything(it) == (5, 5)


async def test_a_look_at_a_volume_that_comes_after_the_last_holds_nothing(home: Home) -> None:
    """A page is left while it is read: what it asks for next would hold the volume for a quarter of an hour."""
    async with rig(home) as it:
        files = VolumeFiles(it.service, "old-backup")
        looking = asyncio.create_task(files.listing("/"))
        await asyncio.sleep(0)
        await files.close()
        with pytest.raises(EngineError):
            await files.preview("/readme.txt")
        await asyncio.gather(looking, return_exceptions=True)
        assert await everything(it) == (5, 5)


async def test_files_of_a_volume_are_deleted_when_nobody_looks_any_more(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A big folder takes long, and `rm` would end in the middle with the container that it runs in."""
    begun, closed, delete = threading.Event(), threading.Event(), container_files.delete

    def slowly(sdk: Any, container: str, *args: Any) -> None:
        begun.set()
        assert closed.wait(60)
        assert sdk.inspect_container(container)["State"]["Running"]
        delete(sdk, container, *args)

    monkeypatch.setattr(container_files, "delete", slowly)
    async with rig(home) as it:
        files = VolumeFiles(it.service, "old-backup")
        deleting = asyncio.create_task(files.delete("/readme.txt"))
        await asyncio.to_thread(begun.wait, 60)
        assert len((await files.listing("/")).entries) == 2
        await files.close()
        closed.set()
        await deleting
        assert await everything(it) == (5, 5)
        files = VolumeFiles(it.service, "old-backup")
        assert [entry.name for entry in (await files.listing("/")).entries] == ["2026"]
        await files.close()


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path
