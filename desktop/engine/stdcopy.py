"""dockerd's stdcopy: stdout and stderr of a container on one stream, in frames."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .errors import EngineGone

STDERR, ENGINE_ERROR = 2, 3
"""Kinds of frames; the last has dockerd's own words, where it cannot go on reading."""
FRAME_LIMIT = 8 << 20
_HEADER = struct.Struct(">B3xL")


class Frames:
    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Kind and content of each that is whole. To be read to its end; EngineGone where they are none."""
        self._bytes += data
        place = 0
        while len(self._bytes) - place >= _HEADER.size:
            kind, size = _HEADER.unpack_from(self._bytes, place)
            if kind > ENGINE_ERROR or size > FRAME_LIMIT:
                raise EngineGone("The engine's answer makes no sense", "")
            end = place + _HEADER.size + size
            if end > len(self._bytes):
                break
            yield kind, bytes(self._bytes[place + _HEADER.size : end])
            place = end
        del self._bytes[:place]
