"""A file of the user's that an engine's bytes go to: for this user alone, and whole or left as it was."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from desktop.core.errors import EngineError
from desktop.core.replaced_file import written_aside

_TAR_END = bytes(1024)


@contextlib.contextmanager
def saved_file(path: Path) -> Iterator[BinaryIO]:
    """EngineError where it cannot be written."""
    try:
        with written_aside(path, keeps_mode=False) as file:
            yield file
    except OSError as error:
        if error.errno is None:  # requests' errors are OSErrors too
            raise
        raise EngineError(f"{path} cannot be written", error.strerror or str(error)) from error


@contextlib.contextmanager
def saved_tar(path: Path) -> Iterator[Callable[[bytes], int]]:
    """The same for a tar, piece by piece; how much there is comes back each time.

    EngineError where it has no end: an engine that breaks off ends its answer as any other, with its error in it.
    """
    with saved_file(path) as file:
        last, size = b"", 0

        def write(piece: bytes) -> int:
            nonlocal last, size
            file.write(piece)
            last, size = (last + piece[-len(_TAR_END) :])[-len(_TAR_END) :], size + len(piece)
            return size

        yield write
        if last != _TAR_END:
            raise EngineError("The engine's answer makes no sense", "its tar has no end")
