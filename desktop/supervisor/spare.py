"""QEMU's own copy of what the console prints: what nobody read is found there, and nothing else is of use.

It cannot be the log: whenever the socket to us is full for a moment, QEMU (11.1 and before) writes a byte here, is
asked to send it again, and writes it here again. So it is emptied as soon as the log has what it held, and begins with
how long the log was then: what follows in both is the same, but for doubled bytes here and the unread rest.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

LIMIT_BYTES = 8 << 20

_HEADER = re.compile(rb"\0([0-9]{15})\n")
_HEADER_WITHIN = 4096  # QEMU may write between the emptying and the header
_COMPARED_BYTES = 512


class Spare:
    """The file of one machine. Its calls block as long as the disk does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def size(self) -> int:
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def empty(self, log_size: int) -> None:
        """The log has it all. QEMU has the file open and appends."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, b"\0%015d\n" % log_size)
        finally:
            os.close(descriptor)

    def unread(self, log: Path) -> bytes:
        """What it holds beyond the end of `log`; at most the last 8 MiB."""
        try:
            with self._path.open("rb") as spare:
                is_cut = spare.seek(0, os.SEEK_END) > LIMIT_BYTES
                spare.seek(-LIMIT_BYTES if is_cut else 0, os.SEEK_END if is_cut else os.SEEK_SET)
                held = spare.read(LIMIT_BYTES)
        except FileNotFoundError:
            return b""
        header = _HEADER.search(held, 0, _HEADER_WITHIN)
        if is_cut or header is None:
            return held
        held = held[: header.start()] + held[header.end() :]
        return held[length_of_known(held, _rest_of(log, int(header[1]))) :]


def length_of_known(held: bytes, known: bytes) -> int:
    """How much of `held` repeats `known`, from both their beginnings, doubled bytes left aside."""
    at = done = 0
    while done < len(known) and at < len(held):
        same = _common_length(held, at, known, done)
        at += same
        done += same
        if done < len(known) and at < len(held):
            if not at or held[at] != held[at - 1]:
                break
            at += 1
    return at


def _common_length(one: bytes, at: int, other: bytes, start: int) -> int:
    length = 0
    step = _COMPARED_BYTES
    while step:
        mine = one[at + length : at + length + step]
        if len(mine) == step and mine == other[start + length : start + length + step]:
            length += step
        else:
            step //= 2
    return length


def _rest_of(path: Path, start: int) -> bytes:
    try:
        with path.open("rb") as log:
            log.seek(start)
            return log.read(LIMIT_BYTES)
    except FileNotFoundError:
        return b""
