"""The bytes of a container's log to lines: raw from a terminal, else in frames that tell stdout from stderr."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import datetime

from desktop.core.container_log import LogLine, Source

from .errors import EngineGone

LINE_LIMIT = 16384
"""Bytes; a longer line is cut into several, as dockerd does it itself."""
FRAME_LIMIT = 8 << 20

_HEADER = struct.Struct(">B3xL")
_SOURCES = {0: Source.STDOUT, 1: Source.STDOUT, 2: Source.STDERR}
_ENGINE_ERROR = 3  # dockerd's own words, where it cannot go on reading
_STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z) ")


class LogLines:
    """Fed with bytes as they come; gives back whole lines."""

    def __init__(self, has_terminal: bool) -> None:
        self._has_terminal = has_terminal
        self._bytes = bytearray()
        self._stamps: dict[Source, str] = {}
        self._rests: dict[Source, bytes] = {}

    def feed(self, data: bytes) -> list[LogLine]:
        if self._has_terminal:
            return list(self._lines(Source.STDOUT, data))
        self._bytes += data
        return list(self._framed())

    def rest(self) -> list[LogLine]:
        """What was begun and not ended, such as a prompt."""
        return [self._line(source, rest) for source, rest in self._rests.items() if rest]

    def _framed(self) -> Iterator[LogLine]:
        place = 0
        while len(self._bytes) - place >= _HEADER.size:
            kind, size = _HEADER.unpack_from(self._bytes, place)
            if kind > _ENGINE_ERROR or size > FRAME_LIMIT:
                raise EngineGone("The engine's answer makes no sense", "")
            end = place + _HEADER.size + size
            if end > len(self._bytes):
                break
            content = bytes(self._bytes[place + _HEADER.size : end])
            place = end
            yield from self._lines(_SOURCES.get(kind, Source.STDERR), content)
        del self._bytes[:place]

    def _lines(self, source: Source, data: bytes) -> Iterator[LogLine]:
        rest = self._rests.get(source, b"")
        if rest and (stamp := _STAMP.match(data)) and not self._has_terminal:
            data = data[stamp.end() :]  # a piece of a long line, which has a moment of its own
        *whole, rest = (rest + data).split(b"\n")
        for line in whole:
            yield self._line(source, line)
        while len(rest) > LINE_LIMIT:
            yield self._line(source, rest[:LINE_LIMIT])
            rest = rest[LINE_LIMIT:]
        self._rests[source] = rest

    def _line(self, source: Source, line: bytes) -> LogLine:
        found = _STAMP.match(line)
        if found:
            self._stamps[source] = found[1].decode()
            line = line[found.end() :]
        text = line[:LINE_LIMIT].decode("utf-8", "replace")
        return LogLine(source, self._stamps.get(source, ""), text)


def seconds_of(stamp: str) -> str:
    """A moment in the form that the engine takes: seconds since 1970 with all digits of the fraction."""
    whole, _, fraction = stamp.rstrip("Z").partition(".")
    if not whole:
        return ""
    return f"{int(datetime.fromisoformat(f'{whole}+00:00').timestamp())}.{fraction or 0:0<9}"
