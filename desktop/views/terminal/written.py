"""What a terminal writes into files of the user's: its screen once, or everything from now on."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PySide6.QtCore import QStandardPaths

_TRIES = 100


class OutputLog:
    """Everything the guest prints, as it came, while it is open."""

    def __init__(self) -> None:
        self._file: int | None = None
        self.path = Path()

    @property
    def is_on(self) -> bool:
        return self._file is not None

    def open(self) -> None:
        """OSError where no file can be made."""
        self.path, self._file = _new_file("log")

    def write(self, data: bytes) -> None:
        """OSError, and the end of it, where the disk takes no more."""
        while data and self._file is not None:
            try:
                data = data[os.write(self._file, data) :]
            except OSError:
                self.close()
                raise

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def write_screen(text: str) -> Path:
    """A file with the text of a screen; OSError where it cannot be written."""
    path, file = _new_file("txt")
    with open(file, "wb") as sink:
        sink.write(text.encode() + b"\n")
    return path


def _new_file(suffix: str) -> tuple[Path, int]:
    """A file that was not there, for its owner alone, among the user's documents."""
    folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
    if not folder.is_dir():
        folder = Path.home()
    stem = time.strftime("moorage-console-%Y%m%d-%H%M%S")
    for number in range(_TRIES):
        path = folder / f"{stem}{f'-{number}' if number else ''}.{suffix}"
        try:
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            continue
    raise FileExistsError(17, os.strerror(17), str(folder / stem))
