"""A guest's memory, held apart from the hypervisor: it outlives QEMU, and is settled on disk at leisure.

It is a memfd, so no file system's room limits it, nothing is left behind, and nobody else can open it. QEMU maps it
through /proc/self/fd; a supervisor that adopts a VM finds it among QEMU's descriptors.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from desktop.core.errors import MachineError

from .threads import Stop

IS_POSSIBLE = sys.platform == "linux"
NAME = "moorage-ram"
PIECE_BYTES = 16 << 20  # what has a checksum of its own
NOT_THERE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)  # all else a disk may get over
BLOCK_BYTES = 1 << 20  # what is copied at once, and stays in the processor's cache


class Extent(msgspec.Struct, frozen=True, array_like=True):
    """A piece of memory that holds something; what lies between pieces is zeros."""

    begin: int
    length: int
    sha256: str


class Unusable(MachineError):
    """A saved state that no machine can go on from, now or later."""


def create(mib: int) -> int:
    """A new, empty memory of a guest: its descriptor."""
    descriptor = os.memfd_create(NAME, os.MFD_CLOEXEC)
    os.ftruncate(descriptor, mib << 20)
    return descriptor


def find(pid: int) -> int | None:
    """The memory of a hypervisor that runs, opened again; None where it has none of ours."""
    folder = Path(f"/proc/{pid}/fd")
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    for name in names:
        try:
            if os.readlink(folder / name).startswith(f"/memfd:{NAME}"):
                return os.open(folder / name, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            continue
    return None


def copy_out(memory: int, file: Path, stop: Stop) -> list[Extent]:
    """Writes what the memory holds into a new sparse file, on disk when this returns."""
    found = []
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.ftruncate(target, os.fstat(memory).st_size)
        buffer = _room_for_a_block()
        for begin, length in _pieces(memory):
            stop.check()
            found.append(Extent(begin, length, _copy(memory, target, begin, length, buffer)))
        os.fsync(target)
    finally:
        os.close(target)
    return found


def copy_in(file: Path, memory: int, extents: list[Extent], stop: Stop) -> None:
    """Fills an empty memory from a file; Unusable where that is not what was written, and so the memory neither."""
    try:
        source = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except NOT_THERE as error:
        raise Unusable("The saved memory is damaged", str(error)) from error
    try:
        if os.fstat(source).st_size != os.fstat(memory).st_size:
            raise Unusable("The saved memory is damaged", f"{file} has another size")
        buffer = _room_for_a_block()
        for extent in extents:
            stop.check()
            if _copy(source, memory, extent.begin, extent.length, buffer) != extent.sha256:
                raise Unusable("The saved memory is damaged", f"{file} differs at {extent.begin}")
    finally:
        os.close(source)


def _copy(source: int, target: int, begin: int, length: int, buffer: memoryview) -> str:
    """The checksum of what was copied."""
    digest = hashlib.sha256()
    end = begin + length
    for at in range(begin, end, BLOCK_BYTES):
        block = buffer[: end - at]
        _read_whole(source, block, at)
        digest.update(block)
        _write_whole(target, block, at)
    return digest.hexdigest()


def _room_for_a_block() -> memoryview:
    """Pages of its own, which go back at once: what malloc once gave a thread of this size, it keeps."""
    return memoryview(mmap.mmap(-1, BLOCK_BYTES))


def _pieces(memory: int) -> Iterator[tuple[int, int]]:
    """Where the memory holds something, in pieces of at most PIECE_BYTES."""
    end, size = 0, os.fstat(memory).st_size
    while end < size:
        try:
            begin = os.lseek(memory, end, os.SEEK_DATA)
        except OSError:  # ENXIO: zeros up to the end
            return
        end = os.lseek(memory, begin, os.SEEK_HOLE)
        for start in range(begin, end, PIECE_BYTES):
            yield start, min(PIECE_BYTES, end - start)


def _read_whole(descriptor: int, into: memoryview, begin: int) -> None:
    done = 0
    while done < len(into):
        count = os.preadv(descriptor, [into[done:]], begin + done)
        if count == 0:
            raise Unusable("The saved memory is damaged", "it ends early")
        done += count


def _write_whole(descriptor: int, data: memoryview, begin: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], begin + done)
