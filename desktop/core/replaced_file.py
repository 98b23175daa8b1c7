"""A file of somebody else's, replaced so that a reader sees the old one or the new one, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600
_PREFIX = ".moorage-"
_DESCRIPTORS = "/proc/self/fd"


def replace_file(path: Path, content: bytes) -> None:
    """Writes aside and renames. Keeps mode and owner; a link stays one, and what it leads to is replaced."""
    with written_aside(path) as file:
        file.write(content)


@contextlib.contextmanager
def written_aside(path: Path, keeps_mode: bool = True) -> Iterator[BinaryIO]:
    """The same for what is written piece by piece: where it fails, `path` is left as it was.

    Until it is whole it has no name where the system has such files: then nothing is left of it when its writer is
    killed, or the app ends in the middle.
    """
    target = Path(os.path.realpath(path))
    try:
        found = target.stat()
        mode = stat.S_IMODE(found.st_mode) if keeps_mode else PRIVATE
        if not stat.S_ISREG(found.st_mode):  # root would have a file in the place of /dev/null
            raise OSError(errno.EINVAL, "it is no plain file", str(path))
    except FileNotFoundError:
        found, mode = None, PRIVATE
    descriptor, aside = _begun(target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            if found is not None and os.geteuid() == 0:
                os.fchown(descriptor, found.st_uid, found.st_gid)
            yield file
            file.flush()
            os.fsync(descriptor)
            aside = aside or _named(descriptor, target.parent)
        os.replace(aside, target)
    except BaseException:
        if aside:
            with contextlib.suppress(OSError):
                os.unlink(aside)
        raise


def _begun(folder: Path) -> tuple[int, str]:
    """A new file, and its name if it has one."""
    if hasattr(os, "O_TMPFILE") and os.path.isdir(_DESCRIPTORS):
        with contextlib.suppress(OSError):  # not on every disk
            return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, PRIVATE), ""
    return tempfile.mkstemp(dir=folder, prefix=_PREFIX)


def _named(descriptor: int, folder: Path) -> str:
    name = str(folder / f"{_PREFIX}{secrets.token_hex(8)}")
    # With a folder's descriptor Python has the link followed that stands for the file; a whole path makes no use of it.
    os.link(f"{_DESCRIPTORS}/{descriptor}", name, src_dir_fd=descriptor)
    return name
