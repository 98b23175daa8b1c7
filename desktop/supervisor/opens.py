"""Tells when others open or close a file, a device included."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Callable

POLL_S = 1.0

_IN_OPEN, _IN_CLOSE, _IN_OVERFLOW = 0x20, 0x18, 0x4000  # a close after writing, or after reading only
_EVENT = struct.Struct("iIII")


class OpenWatch:
    """Calls `on_change(opened, closed)` with what may have happened to `path` since the last call.

    These are hints and cannot be counted: Linux' inotify makes one of two opens that follow each other, and
    elsewhere nobody tells, so that a clock calls.
    """

    def __init__(self, path: str, on_change: Callable[[bool, bool], None]) -> None:
        self._on_change = on_change
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._descriptor = _inotify(path) if sys.platform == "linux" else -1
        if self._descriptor >= 0:
            self._loop.add_reader(self._descriptor, self._on_events)
        else:
            self._timer = self._loop.call_later(POLL_S, self._poll)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def swallow(self) -> bool:
        """Forgets what has happened by now; returns whether something was closed."""
        return self._descriptor >= 0 and bool(self._events() & (_IN_CLOSE | _IN_OVERFLOW))

    def _on_events(self) -> None:
        happened = self._events()
        if happened & (_IN_OPEN | _IN_CLOSE | _IN_OVERFLOW):
            self._on_change(bool(happened & _IN_OPEN), bool(happened & (_IN_CLOSE | _IN_OVERFLOW)))

    def _events(self) -> int:
        happened = 0
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._descriptor, 1 << 14):
                at = 0
                while at < len(data):
                    _watch, mask, _cookie, length = _EVENT.unpack_from(data, at)
                    at += _EVENT.size + length
                    happened |= mask
        return happened

    def _poll(self) -> None:
        self._timer = self._loop.call_later(POLL_S, self._poll)
        self._on_change(False, True)


def _inotify(path: str) -> int:
    """An inotify descriptor, or -1 where the user has too many already."""
    libc = ctypes.CDLL(None)
    descriptor = int(libc.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))
    if descriptor >= 0 and libc.inotify_add_watch(descriptor, os.fsencode(path), _IN_OPEN | _IN_CLOSE) < 0:
        os.close(descriptor)
        return -1
    return descriptor
