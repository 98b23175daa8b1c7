"""Who opens and closes a device file: counts the others who have it open."""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
import sys
from collections.abc import Callable

_IN_OPEN, _IN_CLOSE = 0x20, 0x18  # a close after writing or after reading only
_EVENT = struct.Struct("iIII")
_CLOEXEC_NONBLOCK = os.O_CLOEXEC | os.O_NONBLOCK


class OpenWatch:
    """Calls back at each open and close of `path` by others; `openers` says how many have it now.

    Linux tells through inotify. Elsewhere nobody tells: then there is one opener at all times.
    """

    def __init__(self, path: str, on_open: Callable[[], None], on_close: Callable[[], None]) -> None:
        self.openers = 0
        self._on_open = on_open
        self._on_close = on_close
        self._loop = asyncio.get_running_loop()
        self._descriptor = _watching(path) if sys.platform == "linux" else -1
        if self._descriptor < 0:
            self.openers = 1
        else:
            self._loop.add_reader(self._descriptor, self._on_events)

    def close(self) -> None:
        if self._descriptor >= 0:
            self._loop.remove_reader(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = -1

    def _on_events(self) -> None:
        data = os.read(self._descriptor, 4096)
        at = 0
        while at < len(data):
            _watch, mask, _cookie, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size + length
            if mask & _IN_OPEN:
                self.openers += 1
                self._on_open()
            elif mask & _IN_CLOSE:
                self.openers = max(0, self.openers - 1)
                self._on_close()


def _watching(path: str) -> int:
    """An inotify descriptor, or -1 where there is none to be had."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = int(libc.inotify_init1(_CLOEXEC_NONBLOCK))
    if descriptor >= 0 and libc.inotify_add_watch(descriptor, os.fsencode(path), _IN_OPEN | _IN_CLOSE) < 0:
        os.close(descriptor)
        return -1
    return descriptor
