"""The files of `moorage console`, as GNU screen writes them: its logs, and a screen as it is."""

from __future__ import annotations

import os
from typing import BinaryIO

_LOG = "screenlog.{}"
_APPENDED = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe would wait
_HARDCOPY, _MOST_HARDCOPIES = "hardcopy.{}", 1000


def write_hardcopy(text: str) -> str:
    """Writes a file for its owner alone, over no other, into the current folder; says which, or why not."""
    for number in range(_MOST_HARDCOPIES):
        path = _HARDCOPY.format(number)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            _fill(path, descriptor, text.encode() + b"\n")
        except FileExistsError:
            continue
        except OSError as error:
            return f"{path} cannot be written: {error.strerror}"
        return f"The screen is written to {path} in {os.getcwd()}"
    return "The screen is not written: there are too many hardcopies here"


def _fill(path: str, descriptor: int, data: bytes) -> None:
    """The whole of it, or no file."""
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
    except OSError:
        os.unlink(path)
        raise


class ScreenLog:
    """What one window prints, shown or not, in a file in the current folder that is gone on with. Off at first."""

    def __init__(self) -> None:
        self._file: BinaryIO | None = None
        self._name = ""

    @property
    def about(self) -> str:
        return f"log on: {self._name}" if self._file is not None else "log off"

    @property
    def is_on(self) -> bool:
        return self._file is not None

    def switch(self, number: int) -> str:
        """On, for the window of that number, or off; says which, or why not."""
        if self._file is not None:
            self.close()
            return f"No longer written to {self._name}"
        self._name = _LOG.format(number)
        try:
            file = os.open(self._name, _APPENDED, 0o600)
        except OSError as error:
            return f"{self._name} cannot be written: {error.strerror}"
        self._file = open(file, "ab", buffering=0)
        return f"What is printed is written to {self._name} in {os.getcwd()}"

    def keep(self, data: bytes) -> str:
        """Writes what was printed, while it is on; where that fails it is off, and this says why."""
        if self._file is None:
            return ""
        try:
            self._file.write(data)
        except OSError as error:
            self.close()
            return f"{self._name} is no longer written: {error.strerror}"
        return ""

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
