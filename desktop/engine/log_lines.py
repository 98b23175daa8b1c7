"""The bytes of a container's log to lines: raw from a terminal, else in frames that tell stdout from stderr."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from datetime import datetime

from desktop.core.container_log import LogLine, Source

from .errors import EngineGone
from .stdcopy import ENGINE_ERROR, STDERR, Frames

LINE_LIMIT = 16384
"""Bytes; a longer line is cut into several, as dockerd does it itself."""

_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) ")


class LogLines:
    """Fed with bytes as they come; gives back whole lines."""

    def __init__(self, has_terminal: bool, limit: int = LINE_LIMIT, errors: str = "replace") -> None:
        """`errors`: what becomes of bytes that are no UTF-8."""
        self._has_terminal, self._limit, self._errors = has_terminal, limit, errors
        self._frames = Frames()
        self._stamps: dict[Source, str] = {}
        self._rests: dict[Source, bytes] = {}

    def feed(self, data: bytes) -> list[LogLine]:
        if self._has_terminal:
            return list(self._lines(Source.STDOUT, data))
        return [
            line for kind, content in self._frames.feed(data)
            for line in self._lines(Source.STDERR if kind in (STDERR, ENGINE_ERROR) else Source.STDOUT, content)
        ]  # fmt: skip

    def rest(self) -> list[LogLine]:
        """What was begun and not ended, such as a prompt."""
        return [self._line(source, rest) for source, rest in self._rests.items() if rest]

    def _lines(self, source: Source, data: bytes) -> Iterator[LogLine]:
        rest = self._rests.get(source, b"")
        if rest and (stamp := _STAMP.match(data)) and not self._has_terminal:
            data = data[stamp.end() :]  # a piece of a long line, which has a moment of its own
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield self._line(source, (yield from self._cut(source, line)))
        self._rests[source] = yield from self._cut(source, rest)

    def _cut(self, source: Source, line: bytes) -> Generator[LogLine, None, bytes]:
        """Gives back what is left of it, which is not more than the limit, and nothing of nothing only."""
        end = max(0, len(line) - 1) // self._limit * self._limit
        for at in range(0, end, self._limit):
            yield self._line(source, line[at : at + self._limit])
        return line[end:]

    def _line(self, source: Source, line: bytes) -> LogLine:
        found = _STAMP.match(line)
        if found:
            self._stamps[source] = found[1].decode()
            line = line[found.end() :]
        return LogLine(source, self._stamps.get(source, ""), line.decode("utf-8", self._errors))


def seconds_of(stamp: str) -> str:
    """A moment in the form that the engine takes: seconds since 1970 with all digits of the fraction."""
    whole, _, fraction = stamp.rstrip("Z").partition(".")
    if not whole:
        return ""
    try:
        return f"{int(datetime.fromisoformat(f'{whole}+00:00').timestamp())}.{fraction or 0:0<9}"
    except ValueError as error:  # it has the form of a moment, and is in no calendar
        raise EngineGone("The engine's answer makes no sense", str(error)) from error
