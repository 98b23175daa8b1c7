"""The data disk: a sparse raw file that grows to its limit, never shrinks, and goes only when it is reset.

It may be a link to a file on a larger file system: then that is the disk, and the link stays.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

from desktop.core.errors import MachineError

FIRST_BOOT_MIB = 512  # file system, engine state and a little room; a fresh one takes about 100
LATER_BOOT_MIB = 64
MARK_BYTES = 1 << 20  # the superblock and what the file system knows of its first groups
RESUME_MIB = 256  # room that must be there before a guest that ran out of it goes on


def prepare(disk: Path, limit_mib: int) -> bool:
    """Makes the disk if there is none, raises its size to the limit; refuses where the host has no room.

    Whether it is new: nothing was ever written to it, so that a file system may be made there.
    """
    is_there = disk.exists()
    check_room(disk, LATER_BOOT_MIB if is_there else FIRST_BOOT_MIB)
    try:
        descriptor = os.open(disk, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            is_new = not is_there or _is_one_hole(descriptor)
            if os.fstat(descriptor).st_size < limit_mib << 20:
                os.truncate(descriptor, limit_mib << 20)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise MachineError(
            f"The data disk of {limit_mib} MiB cannot be made",
            f"{disk}: {error.strerror}",
            "Lower the disk limit in Settings, or move MOORAGE_HOME to a larger file system",
        ) from error
    return is_new


def _is_one_hole(descriptor: int) -> bool:
    """Whether the host has given nothing to the file. One that cannot tell says of everything that it is data."""
    try:
        os.lseek(descriptor, 0, os.SEEK_DATA)
    except OSError as error:
        return error.errno == errno.ENXIO
    return False


def mark(disk: Path) -> str:
    """Tells it, as it is now, from another disk and from older copies of it: when it was written to, how it begins."""
    with disk.open("rb") as file:
        return f"{os.fstat(file.fileno()).st_mtime_ns} {hashlib.sha256(file.read(MARK_BYTES)).hexdigest()}"


def is_marked(disk: Path, was: str) -> bool:
    """Whether it is as when it got that mark; a copy has another time, and begins as it did."""
    return not was or any(now == then for now, then in zip(mark(disk).split(), was.split(), strict=True))


def check_room(disk: Path, need_mib: int) -> None:
    have_mib = free_mib(disk)
    if have_mib < need_mib:
        raise MachineError(
            "The disk of this computer is full",
            f"{_file(disk).parent} has {have_mib} MiB free, the machine needs {need_mib} MiB",
            "Make room and start again",
        )


def discard(disk: Path) -> None:
    """Deletes it, with all that the engine keeps."""
    try:
        _file(disk).unlink(missing_ok=True)
    except OSError as error:
        raise MachineError("The data disk cannot be deleted", f"{disk}: {error.strerror}") from error


def limit_mib(disk: Path, wished_mib: int) -> int:
    """How far it may grow: as far as is wished, or as it already may."""
    try:
        return max(disk.stat().st_size >> 20, wished_mib)
    except FileNotFoundError:
        return wished_mib


def free_mib(disk: Path) -> int:
    return shutil.disk_usage(_file(disk).parent).free >> 20


def _file(disk: Path) -> Path:
    return Path(os.path.realpath(disk))


def used_mib(disk: Path) -> int:
    """What the host has really given to the file."""
    try:
        return disk.stat().st_blocks * 512 >> 20
    except FileNotFoundError:
        return 0
