"""What a pretended container writes: as it came, for who is attached, and line by line with its moment, for its log."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

STDOUT, STDERR = 1, 2
KEPT_BYTES, KEPT_ENTRIES = 4 << 20, 50_000
MESSAGE_LIMIT = 16384
"""Bytes of a line that dockerd keeps together."""


@dataclass(frozen=True)
class Entry:
    source: int
    moment_ns: int
    text: bytes  # with its newline, unless the line goes on

    @property
    def stamp(self) -> str:
        whole, fraction = divmod(self.moment_ns, 1_000_000_000)
        return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09}Z"


class Output:
    def __init__(self) -> None:
        self.pieces: list[tuple[int, bytes]] = []
        self._piece_bytes = 0
        self.count = 0  # entries since the beginning
        self._entries: deque[Entry] = deque(maxlen=KEPT_ENTRIES)
        self._rest = {STDOUT: b"", STDERR: b""}

    def write(self, data: bytes, source: int = STDOUT, moment_s: float | None = None) -> None:
        if not data:
            return
        if self._piece_bytes < KEPT_BYTES:
            self.pieces.append((source, data))
            self._piece_bytes += len(data)
        *lines, rest = (self._rest[source] + data).split(b"\n")
        for line in lines:
            self._enter(source, line + b"\n", moment_s)
        while len(rest) >= MESSAGE_LIMIT:
            self._enter(source, rest[:MESSAGE_LIMIT], moment_s)
            rest = rest[MESSAGE_LIMIT:]
        self._rest[source] = rest

    def entries(self, after: int = 0) -> list[Entry]:
        """Those that came after the first `after`, as far as they are kept."""
        missing = self.count - len(self._entries)
        return list(islice(self._entries, max(0, after - missing), None))

    def _enter(self, source: int, text: bytes, moment_s: float | None) -> None:
        moment_ns = time.time_ns() if moment_s is None else int(moment_s * 1e9)
        if self._entries and moment_s is None:
            moment_ns = max(moment_ns, self._entries[-1].moment_ns + 1)  # two never have the same
        self._entries.append(Entry(source, moment_ns, text))
        self.count += 1
