"""console.log: everything the tty ever printed, in parts of a bounded size."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from .spare import Spare

LIMIT_BYTES = 8 << 20
KEPT = 2  # how many older parts stay beside it: console.log.1 and .2

MARK = b"== Moorage: power on "
"""Begins the line that parts one power-on from the next."""


class ConsoleLog:
    """The log of one machine. Its calls block as long as the disk does: make them in a thread, in any order."""

    def __init__(self, path: Path, spare: Path) -> None:
        self._path = path
        self._spare = Spare(spare)
        self._lock = threading.Lock()

    def append(self, data: bytes) -> None:
        """Adds what was printed; a part that is full is put aside first."""
        with self._lock:
            self._append(data)
            if self._spare.size > LIMIT_BYTES:  # a flood gives no quiet moment
                self._spare.empty(self._size())

    def mark_power_on(self) -> None:
        """A plain line with the date."""
        with self._lock:
            begin = b"\r\n" if self._size() else b""
            self._append(begin + MARK + time.strftime("%Y-%m-%d %H:%M:%S %z ==\r\n").encode())
            self._spare.empty(self._size())

    def empty_spare(self) -> None:
        """To be called when all that was printed is in the log."""
        with self._lock:
            self._spare.empty(self._size())

    def take_unread(self) -> bytes:
        """What was printed while nobody read; it is added to the log."""
        with self._lock:
            unread = self._spare.unread(self._path)
            if unread:
                self._append(unread)
            self._spare.empty(self._size())
            return unread

    def since_power_on(self, limit_bytes: int) -> bytes:
        """What was printed since the last mark, at most the last of it."""
        with self._lock:
            printed = b""
            for number in range(KEPT + 1):
                printed = _end_of(self._part(number), limit_bytes - len(printed)) + printed
                if MARK in printed or len(printed) >= limit_bytes:
                    break
        mark = printed.rfind(MARK)
        return printed if mark < 0 else printed[printed.find(b"\n", mark) + 1 :]

    def _append(self, data: bytes) -> None:
        """After a disk that stood still, there may be more of it than a part holds."""
        for begin in range(0, len(data), LIMIT_BYTES):
            self._append_piece(data[begin : begin + LIMIT_BYTES])

    def _append_piece(self, data: bytes) -> None:
        if self._size() + len(data) > LIMIT_BYTES:
            self._put_aside()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as log:
            log.write(data)

    def _put_aside(self) -> None:
        for number in range(KEPT - 1, -1, -1):
            if self._part(number).exists():
                os.replace(self._part(number), self._part(number + 1))
        self._spare.empty(0)

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _part(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path


def _end_of(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as part:
            part.seek(max(0, part.seek(0, os.SEEK_END) - size))
            return part.read(size)
    except FileNotFoundError:
        return b""
