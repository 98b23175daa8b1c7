"""Containers' logs into a file of the user's: one as it is, several as one in the order of the engine's moments."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


def save_logs(sdk: Any, names: Mapping[str, str], since: str, with_stamps: bool, path: Path, told: Told) -> None:
    """Reads the logs of the containers `names`, each with the name that its lines get, to their ends.

    Side by side, and of each no more than has come at once. Colours and all bytes that a program wrote stay as they
    are. Of which container the engine keeps no log is told in a line; EngineError where it keeps none of any.
    """
    refusal: EngineError | None = None
    with ExitStack() as stack:
        logs = []
        for id, name in names.items():
            try:
                opening = open_log(sdk, id, since, "all", False)
            except EngineGone:
                raise
            except EngineError as error:
                refusal = error
                told.line(f"{name or id[:12]}: {error.why or error.what}")
            else:
                stack.enter_context(closing(opening.stream))
                logs.append(_lines(opening, name))
        if refusal is not None and not logs:
            raise refusal
        with saved_file(path) as file:
            done = 0
            for line in heapq.merge(*logs, key=lambda line: line.stamp):
                before, done = done, done + file.write(_written(line, with_stamps))
                if done // TOLD_EVERY != before // TOLD_EVERY:
                    told.bytes(done)
            told.bytes(done)


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
