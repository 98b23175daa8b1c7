"""Where another product's VM has its console, by the words of its command: HyperKit's tty, Lima's serial socket."""

from __future__ import annotations

import contextlib
import re
import stat
from collections.abc import Sequence
from pathlib import Path

import psutil

_TTY = re.compile(r"(?:^|,)autopty=(?P<path>[^,]+)")
_SOCKET = re.compile(r"(?:^|,)path=(?P<path>[^,]+/serial\.sock)(?:,|$)")
_NAME_BYTES = 256
_DEVICE = re.compile(r"/dev/(?:tty|pts/)[A-Za-z0-9]+")


def console_of(command: Sequence[str], pid: int) -> str:
    """The path of a console that is there now, or nothing. A path in a file that holds the pty's name is followed."""
    for pattern, is_one in ((_TTY, _is_tty), (_SOCKET, _is_socket)):
        for word in command:
            if match := pattern.search(word):
                path = named_in(_whole(Path(match["path"]), pid))
                if is_one(path):
                    return str(path)
    return ""


def named_in(path: Path) -> Path:
    """HyperKit of later years keeps the pty's name in a file, where it was a link to the pty before."""
    with contextlib.suppress(OSError, ValueError):
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                name = file.read(_NAME_BYTES).decode("ascii").strip()
            if _DEVICE.fullmatch(name):
                return Path(name)
    return path


def _whole(path: Path, pid: int) -> Path:
    """As the process means it."""
    if path.is_absolute():
        return path
    with contextlib.suppress(psutil.Error, OSError):
        return Path(psutil.Process(pid).cwd()) / path
    return path


def _is_tty(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISCHR(path.stat().st_mode)
    return False


def _is_socket(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return stat.S_ISSOCK(path.stat().st_mode)
    return False
