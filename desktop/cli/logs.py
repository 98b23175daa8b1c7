"""`moorage logs`: a log file, or what is added to it."""

from __future__ import annotations

import os
import sys
import time
from collections import deque
from enum import StrEnum
from io import BufferedReader
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.paths import MachineFiles
from desktop.core.text import visible

from .output import is_unread

POLL_S = 0.25


class Log(StrEnum):
    CONSOLE = "console"
    ENGINE = "engine"
    SUPERVISOR = "supervisor"
    QEMU = "qemu"


def path_of(files: MachineFiles, log: Log) -> Path:
    return {
        Log.CONSOLE: files.console_log,
        Log.ENGINE: files.engine_log,
        Log.SUPERVISOR: files.supervisor_log,
        Log.QEMU: files.qemu_log,
    }[log]


def show(path: Path, lines: int, follow: bool) -> None:
    """Prints the last lines, then what is added. On a terminal control characters are shown, not obeyed."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        what = f"There is no {path.name} yet"
        raise MoorageError(what, "The machine has not run", "`moorage start` starts it") from None
    with file:
        for line in deque(file, maxlen=lines):
            _print(line)
        while follow:
            if line := file.readline():
                _print(line)
                continue
            sys.stdout.flush()
            if is_unread():
                return
            time.sleep(POLL_S)
            file = _reopened(file, path)
    sys.stdout.flush()


def _reopened(file: BufferedReader, path: Path) -> BufferedReader:
    """The file from its start where it was rotated or cut; first what came into it before it was put aside."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return file
    if found.st_ino != os.fstat(file.fileno()).st_ino:
        for line in file:
            _print(line)
        file.close()
        return path.open("rb")
    if found.st_size < file.tell():
        file.seek(0)
    return file


def _print(line: bytes) -> None:
    if sys.stdout.isatty():
        print(visible(line.decode("utf-8", "replace").rstrip("\r\n"), 65536))
    else:
        sys.stdout.buffer.write(line)
