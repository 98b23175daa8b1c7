"""What a test may leave behind: nothing. Threads, child processes and descriptors, before and after."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

GRACE_S = 30.0
"""What is being put away when a test ends may take so long."""

_SELF = Path("/proc/self")


@dataclass(frozen=True)
class Held:
    """What this process holds at a moment."""

    threads: frozenset[threading.Thread]
    children: frozenset[int]
    descriptors: frozenset[tuple[int, str]]


def held() -> Held:
    return Held(frozenset(threading.enumerate()), frozenset(_children()), frozenset(_descriptors()))


def left_since(before: Held) -> list[str]:
    """What is held now and was not before, in words; waits a little for what is on its way out."""
    deadline = time.monotonic() + GRACE_S
    while (words := _difference(before, held())) and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.02)
    return words


def _difference(before: Held, after: Held) -> list[str]:
    words = [f"thread {thread.name}" for thread in after.threads - before.threads if thread.is_alive()]
    words += [f"child process {pid}: {_command(pid)}" for pid in after.children - before.children]
    words += [f"descriptor {number}: {target}" for number, target in after.descriptors - before.descriptors]
    return words


def _children() -> set[int]:
    """Ours, the dead that nobody waited for included."""
    if sys.platform != "linux":
        import psutil

        return {child.pid for child in psutil.Process().children()}
    found: set[int] = set()
    for thread in (_SELF / "task").iterdir():
        try:
            found.update(map(int, (thread / "children").read_text().split()))
        except OSError:  # the thread has ended
            continue
    return found


def _descriptors() -> set[tuple[int, str]]:
    """Sockets, pipes and files; not those that libraries open once and keep."""
    found = set()
    for entry in os.listdir("/dev/fd"):
        try:
            target = os.readlink(f"/dev/fd/{entry}")
        except OSError:  # the one that listed
            continue
        if not target.startswith(("/dev/", "/proc/", "/sys/", "/usr/", "/tmp/pytest-", "anon_inode:[event")):
            found.add((int(entry), target))
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return "?"
