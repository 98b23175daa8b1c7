"""Log files: the last lines, as words for a user, and keeping them from growing without end."""

from __future__ import annotations

import os
import re
from pathlib import Path

from desktop.core.text import visible

LIMIT_BYTES = 8 << 20
TAIL_BYTES = 64 << 10
LINE_CHARS = 300
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


def tail(path: Path, lines: int = 12, start: int = 0) -> str:
    """The last lines of a log from byte `start` on, free of terminal codes; empty where there are none."""
    try:
        with path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            begin = start if start <= size else 0  # it was emptied meanwhile
            stream.seek(max(size - TAIL_BYTES, begin))
            text = stream.read(TAIL_BYTES).decode(errors="replace")
    except OSError:
        return ""
    plain = _ESCAPES.sub("", text).replace("\r", "\n")
    kept = [visible(line.rstrip(), LINE_CHARS) for line in plain.split("\n") if line.strip()]
    return "\n".join(kept[-lines:])


def size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def rotate(path: Path, limit_bytes: int = LIMIT_BYTES) -> None:
    """Keeps the end of a log that has grown too long as `<name>.1` and empties it.

    Emptied in place: its writer has it open, and appends. What it writes meanwhile is kept too.
    """
    if size(path) <= limit_bytes:
        return
    older = path.with_name(f"{path.name}.1")
    with path.open("r+b") as stream:
        stream.seek(-limit_bytes, os.SEEK_END)
        descriptor = os.open(older, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as kept:
            while part := stream.read(limit_bytes):
                kept.write(part)
                kept.flush()
            stream.truncate(0)
