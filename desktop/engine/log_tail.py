"""The last lines of a container's log, those that may tell why it ended."""

from __future__ import annotations

from contextlib import closing

from desktop.core.ansi import pieces
from desktop.core.container_log import LogLine, Source

from .log_feed import Opening
from .log_lines import LogLines

READ_LINES = 50
SHOWN_LINES = 6
LINE_LIMIT = 300


def last_lines(opening: Opening) -> tuple[str, ...]:
    """The last few of stderr where there are any, else of all; plain, without empty ones. Reads to the end."""
    lines, found = LogLines(opening.has_terminal), list[LogLine]()
    with closing(opening.stream) as stream:
        while data := stream.read():
            found = [*found, *lines.feed(data)][-READ_LINES:]
    found += lines.rest()
    errors = [line for line in found if line.source is Source.STDERR and line.text.strip()]
    return tuple(_plain(line.text) for line in (errors or [line for line in found if line.text.strip()])[-SHOWN_LINES:])


def _plain(text: str) -> str:
    shown = "".join(part for part, _ in pieces(text)[0]).expandtabs(4).strip()
    return shown if len(shown) <= LINE_LIMIT else shown[: LINE_LIMIT - 1] + "…"
