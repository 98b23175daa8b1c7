"""Containers' logs into a file of the user's: one as it is, several as one in the order of the engine's moments."""

from __future__ import annotations

import heapq
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop.core.container_log import LogLine
from desktop.core.errors import EngineError

from .errors import EngineGone
from .log_feed import Opening, open_log
from .log_lines import LogLines
from .saved_file import saved_file

if TYPE_CHECKING:
    from .transfers import Told

LINE_LIMIT = 1 << 20
"""Bytes; a line of a log is no longer in memory than that, and cut there."""
TOLD_EVERY = 256 << 10
OPEN_AT_ONCE = 64
"""Logs: a process may have few files open."""

_SIZES = struct.Struct(">HL")
Moment = tuple[str, bytes]
"""The engine's stamp of a line, and the line as it is written."""


def save_logs(sdk: Any, names: Mapping[str, str], since: str, with_stamps: bool, path: Path, told: Told) -> None:
    """Reads the logs of the containers `names`, each with the name that its lines get, to their ends.

    Side by side, and of each no more than has come at once. Of very many it takes some at a time, and keeps what they
    wrote in files without a name beside `path` until all are read. Colours and all bytes that a program wrote stay as
    they are. Of which container the engine keeps no log is told in a line; EngineError where it keeps none of any.
    """
    reading = _Reading(sdk, since, with_stamps, told)
    ids = list(names)
    rounds = [{id: names[id] for id in ids[at : at + OPEN_AT_ONCE]} for at in range(0, len(ids), OPEN_AT_ONCE)]
    with saved_file(path) as file, ExitStack() as stack:
        if len(rounds) == 1:
            parts = [reading.lines(names)]
        else:
            parts = [
                _kept(stack.enter_context(tempfile.TemporaryFile(dir=path.parent)), reading.lines(some))
                for some in rounds
            ]
        for _, line in heapq.merge(*parts, key=_stamp_of):
            file.write(line)
        if reading.refusal is not None and not reading.opened:
            raise reading.refusal
        told.bytes(reading.done)


class _Reading:
    """Logs one round after another. `done`: bytes, of all of them."""

    def __init__(self, sdk: Any, since: str, with_stamps: bool, told: Told) -> None:
        self._sdk, self._since, self._with_stamps, self._told = sdk, since, with_stamps, told
        self.opened = self.done = 0
        self.refusal: EngineError | None = None

    def lines(self, names: Mapping[str, str]) -> Iterator[Moment]:
        """Of some containers, in the order of their moments."""
        with ExitStack() as stack:
            logs = [log for id, name in names.items() if (log := self._open(stack, id, name)) is not None]
            for line in heapq.merge(*logs, key=lambda line: line.stamp):
                written = _written(line, self._with_stamps)
                before, self.done = self.done, self.done + len(written)
                if self.done // TOLD_EVERY != before // TOLD_EVERY:
                    self._told.bytes(self.done)
                yield line.stamp, written

    def _open(self, stack: ExitStack, id: str, name: str) -> Iterator[LogLine] | None:
        try:
            opening = open_log(self._sdk, id, self._since, "all", False)
        except EngineGone:
            raise
        except EngineError as error:
            self.refusal = error
            self._told.line(f"{name or id[:12]}: {error.why or error.what}")
            return None
        self.opened += 1
        stack.enter_context(closing(opening.stream))
        return _lines(opening, name)


def _kept(file: BinaryIO, lines: Iterator[Moment]) -> Iterator[Moment]:
    """The same lines later: they are read to their end now, into a file."""
    for stamp, line in lines:
        file.write(_SIZES.pack(len(stamp), len(line)) + stamp.encode() + line)
    file.seek(0)
    return _read_back(file)


def _read_back(file: BinaryIO) -> Iterator[Moment]:
    while header := file.read(_SIZES.size):
        stamp_size, size = _SIZES.unpack(header)
        yield file.read(stamp_size).decode(), file.read(size)


def _stamp_of(moment: Moment) -> str:
    return moment[0]


def _lines(opening: Opening, name: str) -> Iterator[LogLine]:
    lines = LogLines(opening.has_terminal, LINE_LIMIT, "surrogateescape")
    while data := opening.stream.read():
        yield from _named(lines.feed(data), name)
    yield from _named(lines.rest(), name)


def _named(lines: list[LogLine], name: str) -> list[LogLine]:
    return [LogLine(line.source, line.stamp, line.text, name) for line in lines] if name else lines


def _written(line: LogLine, with_stamp: bool) -> bytes:
    parts = (line.stamp if with_stamp else "", line.name)
    return "".join([*(f"{part} " for part in parts if part), line.text, "\n"]).encode("utf-8", "surrogateescape")
