"""Who has a device open."""

from __future__ import annotations

import contextlib
import os
import sys

import psutil

_MASTERS = {"/dev/ptmx", "/dev/pts/ptmx"}


def openers(device: str) -> list[int]:
    """Processes of this user, but for this one and for the one on the other side of a pty, which may keep its line
    open. Empty where that cannot be known: elsewhere than on Linux, psutil tells of files but not of devices."""
    if sys.platform != "linux":
        return []
    found = []
    for pid in psutil.pids():
        held = _held(pid) if pid != os.getpid() else set()
        if device in held and not held & _MASTERS:
            found.append(pid)
    return found


def _held(pid: int) -> set[str]:
    folder, held = f"/proc/{pid}/fd", set[str]()
    try:
        names = os.listdir(folder)
    except OSError:  # it has ended, or is another user's
        return held
    for name in names:
        with contextlib.suppress(OSError):
            held.add(os.readlink(f"{folder}/{name}"))
    return held
