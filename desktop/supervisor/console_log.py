"""console.log: everything the tty ever printed. QEMU writes it, we mark it and keep it from growing without end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

LIMIT_BYTES = 8 << 20
KEPT = 2  # how many older parts stay beside it: console.log.1 and .2

MARK = b"== Moorage: power on "
"""Begins the line that parts one power-on from the next."""

_COPY_BYTES = 1 << 16


class ConsoleLog:
    """The log of one machine. Its calls block for as long as the disk does: call them in a thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rotating = threading.Lock()

    def mark_power_on(self) -> None:
        """A plain line with the date. QEMU appends behind it."""
        self.rotate()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as log:
            begin = b"\r\n" if log.tell() else b""
            log.write(begin + MARK + time.strftime("%Y-%m-%d %H:%M:%S %z ==\r\n").encode())

    def since_power_on(self, log: bytes, limit_bytes: int) -> bytes:
        """What `log`, the content of console.log, and its older parts hold of this power-on; at most the last of it."""
        tail = log[-limit_bytes:]
        for number in range(1, KEPT + 1):
            if MARK in tail or len(tail) >= limit_bytes:
                break
            tail = _end_of(self._older(number), limit_bytes - len(tail)) + tail
        mark = tail.rfind(MARK)
        return tail if mark < 0 else tail[tail.find(b"\n", mark) + 1 :]

    def rotate(self) -> None:
        """Puts a log that has grown too long aside.

        Copied and emptied in place, since QEMU has it open and appends. What QEMU writes between the last read and the
        emptying would be lost: those two stand next to each other.
        """
        with self._rotating:
            if self._path.exists() and self._path.stat().st_size > LIMIT_BYTES:
                self._put_aside()

    def _put_aside(self) -> None:
        aside = self._path.with_name(f"{self._path.name}.new")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as copy, self._path.open("r+b", buffering=0) as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 2 * LIMIT_BYTES))  # grown while nobody looked
            while data := log.read(_COPY_BYTES):
                copy.write(data)
            os.ftruncate(log.fileno(), 0)
        for number in range(KEPT - 1, 0, -1):
            if self._older(number).exists():
                os.replace(self._older(number), self._older(number + 1))
        os.replace(aside, self._older(1))

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _end_of(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as part:
            part.seek(max(0, part.seek(0, os.SEEK_END) - size))
            return part.read(size)
    except FileNotFoundError:
        return b""
