"""What a build reads from ELF files."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine.image import elf
from desktop.machine.image.collect import Collector
from tests.helpers.elf_files import module

PYTHON = Path(sys.executable).resolve()


def test_a_real_program_names_its_libraries() -> None:
    needed = elf.needed_libraries(PYTHON)
    assert "libc.so.6" in needed
    assert all(re.fullmatch(r"[\w.+-]+\.so[.\w]*", name) for name in needed)


def test_what_is_no_elf_file_is_not_taken_for_one(tmp_path: Path) -> None:
    (tmp_path / "script").write_text("#!/bin/sh\n")
    (tmp_path / "short").write_bytes(b"\x7f")
    assert not elf.is_elf(tmp_path / "script") and elf.is_program(tmp_path / "script")
    assert not elf.is_elf(tmp_path / "short") and not elf.is_program(tmp_path / "short")
    assert elf.is_elf(PYTHON) and elf.is_program(PYTHON)


def test_a_modules_needs_are_read() -> None:
    info = elf.module_info(module(depends=["a", "b_c"], aliases=["fs-x", "pci:v*"]))
    assert info["depends"] == ["a,b_c"]
    assert info["alias"] == ["fs-x", "pci:v*"]


def test_libraries_are_followed_to_the_last_and_a_missing_one_is_named(tmp_path: Path) -> None:
    """A tree with the real C library and a real program, but not all that the program needs."""
    folder = tmp_path / "usr/lib/triplet"
    folder.mkdir(parents=True)
    needed = elf.needed_libraries(PYTHON)
    for name in needed[1:]:
        (folder / name).write_bytes(b"not elf")
    with pytest.raises(ImageError, match=needed[0]):
        Collector(tmp_path, "triplet").libraries([PYTHON])
