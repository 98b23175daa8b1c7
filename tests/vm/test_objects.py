"""Volumes and networks of a real engine: followed, filled, cloned, exported, connected and removed; and a container
that is run with all that the form for it has."""

from __future__ import annotations

import asyncio
import io
import tarfile
import time
from pathlib import Path

import docker
import pytest

from desktop.core.container_files import Kind
from desktop.core.engine import Link, Network, Volume
from desktop.core.errors import EngineError
from desktop.engine.convert import HELPER_LABEL
from desktop.services.engine import EngineService
from desktop.services.engine_objects import NETWORKS, VOLUMES
from desktop.services.object_acts import ObjectActs
from desktop.services.run_container import run_container
from desktop.services.volume_files import VolumeFiles
from desktop.shell.run_check import Known, check
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import DEADLINE_S, Guest, wait_for

pytestmark = [pytest.mark.vm, pytest.mark.long]


async def test_volumes_and_networks_of_a_real_engine(
    running: Guest, engine: docker.DockerClient, tmp_path: Path
) -> None:
    service = EngineService()
    following = asyncio.create_task(service.follow(running.files.engine_socket))
    images = len(engine.images.list())
    try:
        await wait_for(lambda: service.link.link is Link.UP, DEADLINE_S)
        for kind in (VOLUMES, NETWORKS):
            service.objects.set_wanted(kind, "test", True)
        await _volumes(service, engine, tmp_path)
        await _networks(service, engine)
        await _run(service)
        assert len(engine.images.list()) == images  # what helped is gone
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        for volume in engine.volumes.list():
            if volume.name.startswith("objects-"):
                volume.remove(force=True)


async def _volumes(service: EngineService, engine: docker.DockerClient, folder: Path) -> None:
    acts = ObjectActs(service)
    await acts.import_volume("objects-in", _packed(folder / "in.tar"), lambda _: None)
    await acts.clone_volume("objects-in", "objects-twin", lambda _: None)
    await acts.export_volume("objects-twin", folder / "out.tar", lambda _: None)
    with tarfile.open(folder / "out.tar") as tar:
        content = tar.extractfile("./deep/b")
        assert content is not None and content.read() == b"y" * 5000
    await _browse(service, engine, folder)
    mounts = {"objects-twin": {"bind": "/data", "mode": "rw"}}
    user = engine.containers.run(IMAGE, "cat /data/a", volumes=mounts, detach=True)
    try:
        user.wait()
        assert user.logs() == b"x"
        await wait_for(lambda: _volume(service, "objects-twin").users == (user.name,), DEADLINE_S)
        with pytest.raises(EngineError, match="in use"):
            await acts.remove_volume("objects-twin")
    finally:
        user.remove(force=True)
    for name in ("objects-in", "objects-twin"):
        await acts.remove_volume(name)
        assert service.objects.volumes.get(name) is None


async def _browse(service: EngineService, engine: docker.DockerClient, folder: Path) -> None:
    """A volume that no container uses, by a helper that nobody sees."""
    files = VolumeFiles(service, "objects-twin")
    began_s = time.monotonic()
    assert await files.resolve("/") == ("/", Kind.FOLDER)
    assert [(entry.name, entry.size_bytes) for entry in (await files.listing("/deep")).entries] == [("b", 5000)]
    print(f"first look at a volume: {time.monotonic() - began_s:.1f} s")
    assert (await files.preview("/a")).text == "x"
    (folder / "sent").write_text("sent")
    await files.send("/deep", [folder / "sent"], lambda _: None)
    await files.save("/deep/sent", False, folder / "back", lambda _: None)
    assert (folder / "back").read_text() == "sent"
    await files.delete("/deep/sent")
    assert [entry.name for entry in (await files.listing("/deep")).entries] == ["b"]
    assert not any(HELPER_LABEL in dict(record.labels) for record in service.containers)
    assert engine.containers.list(filters={"label": HELPER_LABEL})
    await files.close()
    assert not engine.containers.list(all=True, filters={"label": HELPER_LABEL})


async def _networks(service: EngineService, engine: docker.DockerClient) -> None:
    acts = ObjectActs(service)
    await acts.create_network("objects-net", "bridge", "10.77.0.0/24", True)
    sleeper = engine.containers.run(IMAGE, "sleep 600", detach=True)
    try:
        made = _network(service)
        assert made.subnets == ("10.77.0.0/24",) and made.internal
        await acts.connect(made.id, str(sleeper.id))
        await wait_for(lambda: [member.id for member in _network(service).members] == [sleeper.id], DEADLINE_S)
        assert _network(service).members[0].address.startswith("10.77.0.")
        await acts.disconnect(made.id, str(sleeper.id))
        await wait_for(lambda: not _network(service).members, DEADLINE_S)
    finally:
        sleeper.remove(force=True)
        await acts.remove_network(_network(service).id)


async def _run(service: EngineService) -> None:
    """What the form sends is what the engine tells of it then, and what the next one may not have."""
    typed = {
        "image": IMAGE, "name": "objects-run", "ports": "127.0.0.1:18080:80\n81/udp",
        "volumes": "objects-run:/data\n/own", "environment": "A=it's", "network": "bridge",
        "restart": "on-failure", "cpus": "0.5", "memory": "64m", "command": "sleep 600", "tty": "yes",
    }  # fmt: skip
    wish = check(typed, Known.of(service, 2))
    assert wish.right, wish.problems
    made = await run_container(service, wish.name, wish.body)
    try:
        record = service.containers.get(made.id)
        assert record is not None and record.running
        assert await service.run_line(made.id) == wish.line
        assert "objects-run" in record.volumes and len(record.volumes) == 2
        assert (18080, "127.0.0.1") in {(port.host_port, port.host_ip) for port in record.ports}
        taken = check(typed | {"name": "other"}, Known.of(service, 2))
        assert "18080" in taken.problems["ports"]
    finally:
        await service.remove(made.id, force=True, volumes=True)


def _volume(service: EngineService, name: str) -> Volume:
    found = service.objects.volumes.get(name)
    assert found is not None, name
    return found


def _network(service: EngineService) -> Network:
    return next(network for network in service.objects.networks if network.name == "objects-net")


def _packed(path: Path) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in {"./a": b"x", "./deep/b": b"y" * 5000}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path
