"""The bench before others: a kernel that shares the processors among sessions weighs those of the bench most.

`nice` does nothing between sessions there, and each new session begins as any other.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

MARK = "MOORAGE_BENCH"
"""In the environment of all that the bench starts, hypervisors, daemons and what it compares with included."""
WEIGHT = b"-20"
LOOK_EVERY_S = 0.2


def take() -> None:
    """Goes on in a session of its own before others, as does each that is made by what the bench starts; goes on as it
    is where it may not, or where the kernel shares otherwise.

    The process that was called waits, ends as the other one ends, and hands on what is to end it.
    """
    if os.geteuid() or not Path("/proc/self/autogroup").exists():
        return
    if child := os.fork():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _frame: os.killpg(child, number))
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    os.setsid()
    os.environ[MARK] = "1"
    if _raise_session(os.getpid()):
        threading.Thread(target=_follow, daemon=True).start()


def raise_own() -> None:
    """For a process of the bench that has a session of its own since just now, which would be seen only later."""
    if MARK in os.environ:
        _raise_session(os.getpid())


def _follow() -> None:
    known: set[int] = set()
    while True:
        present = _sessions()
        for session in present.keys() - known:
            if _is_ours(present[session]):
                _raise_session(present[session])
        known = set(present)
        time.sleep(LOOK_EVERY_S)


def _sessions() -> dict[int, int]:
    """Each session, and a process in it."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with contextlib.suppress(ProcessLookupError):
                found[os.getsid(int(name))] = int(name)
    return found


def _is_ours(pid: int) -> bool:
    try:
        return f"{MARK}=1".encode() in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False


def _raise_session(pid: int) -> bool:
    try:
        Path(f"/proc/{pid}/autogroup").write_bytes(WEIGHT)
    except OSError:
        return False
    return True
