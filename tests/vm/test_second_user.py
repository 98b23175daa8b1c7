"""What another user of the same host gets at: nothing."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.helpers.guest import Guest, wait_for

pytestmark = pytest.mark.vm

NOBODY = 65534
TRY = """
import os, socket, sys
for path in sys.stdin.buffer.read().split(b"\\0"):
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
    except OSError:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(path)
            except OSError:
                continue
    print(os.fsdecode(path))
"""


def of_moorage(running: Guest, qemu: int) -> Iterator[Path]:
    """Every file and socket of it: by name, and what QEMU has open."""
    base = running.files.home.base
    for folder in (base, running.files.sockets, running.files.home.app_socket.parent):
        yield from (folder, *folder.rglob("*"))
    for opened in psutil.Process(qemu).open_files():
        found = Path(opened.path)
        if found.exists() and (found.is_relative_to(base) or found.is_relative_to("/dev/shm")):
            yield found


async def test_nothing_is_readable_by_others(running: Guest) -> None:
    for path in of_moorage(running, await running.qemu_pid()):
        mode = path.lstat().st_mode
        assert stat.S_ISLNK(mode) or not mode & 0o077, path


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user; modes are looked at above")
async def test_a_second_user_opens_no_socket_disk_log_or_state_file(running: Guest) -> None:
    qemu = await running.qemu_pid()
    secret = [Path(f"/proc/{qemu}/{name}") for name in ("mem", "environ", "maps", "fd")]
    tried = [*of_moorage(running, qemu), *secret, Path("/etc/passwd")]
    assert {running.files.disk, running.files.docker_socket, running.files.vm_record} <= set(tried)
    outside = running.files.home.base.parent  # the tests' own wall, which is not what is tested
    before = outside.stat().st_mode
    outside.chmod(0o755)
    try:
        opened = await asyncio.to_thread(try_as_nobody, tried)
    finally:
        outside.chmod(before)
    assert opened == ["/etc/passwd"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
async def test_a_second_user_opens_no_saved_state(running: Guest) -> None:
    files = running.files
    await running.client.suspend()
    await wait_for(files.suspended.exists)
    tried = [files.suspended, *files.suspended.iterdir(), Path("/etc/passwd")]
    assert len(tried) == 5
    outside = files.home.base.parent
    before = outside.stat().st_mode
    outside.chmod(0o755)
    try:
        opened = await asyncio.to_thread(try_as_nobody, tried)
    finally:
        outside.chmod(before)
    assert opened == ["/etc/passwd"]
    await running.client.start()


def try_as_nobody(paths: list[Path]) -> list[str]:
    result = subprocess.run(
        [os.path.realpath(sys.executable), "-I", "-S", "-c", TRY], input=b"\0".join(map(os.fsencode, paths)),
        stdout=subprocess.PIPE, check=True, cwd="/", user=NOBODY, group=NOBODY, extra_groups=[],
    )  # fmt: skip
    return result.stdout.decode().splitlines()
