"""The data disk of a real machine: it grows in use, gives room back, survives kills and goes when it is reset."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import msgspec
import pytest

from desktop.core.errors import MachineError, NeedsConfirmation
from desktop.core.machine import State
from desktop.core.paths import Home, private_folder
from desktop.engine.client import EngineClient
from desktop.machine import disk
from desktop.machine import record as records
from desktop.machine.image import archive, manifest, versions
from desktop.services.setup import Setup
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.guest import DEADLINE_S, Guest, end_process, wait_for
from tests.helpers.moorage import Moorage
from tests.vm.test_lifecycle import e2fsck

pytestmark = pytest.mark.vm

FEW_ROUNDS, MANY_ROUNDS = 2, 10
COUNTED = 40
COUNT = "i=0; while :; do i=$((i+1)); echo $i >/count.new; sync /count.new; mv /count.new /count; sync /; echo $i; done"
LOAD = "while :; do dd if=/dev/urandom of=/load bs=64k count=100 2>/dev/null; done"


async def guests_mib(guest: Guest) -> int:
    shown = re.search(r"size-(\d+)", await guest.shell("echo size-$(df -m /var/lib | awk 'END { print $2 }')"))
    assert shown is not None
    return int(shown[1])


async def test_raised_limit_is_taken_in_use(running: Guest) -> None:
    before = await running.status()
    limit_mib = before.vm.disk_mib + 4096
    guest_mib = await guests_mib(running)
    running.files.config.write_text(f"disk_mib = {limit_mib}\n")
    await running.client.settings_changed()
    assert limit_mib - 1200 < await guests_mib(running) - guest_mib + before.vm.disk_mib <= limit_mib
    after = await running.status()
    assert (after.vm.disk_mib, after.hypervisor.pid) == (limit_mib, before.hypervisor.pid)
    running.files.config.write_text(f"disk_mib = {limit_mib - 2048}\n")
    await running.client.settings_changed()
    assert (await running.status()).vm.disk_mib == limit_mib
    assert running.files.disk.stat().st_size == limit_mib << 20


async def test_limit_raised_while_suspended_is_taken_at_resume(running: Guest) -> None:
    limit_mib = (await running.status()).vm.disk_mib + 1024
    guest_mib = await guests_mib(running)
    await running.client.suspend()
    running.files.config.write_text(f"disk_mib = {limit_mib}\n")
    await running.client.settings_changed()
    await running.client.start()
    await wait_for(lambda: running.files.disk.stat().st_size == limit_mib << 20)
    async with asyncio.timeout(DEADLINE_S):
        while await guests_mib(running) < guest_mib + 900:
            await asyncio.sleep(0.2)
    assert (await running.status()).vm.disk_mib == limit_mib


async def test_what_is_deleted_goes_back_to_the_host(running: Guest, engine: docker.DockerClient) -> None:
    writer = engine.containers.run(IMAGE, "dd if=/dev/urandom of=/blob bs=1M count=200", detach=True)
    assert writer.wait()["StatusCode"] == 0
    await running.shell("sync")
    full_mib = disk.used_mib(running.files.disk)
    async with EngineClient(running.files.engine_socket) as seen:
        assert 200 << 20 <= await seen.disk_bytes() < full_mib << 20
    writer.remove()
    await running.shell("sync")
    await wait_for(lambda: disk.used_mib(running.files.disk) < full_mib - 180)


@pytest.mark.long
async def test_a_deleted_image_goes_back_to_the_host_too(running: Guest, engine: docker.DockerClient) -> None:
    """Which shares a layer with one that stays."""
    writer = engine.containers.run(IMAGE, "dd if=/dev/urandom of=/blob bs=1M count=200", detach=True)
    assert writer.wait()["StatusCode"] == 0
    image = writer.commit("of-this-test")
    writer.remove()
    full_mib = (await running.client.trim()).vm.disk_used_mib
    assert image.id is not None
    engine.images.remove(image.id)
    status = await running.client.trim()
    assert status.vm.disk_used_mib < full_mib - 180 and disk.used_mib(running.files.disk) < full_mib - 180


async def test_reset_deletes_all_that_the_engine_keeps_once_confirmed(own: Guest) -> None:
    own.files.config.parent.mkdir(parents=True, exist_ok=True)
    own.files.config.write_text('accelerator = "tcg"\n')
    await own.client.start()
    engine = docker.DockerClient(base_url=f"unix://{own.files.docker_socket}", timeout=300)
    engine.api.import_image_from_data(busybox_tar(), repository=IMAGE)
    with pytest.raises(NeedsConfirmation, match="images, volumes"):
        await own.client.reset()
    assert (await own.status()).state is State.RUNNING
    await own.client.suspend()
    status = await own.client.reset(confirmed=True)
    assert (status.state, own.files.disk.exists(), own.files.suspended.exists()) == (State.STOPPED, False, False)
    assert own.files.config.exists()
    await own.client.start()
    assert engine.images.list() == []
    engine.close()


@pytest.fixture
def lent(image_home: Home, tmp_path: Path) -> Iterator[Moorage]:
    """A machine in a folder that holds something of the user's too."""
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    home = Home(private_folder(folder / "home"))
    (home.base / "notes").write_text("mine")
    for kind in ("runtime", "guest"):
        shutil.copytree(image_home.base / kind, home.base / kind, copy_function=os.link, symlinks=True)
    yield Moorage(home, {**os.environ, "HOME": str(tmp_path), "DOCKER_CONFIG": str(tmp_path / ".docker")})
    shutil.rmtree(folder)


def test_reset_of_everything_leaves_what_is_not_moorages(lent: Moorage, tmp_path: Path) -> None:
    lent.run("config", "set", "accelerator", "tcg")
    lent.run("config", "set", "theme", "dark")
    lent.run("start")
    assert list((tmp_path / ".docker/contexts/meta").iterdir())
    refused = lent.run("reset", "everything", check=False)
    assert refused.returncode and "every setting will be deleted" in refused.stderr
    assert lent.status()["state"] == "running"
    lent.run("reset", "everything", "--yes")
    assert [path.name for path in lent.home.base.iterdir()] == ["notes"]
    assert not list((tmp_path / ".docker/contexts/meta").iterdir())


@pytest.mark.long
async def test_another_guest_image_finds_what_the_engine_had(own: Guest, tmp_path: Path) -> None:
    """A machine that was suspended with the old one goes on with that, until its next boot."""
    home = own.files.home
    for folder in (home.runtime, home.guest):
        own_folder(folder)
    old = versions.newest(home.guest)
    assert old is not None
    file = await asyncio.to_thread(another_guest_image, old, tmp_path)
    await archive.export_archive(tmp_path / "guest.tar", [file], lambda share: None)
    own.files.config.parent.mkdir(parents=True, exist_ok=True)
    own.files.config.write_text('accelerator = "tcg"\n')
    await own.client.start()
    engine = docker.DockerClient(base_url=f"unix://{own.files.docker_socket}", timeout=300)
    engine.api.import_image_from_data(busybox_tar(), repository=IMAGE)
    engine.volumes.create("kept")
    volumes = ["kept:/mnt"]
    write = ["sh", "-c", "echo mine >/mnt/file"]
    writer = engine.containers.run(IMAGE, write, name="writer", volumes=volumes, detach=True)
    assert writer.wait()["StatusCode"] == 0
    assert "moorage.other" not in await own.shell("cat /proc/cmdline; goes=on")
    await own.client.suspend()
    taken_in = await Setup(home).take_in(tmp_path / "guest.tar", lambda step, share: None)
    assert taken_in.guest == versions.newest(home.guest) != old
    status = await own.client.start()
    assert status.state is State.RUNNING
    assert "it goes on" in await own.shell("echo it goes $goes")
    await own.client.restart()
    assert "moorage.other" in await own.shell("cat /proc/cmdline")
    assert [image.tags for image in engine.images.list()] == [[f"{IMAGE}:latest"]]
    assert [container.name for container in engine.containers.list(all=True)] == ["writer"]
    assert engine.containers.run(IMAGE, ["cat", "/mnt/file"], volumes=volumes, remove=True) == b"mine\n"
    engine.close()


def own_folder(shared: Path) -> None:
    """In place of the link to what tests share, so that another version can be put beside it."""
    found = shared.resolve()
    shared.unlink()
    private_folder(shared)
    for version in found.iterdir():
        (shared / version.name).symlink_to(version)


def another_guest_image(of: Path, folder: Path) -> Path:
    """The same files, but a later build of another version, with a word more on the kernel's command line."""
    other = folder / "other"
    shutil.copytree(of, other)
    was = manifest.read(of)
    facts = {**was.facts, "command_line": f"{was.facts['command_line']} moorage.other"}
    record = msgspec.structs.replace(was, version=f"{was.version}-other", built_at=f"{was.built_at}-later", facts=facts)
    (other / manifest.NAME).write_bytes(msgspec.json.encode(record))
    return other


def is_half_made(file: Path) -> bool:
    """Whether the guest has begun to make its file system, and not ended: what tells that it is one comes last."""
    if not file.exists() or file.stat().st_blocks == 0:
        return False
    with file.open("rb") as stream:
        stream.seek(disk.MAGIC_AT)
        return stream.read(len(disk.MAGIC)) != disk.MAGIC


async def test_a_first_boot_that_is_killed_while_it_makes_its_file_system_heals_by_itself(own: Guest) -> None:
    own.files.config.parent.mkdir(parents=True, exist_ok=True)
    own.files.config.write_text('accelerator = "tcg"\n')
    starting = asyncio.create_task(own.client.start())
    async with asyncio.timeout(DEADLINE_S):
        while not is_half_made(own.files.disk):
            await asyncio.sleep(0)
    record = records.read(own.files.vm_record)
    assert record is not None
    os.kill(record.pid, signal.SIGKILL)
    with pytest.raises(MachineError, match="stopped unexpectedly"):
        await starting
    assert is_half_made(own.files.disk)
    assert (await own.client.start()).state is State.RUNNING
    assert not own.files.disk_new.exists()
    await own.client.kill()
    cut_off(own.files.disk)
    with pytest.raises(MachineError, match="no ext4 file system"):
        await own.client.start()


def cut_off(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(disk.MAGIC_AT)
        stream.write(bytes(len(disk.MAGIC)))


def last_count(engine: docker.DockerClient, since: float) -> int:
    """What the counter said last: a number that was on disk before it was said."""
    said = engine.containers.get("counter").logs(tail=1, since=since).split()
    return int(said[-1]) if said else 0


@pytest.mark.long
@pytest.mark.parametrize(
    "rounds", [FEW_ROUNDS, pytest.param(MANY_ROUNDS, marks=pytest.mark.soak)]
)
async def test_killed_hypervisor_loses_nothing_that_was_on_disk(own: Guest, rounds: int) -> None:
    await own.client.start()
    engine = docker.DockerClient(base_url=f"unix://{own.files.docker_socket}", timeout=300)
    engine.api.import_image_from_data(busybox_tar(), repository=IMAGE)
    engine.containers.create(IMAGE, ["sh", "-c", COUNT], name="counter")
    engine.containers.create(IMAGE, ["sh", "-c", LOAD], name="load")
    for _ in range(rounds):
        for container in engine.containers.list(all=True):
            container.start()
        started = time.time()
        while (told := last_count(engine, started)) < COUNTED:
            await asyncio.sleep(0.2)
        await end_process(await own.qemu_pid(), signal.SIGKILL)
        assert (await own.until(State.FAILED))[0].state is State.FAILED
        await own.client.start()
        assert {container.name for container in engine.containers.list(all=True)} == {"counter", "load"}
        archive, _ = engine.containers.get("counter").get_archive("/count")
        kept = re.search(rb"\n?(\d+)\n", b"".join(archive)[512:])
        assert kept is not None and int(kept[1]) >= told
    await own.client.stop()
    check = subprocess.run([e2fsck(), "-fn", own.files.disk], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout
    engine.close()
