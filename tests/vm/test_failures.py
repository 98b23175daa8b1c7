"""What can go wrong with the real files of a machine, as somebody at a terminal is told it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.machine import State
from desktop.core.paths import Home, private_folder
from desktop.machine.disk import RESUME_MIB
from tests.helpers.e2fsck import e2fsck
from tests.helpers.guest import DEADLINE_S, Guest, wait_for
from tests.helpers.moorage import Moorage
from tests.helpers.sealed import can_mount, on_a_small_disk
from tests.vm.conftest import end

pytestmark = pytest.mark.vm

ROOM_MIB = 1024
LEFT_MIB = 24
LATE_S = 60  # by when a slow computer's guest has told its first step
WRITTEN_MIB = 128
PATIENCE_S = 500  # by when a busy computer has booted, where the deadline is not what is tested


@pytest.fixture
def moorage(image_home: Home) -> Iterator[Moorage]:
    """The command, with a runtime and a guest image of its own that a test may damage."""
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    home = Home(private_folder(folder))
    for kind in ("runtime", "guest"):
        shutil.copytree(image_home.base / kind, folder / kind, copy_function=os.link, symlinks=True)
    files = home.machine()
    private_folder(files.folder.parent)
    private_folder(files.folder)
    files.config.write_text(f'accelerator = "tcg"\nstart_deadline_s = {PATIENCE_S}\n')
    yield Moorage(home)
    asyncio.run(end(SupervisorClient(files)))
    shutil.rmtree(folder)


def rewrite(file: Path, change: Callable[[bytearray], None]) -> None:
    """Not in place: the file's other name is the one that all tests use."""
    data, mode = bytearray(file.read_bytes()), file.stat().st_mode
    file.unlink()
    change(data)
    file.write_bytes(data)
    file.chmod(mode)


def flip(data: bytearray) -> None:
    data[len(data) // 2] ^= 1


def cut(data: bytearray) -> None:
    del data[len(data) // 2 :]


def refused(moorage: Moorage) -> str:
    """What a start that cannot be says, on one line; `status` says the same."""
    done = moorage.run("start", check=False)
    assert done.returncode == 1
    status = moorage.status()
    assert status["state"] == "failed"
    assert status["hypervisor"]["pid"] is None
    assert status["next_step"] in done.stderr
    assert done.stderr.splitlines()[0].startswith(f"moorage: {status['detail'].splitlines()[0]}")
    return done.stderr


@pytest.mark.parametrize("name", ["root.erofs", "kernel", "initrd"])
@pytest.mark.parametrize("change", [flip, cut])
def test_damaged_guest_image_is_not_run(moorage: Moorage, name: str, change: Callable[[bytearray], None]) -> None:
    for file in moorage.home.guest.glob(f"*/{name}"):
        rewrite(file, change)
    words = refused(moorage)
    assert "is damaged" in words and name in words and "`moorage guest build`" in words
    assert not moorage.files.disk.exists() or os.stat(moorage.files.disk).st_blocks == 0


def test_damaged_runtime_is_not_run(moorage: Moorage) -> None:
    for file in moorage.home.runtime.glob("*/bin/qemu-system-*"):
        rewrite(file, flip)
    words = refused(moorage)
    assert "The hypervisor in" in words and "bin/qemu-system-" in words and "`moorage guest build`" in words


@pytest.mark.parametrize("kind", ["guest", "runtime"])
def test_half_a_build_is_none(moorage: Moorage, kind: str) -> None:
    """A build writes its manifest last."""
    for file in (moorage.home.base / kind).glob("*/manifest.json"):
        file.unlink()
    assert "Run `moorage guest build`" in refused(moorage)


def test_hypervisor_of_the_system_is_missing_or_too_old(moorage: Moorage, tmp_path: Path) -> None:
    moorage.files.config.write_text('accelerator = "tcg"\nruntime = "system"\n')
    moorage.environment["PATH"] = str(tmp_path)
    assert "Install QEMU 10.2 or newer" in refused(moorage)
    asyncio.run(SupervisorClient(moorage.files).quit())  # it has the path that it was started with
    for name in ("qemu-system-x86_64", "qemu-system-aarch64"):
        (tmp_path / name).write_text("#!/bin/sh\necho QEMU emulator version 7.2.22\n")
        (tmp_path / name).chmod(0o755)
    words = refused(moorage)
    assert "QEMU 7.2.22 is too old" in words and "needs 10.2 or newer" in words


@pytest.mark.long
def test_deadline_comes_with_what_the_guest_printed(moorage: Moorage) -> None:
    moorage.files.config.write_text(f'accelerator = "tcg"\nstart_deadline_s = {LATE_S}\n')
    with moorage.open("start") as starting:
        while not (status := moorage.status())["boot_steps"]:
            assert starting.poll() is None
        os.kill(status["hypervisor"]["pid"], signal.SIGSTOP)  # which makes it late, however fast this computer is
        assert starting.wait(DEADLINE_S + LATE_S) == 1
    status = moorage.status()
    first, why, *lines = status["detail"].splitlines()
    assert (status["state"], first) == ("failed", "The engine is not up in the guest")
    assert why == f"{LATE_S} s passed since power-on"
    assert any("Linux version" in line or "moorage" in line.lower() for line in lines)
    assert "moorage logs" in status["next_step"]


@pytest.fixture
def small(image_home: Home) -> Iterator[Guest]:
    """A machine whose folder is a small file system: what is full there is full for the host."""
    if not can_mount():
        pytest.skip("this system lets an ordinary user mount nothing; as root, -m vm has this test")
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    home = Home(private_folder(folder))
    for kind in ("runtime", "guest"):
        (folder / kind).symlink_to(image_home.base / kind)
    files = home.machine()
    private_folder(files.folder.parent)
    private_folder(files.folder)
    files.config.write_text(f'accelerator = "tcg"\ndisk_mib = 4096\nstart_deadline_s = {PATIENCE_S}\n')
    with on_a_small_disk(files, ROOM_MIB) as seen:
        guest = Guest(SupervisorClient(seen))
        asyncio.run(wait_for(seen.control_socket.exists))
        try:
            yield guest
        finally:
            asyncio.run(quit_supervisor(guest.client))
    shutil.rmtree(folder)


async def quit_supervisor(client: SupervisorClient) -> None:
    await client.kill(confirmed=True)
    await client.quit()


async def test_full_disk_of_the_host_pauses_the_guest_and_loses_nothing(small: Guest) -> None:
    await small.client.start()
    ballast = small.files.folder / "ballast"
    free = shutil.disk_usage(small.files.folder).free
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - (LEFT_MIB << 20))
    write = f"dd if=/dev/urandom of=/var/lib/much bs=1M count={WRITTEN_MIB} conv=fsync 2>/dev/null; echo wrote-''$?"
    await small.type(f"{write}; sha256sum </var/lib/much >/var/lib/sum; sync")
    async with asyncio.timeout(DEADLINE_S):
        async for status in small.client.watch():
            if any("the disk of this computer is full" in words for words in status.warnings):
                break
    assert status.state is State.RUNNING
    (words,) = (words for words in status.warnings if "paused" in words)
    assert f"when {RESUME_MIB} MiB are free" in words
    ballast.unlink()
    await small.console_until("wrote-0")
    await wait_for(lambda: shutil.disk_usage(small.files.folder).free < free - (WRITTEN_MIB - 32 << 20))
    assert not any("paused" in words for words in (await small.status()).warnings)
    assert "same" in await small.shell("sync; echo 3 >/proc/sys/vm/drop_caches;"
                                       " [ $(sha256sum </var/lib/much | cut -c1-64) = $(cut -c1-64 /var/lib/sum) ]"
                                       " && echo same")
    assert (await small.client.stop()).state is State.STOPPED
    check = subprocess.run([e2fsck(), "-fn", small.files.disk], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


async def test_start_on_a_full_disk_is_refused_and_works_once_there_is_room(small: Guest) -> None:
    moorage = Moorage(small.files.home)
    ballast = small.files.folder / "ballast"
    with open(ballast, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, (ROOM_MIB - LEFT_MIB) << 20)
    words = refused(moorage)
    assert "The disk of this computer is full" in words and "the machine needs 512 MiB" in words
    assert "Make room and start again" in words
    ballast.unlink()
    moorage.run("start")
    assert moorage.status()["state"] == "running"
