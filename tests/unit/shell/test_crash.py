"""Errors that nobody caught are written down and told."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from desktop.core.paths import Home
from desktop.shell.crash import LARGEST_LOG_BYTES, CrashLog


@pytest.fixture
def crash(home: Home, capsys: pytest.CaptureFixture[str]) -> Iterator[CrashLog]:
    made = CrashLog(home.base / "crash.log")
    made.open()
    yield made
    made.close()


async def test_every_hook_writes_and_tells(home: Home, crash: CrashLog) -> None:
    loop = asyncio.get_running_loop()
    told: list[str] = []
    crash.tell_through(loop, lambda where, error: told.append(str(error)))
    error = ValueError("in a slot")
    sys.excepthook(type(error), error, None)

    def fail() -> None:
        raise KeyError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    loop.call_exception_handler({"message": "Task exception was never retrieved", "exception": OSError("in a task")})
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    text = (home.base / "crash.log").read_text()
    for words in ("in a slot", "in a thread", "in a task"):
        assert words in text
        assert any(words in said for said in told)
    assert (home.base / "crash.log").stat().st_mode & 0o777 == 0o600


def test_errors_without_end_fill_no_disk(home: Home, crash: CrashLog) -> None:
    """As one in a paint event, at each frame."""
    for number in range(3 * LARGEST_LOG_BYTES // 100_000):
        crash.write(f"paint {number}", ValueError("x" * 100_000))
    logs = sorted(home.base.glob("crash.log*"))
    assert [path.name for path in logs] == ["crash.log", "crash.log.1"]
    assert all(path.stat().st_size <= LARGEST_LOG_BYTES + 110_000 for path in logs)
    assert f"paint {number}" in logs[0].read_text() and logs[0].stat().st_mode & 0o777 == 0o600


def test_native_crash_leaves_the_stack(home: Home) -> None:
    code = (
        "from pathlib import Path\nfrom desktop.shell.crash import CrashLog\nimport ctypes\n"
        f"log = CrashLog(Path({str(home.base)!r}, 'crash.log'))\nlog.open()\nctypes.string_at(0)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode < 0
    assert "Segmentation fault" in (home.base / "crash.log").read_text()


async def test_what_cannot_be_written_is_told_all_the_same(crash: CrashLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, or a terminal that was closed behind the app."""
    told: list[str] = []
    crash.tell_through(asyncio.get_running_loop(), lambda where, error: told.append(str(error)))
    largest = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = open("/dev/full", "w")
    monkeypatch.setattr(sys, "stderr", full)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, largest[1]))
    try:
        for words in ("one", "two"):
            error = ValueError(words)
            sys.excepthook(type(error), error, None)
            await asyncio.sleep(0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, largest)
        monkeypatch.undo()
        with contextlib.suppress(OSError):
            full.close()
    asyncio.get_running_loop().set_exception_handler(None)
    assert told == ["one", "two"]


def test_a_log_that_cannot_be_written_keeps_no_window_shut(home: Home) -> None:
    """One that root left there, or a folder."""
    (home.base / "crash.log").mkdir()
    made = CrashLog(home.base / "crash.log")
    made.open()
    made.write("somewhere", ValueError("told on standard error alone"))
    made.close()
