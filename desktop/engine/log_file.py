"""A container's log into a file of the user's."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from desktop.core.container_log import LogLine
from desktop.core.errors import EngineError

from .log_feed import Opening
from .log_lines import LogLines


def save_log(opening: Opening, with_stamps: bool, path: Path) -> None:
    """Reads the log to its end. Colours and what else a program wrote stay as they are."""
    lines = LogLines(opening.has_terminal)
    try:
        with closing(opening.stream) as stream, open(path, "w", encoding="utf-8", newline="") as file:
            while data := stream.read():
                file.writelines(written(line, with_stamps) for line in lines.feed(data))
            file.writelines(written(line, with_stamps) for line in lines.rest())
    except OSError as error:
        raise EngineError(f"{path} cannot be written", error.strerror or str(error)) from error


def written(line: LogLine, with_stamp: bool) -> str:
    return f"{line.stamp} {line.text}\n" if with_stamp else f"{line.text}\n"
