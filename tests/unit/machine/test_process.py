"""Starting, watching and ending a process that must outlive its starter."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.machine.process import Process, is_locked, kill_child, spawn, take_lock

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")


async def test_lock_is_held_as_long_as_the_process_lives(tmp_path: Path) -> None:
    path = tmp_path / "vm.lock"
    lock = take_lock(path)
    assert lock is not None
    process = spawn(SLEEPER, os.environ, tmp_path / "log", (lock,))
    os.close(lock)
    assert is_locked(path)
    assert take_lock(path) is None
    await process.kill()
    assert not is_locked(path)


async def test_of_two_starts_at_once_one_gets_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "vm.lock"
    found = await asyncio.gather(*(asyncio.to_thread(take_lock, path) for _ in range(8)))
    held = [lock for lock in found if lock is not None]
    assert len(held) == 1
    os.close(held[0])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no pidfds")
async def test_a_process_that_cannot_be_watched_is_not_left_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a container's filter of system calls knows no pidfd_open: it would hold the machine's lock for ever."""

    def refuse(pid: int) -> int:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    path = tmp_path / "vm.lock"
    lock = take_lock(path)
    assert lock is not None
    monkeypatch.setattr(os, "pidfd_open", refuse)
    with pytest.raises(OSError, match="not implemented"):
        spawn(SLEEPER, os.environ, tmp_path / "log", (lock,))
    os.close(lock)
    assert not is_locked(path)


async def test_end_is_noticed_and_put_in_words(tmp_path: Path) -> None:
    process = spawn((sys.executable, "-c", "raise SystemExit(3)"), os.environ, tmp_path / "log")
    async with asyncio.timeout(60):
        await process.wait()
    assert not process.alive
    assert process.exit_words == "exit code 3"


async def test_kill_is_put_in_words_and_may_be_repeated(tmp_path: Path) -> None:
    process = spawn(SLEEPER, os.environ, tmp_path / "log")
    await process.kill()
    await process.kill()
    assert process.exit_words == "killed by SIGKILL"


async def test_child_has_a_session_of_its_own_and_makes_private_files(tmp_path: Path) -> None:
    program = f"import os; print(os.getsid(0) == os.getpid()); open({str(tmp_path / 'made')!r}, 'w')"
    old = os.umask(0)
    try:
        process = spawn((sys.executable, "-c", program), os.environ, tmp_path / "log")
        async with asyncio.timeout(60):
            await process.wait()
    finally:
        os.umask(old)
    assert (tmp_path / "log").read_text() == "True\n"
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600


async def test_another_process_can_be_watched_and_ended() -> None:
    """One that is not our child, as after an adoption."""
    found = subprocess.run(("sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!"), capture_output=True, check=True)
    process = Process(int(found.stdout))
    assert process.alive
    await process.kill()
    assert process.exit_words == ""


async def test_letting_go_leaves_the_process_alive(tmp_path: Path) -> None:
    process = spawn(SLEEPER, os.environ, tmp_path / "log")
    process.close()
    again = Process(process.pid)
    assert again.alive
    await again.kill()


async def test_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="/nowhere/qemu cannot be started"):
        spawn(("/nowhere/qemu",), os.environ, tmp_path / "log")


async def test_a_child_that_ends_as_it_is_killed_keeps_its_exit_code() -> None:
    for _ in range(40):
        child = await asyncio.create_subprocess_exec("true", stdout=asyncio.subprocess.PIPE)
        assert child.stdout is not None
        await child.stdout.read()
        kill_child(child)
        assert await child.wait() in (0, -9)
