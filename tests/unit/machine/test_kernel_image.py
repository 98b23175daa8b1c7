"""A kernel is unpacked by what its own header says."""

from __future__ import annotations

import gzip
import lzma
import os
import struct
from pathlib import Path

import pytest

from desktop.machine.image.kernel_image import packed_payload, unpack

ELF = b"\x7fELF" + b"kernel" * 1000


def boot_image(payload: bytes, protocol: int = 0x20F) -> bytes:
    """A bzImage: three sectors of set-up, eight bytes of code, the packed kernel with its size, more code."""
    image = bytearray(512 * 3)
    image[0x1F1] = 2
    image[0x202:0x206] = b"HdrS"
    struct.pack_into("<H", image, 0x206, protocol)
    struct.pack_into("<II", image, 0x248, 8, len(payload) + 4)
    return bytes(image) + b"\x90" * 8 + payload + struct.pack("<I", len(ELF)) + b"\x90" * 64


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
async def test_a_packed_kernel_comes_out(tmp_path: Path, pack: object) -> None:
    (tmp_path / "kernel").write_bytes(boot_image(pack(ELF)))  # type: ignore[operator]
    assert await unpack(tmp_path / "kernel", tmp_path / "vmlinux")
    assert (tmp_path / "vmlinux").read_bytes() == ELF
    assert sorted(os.listdir(tmp_path)) == ["kernel", "vmlinux"]


@pytest.mark.parametrize("image", [b"MZ" + b"\0" * 4096, boot_image(b"strange"), boot_image(b"", 0x207)])
async def test_any_other_kernel_stays_as_it_is(tmp_path: Path, image: bytes) -> None:
    (tmp_path / "kernel").write_bytes(image)
    assert not await unpack(tmp_path / "kernel", tmp_path / "vmlinux")
    assert os.listdir(tmp_path) == ["kernel"]


def test_the_size_behind_the_packed_kernel_is_left_out() -> None:
    assert packed_payload(boot_image(b"packed")) == b"packed"
