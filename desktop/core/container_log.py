"""What a container wrote, line by line, and what stands in for lines that are not there."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Source(StrEnum):
    """Where a line came from. A container with a terminal has one stream only."""

    STDOUT = "stdout"
    STDERR = "stderr"
    DROPPED = "dropped"  # a mark: here lines were left out, since they came faster than can be shown
    AGAIN = "again"  # a mark: the container ended, and was started again


class LogLine(msgspec.Struct, frozen=True):
    """`stamp` is the engine's own, in RFC 3339 and UTC; `text` is foreign."""

    source: Source
    stamp: str = ""
    text: str = ""
    name: str = ""  # whose line it is, where several containers are read as one log

    @property
    def is_mark(self) -> bool:
        return self.source in (Source.DROPPED, Source.AGAIN)
