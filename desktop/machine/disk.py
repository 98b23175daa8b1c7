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

from .record import sync

FIRST_BOOT_MIB = 512  # file system, engine state and a little room; a fresh one takes about 100
LATER_BOOT_MIB = 64
MARK_BYTES = 1 << 20  # the superblock and what the file system knows of its first groups
RESUME_MIB = 256  # room that must be there before a guest that ran out of it goes on
MAGIC_AT, MAGIC = 1080, b"\x53\xef"  # of ext4; mke2fs writes it when all else is on the disk
UNUSED_MIB = 64  # a new file system takes 5, the engine's first files 3, and any image that is of use more than this


def prepare(disk: Path, new: Path, limit_mib: int) -> bool:
    """Makes the disk if there is none, raises its size to the limit; refuses where the host has no room.

    Whether it is new: nothing was ever written to it, so that a file system may be made there. `new` then marks it,
    until `note_use`: where the making of that file system was cut off, the disk is emptied, and new again.
    """
    is_there = disk.exists()
    check_room(disk, LATER_BOOT_MIB if is_there else FIRST_BOOT_MIB)
    try:
        descriptor = os.open(disk, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = max(os.fstat(descriptor).st_size, limit_mib << 20)
            is_new = not is_there or _is_one_hole(descriptor)
            if not is_new and (is_new := _is_half_made(descriptor, new)):
                os.truncate(descriptor, 0)
            if is_new:
                _mark_new(descriptor, new)
            if os.fstat(descriptor).st_size < size:
                os.truncate(descriptor, size)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise MachineError(
            f"The data disk of {limit_mib} MiB cannot be made",
            f"{error.filename if isinstance(error.filename, str) else disk}: {error.strerror}",
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


def _mark_new(descriptor: int, new: Path) -> None:
    """On the disk before anything is written to the one that it marks."""
    new.write_bytes(_which(descriptor))
    sync(new)
    sync(new.parent)


def _is_half_made(descriptor: int, new: Path) -> bool:
    """Whether it is the very file that was marked as new, no engine has used it since, and it holds no file system.

    One that somebody put in its place is another file or, copied into it, larger.
    """
    try:
        is_marked = new.read_bytes() == _which(descriptor)
    except FileNotFoundError:
        return False
    is_unused = os.fstat(descriptor).st_blocks * 512 < UNUSED_MIB << 20
    return is_marked and is_unused and os.pread(descriptor, len(MAGIC), MAGIC_AT) != MAGIC


def _which(descriptor: int) -> bytes:
    return b"inode %d\n" % os.fstat(descriptor).st_ino


def note_use(new: Path) -> None:
    """An engine is about to use the disk: from here on nothing is ever made anew on it."""
    if new.exists():
        new.unlink()
        sync(new.parent)


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


def discard(disk: Path, new: Path) -> None:
    """Deletes it, with all that the engine keeps, and its mark."""
    try:
        note_use(new)
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
