"""A file of somebody else's, replaced so that a reader sees the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600


def replace_file(path: Path, content: bytes) -> None:
    """Writes aside and renames. Keeps mode and owner; a link stays one, and what it leads to is replaced."""
    with written_aside(path) as file:
        file.write(content)


@contextlib.contextmanager
def written_aside(path: Path, keeps_mode: bool = True) -> Iterator[BinaryIO]:
    """The same for what is written piece by piece: where it fails, `path` is left as it was."""
    target = Path(os.path.realpath(path))
    try:
        found = target.stat()
        mode = stat.S_IMODE(found.st_mode) if keeps_mode else PRIVATE
    except FileNotFoundError:
        found, mode = None, PRIVATE
    descriptor, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:80]}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            if found is not None and os.geteuid() == 0:
                os.fchown(descriptor, found.st_uid, found.st_gid)
            yield file
            file.flush()
            os.fsync(descriptor)
        os.replace(aside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise
