"""A file of the user's that an engine's bytes go to: for this user alone, and whole or left as it was."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from desktop.core.errors import EngineError
from desktop.core.replaced_file import written_aside


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
