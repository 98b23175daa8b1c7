"""A guest's memory goes to disk and comes back, sparse, whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.machine import ram
from desktop.machine.threads import Stop

MIB = 1 << 20


@pytest.fixture
def memory() -> Iterator[int]:
    made = ram.create(256)
    os.pwrite(made, b"first", 0)
    os.pwrite(made, os.urandom(20 * MIB), 100 * MIB)
    os.pwrite(made, b"last", 256 * MIB - 4)
    yield made
    os.close(made)


def test_memory_comes_back_as_it_was_and_takes_little_room(memory: int, tmp_path: Path) -> None:
    file = tmp_path / "ram"
    extents = ram.copy_out(memory, file, Stop())
    assert file.stat().st_blocks * 512 < 22 * MIB
    assert file.stat().st_mode & 0o777 == 0o600
    back = ram.create(256)
    ram.copy_in(file, back, extents, Stop())
    assert os.fstat(back).st_blocks * 512 < 22 * MIB
    for begin in range(0, 256 * MIB, 32 * MIB):
        assert os.pread(back, 32 * MIB, begin) == os.pread(memory, 32 * MIB, begin)
    os.close(back)


@pytest.mark.parametrize("where", [2, 110 * MIB, 256 * MIB - 1])
def test_a_flipped_byte_is_found(memory: int, tmp_path: Path, where: int) -> None:
    file = tmp_path / "ram"
    extents = ram.copy_out(memory, file, Stop())
    with file.open("r+b") as stream:
        stream.seek(where)
        byte = stream.read(1)
        stream.seek(where)
        stream.write(bytes([byte[0] ^ 1]))
    back = ram.create(256)
    with pytest.raises(MachineError, match="damaged"):
        ram.copy_in(file, back, extents, Stop())
    os.close(back)


def test_a_file_cut_short_is_found(memory: int, tmp_path: Path) -> None:
    file = tmp_path / "ram"
    extents = ram.copy_out(memory, file, Stop())
    os.truncate(file, 255 * MIB)
    with pytest.raises(MachineError, match="another size"):
        ram.copy_in(file, memory, extents, Stop())


def test_memory_of_a_process_that_runs_is_found_again(memory: int) -> None:
    found = ram.find(os.getpid())
    assert found is not None and os.pread(found, 5, 0) == b"first"
    os.close(found)
    assert ram.find(os.getppid()) is None
