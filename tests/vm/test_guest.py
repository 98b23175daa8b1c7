"""The guest from within: what is in it, what it does for containers, and what it does when things break."""

from __future__ import annotations

import asyncio
import contextlib
import re
from pathlib import Path

import docker
import pytest

from desktop.core.errors import MoorageError
from desktop.core.machine import State
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.guest import Guest, wait_for

pytestmark = pytest.mark.vm


def in_container(guest: Guest, *command: str, **options: object) -> str:
    """What a command prints in a container of its own."""
    client = docker.DockerClient(base_url=f"unix://{guest.files.docker_socket}", timeout=300)
    try:
        if not client.images.list(IMAGE):
            client.api.import_image_from_data(busybox_tar(), repository=IMAGE)
        output: bytes = client.containers.run(IMAGE, list(command), remove=True, **options)
        return output.decode()
    finally:
        client.close()


async def test_containers_start_with_no_signal_ignored(running: Guest) -> None:
    """A shell's background programs ignore SIGINT, and what a daemon ignores its children ignore."""
    status = await asyncio.to_thread(in_container, running, "cat", "/proc/self/status")
    assert "SigIgn:\t0000000000000000" in status


async def test_ctrl_c_ends_a_program_at_the_console(running: Guest) -> None:
    await running.type("clear; sh -c 'echo begun-$((1)); exec sleep 600'")
    await running.console_until("begun-1")
    await running.type("\x03")
    assert "still-here" in await running.shell("echo still-'here'")


async def test_nothing_but_its_name_server_listens_in_the_guest(running: Guest) -> None:
    sockets = await running.shell("cat /proc/net/tcp /proc/net/tcp6 | grep -v local")
    rows = [line.split() for line in sockets.splitlines() if len(line.split()) > 10]
    assert {row[1] for row in rows if row[3] == "0A"} == {"0F02000A:0035"}  # 10.0.2.15:53


async def test_the_root_is_read_only_and_holds_no_more_than_it_must(running: Guest) -> None:
    assert "Read-only" in await running.shell("touch /etc/new")
    unwanted = "/usr/bin/perl /usr/bin/apt /usr/bin/dpkg /usr/sbin/sshd /usr/bin/docker /usr/lib/systemd"
    assert "found-0" in await running.shell(f"echo found-$(ls -d {unwanted} 2>/dev/null | wc -l)")


async def test_the_kernel_has_modules_loaded_when_something_asks_for_them(running: Guest) -> None:
    await running.shell("ip link add probe type dummy; ip link delete probe")
    assert "loaded-1" in await running.shell("echo loaded-$(grep -c '^dummy ' /proc/modules)")


async def test_a_daemon_that_dies_is_started_again(running: Guest) -> None:
    before = await pid_of(running, "containerd")
    await running.shell(f"kill -9 {before}; while grep -qx {before} /run/moorage/containerd.pid; do sleep 0.2; done")
    await wait_for(lambda: says_again(running))
    assert any("restarted containerd" in step.name for step in (await running.status()).boot_steps)


def says_again(guest: Guest) -> bool:
    """Once the engine has noticed too."""
    with contextlib.suppress(docker.errors.APIError):
        return "again" in in_container(guest, "echo", "again")
    return False


async def pid_of(guest: Guest, daemon: str) -> str:
    shown = re.search(r"pid-(\d+)", await guest.shell(f"echo pid-$(cat /run/moorage/{daemon}.pid)"))
    assert shown is not None
    return shown[1]


@pytest.mark.long
async def test_a_disk_with_an_error_takes_no_more_and_is_checked_at_the_next_start(own: Guest) -> None:
    """What is written on over an error spoils what is whole; the kernel is made to find one."""
    own.files.folder.mkdir(mode=0o700, parents=True)
    own.files.config.write_text('accelerator = "tcg"\n')
    await own.client.start()
    assert "kept=0" in await own.shell("echo mine >/var/lib/mine; sync; echo kept=$?")
    find = "echo /sys/fs/ext4/vd*/trigger_fs_error"
    said = await own.shell(f"echo of-a-test >$({find}); touch /var/lib/more; echo done=$?")
    assert "Remounting filesystem read-only" in said and "done=1" in said
    status = await own.client.restart()
    assert any(step.name == "check" for step in status.boot_steps)
    assert "mine" in (await own.shell("cat /var/lib/mine; touch /var/lib/more && echo writes")).splitlines()


MARK_AT = 1 << 30  # as on a disk whose beginning is damaged


async def test_a_data_disk_with_something_else_on_it_is_left_alone(own: Guest) -> None:
    own.files.folder.mkdir(mode=0o700, parents=True)
    disk = own.files.disk
    await asyncio.to_thread(make_foreign_disk, disk)
    with pytest.raises(MoorageError, match="left alone"):
        await own.client.start()
    assert (await own.status()).state is State.FAILED
    assert await asyncio.to_thread(read_mark, disk) == b"somebody's own"


def make_foreign_disk(disk: Path) -> None:
    with disk.open("wb") as stream:
        stream.truncate(64 << 30)
        stream.seek(MARK_AT)
        stream.write(b"somebody's own")


def read_mark(disk: Path) -> bytes:
    with disk.open("rb") as stream:
        stream.seek(MARK_AT)
        return stream.read(14)
