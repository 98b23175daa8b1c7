"""A file of somebody else's, replaced so that a reader sees the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def replace_file(path: Path, content: bytes, mode_if_new: int = 0o600) -> None:
    """Writes aside and renames. Keeps mode and owner; a link stays one, and what it leads to is replaced."""
    target = Path(os.path.realpath(path))
    try:
        found = target.stat()
        mode = stat.S_IMODE(found.st_mode)
    except FileNotFoundError:
        found, mode = None, mode_if_new
    descriptor, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            if found is not None and os.geteuid() == 0:
                os.fchown(descriptor, found.st_uid, found.st_gid)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        os.replace(aside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise
