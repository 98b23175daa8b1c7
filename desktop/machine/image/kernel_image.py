"""Unpacks an x86 kernel: an emulated machine takes over a second to do so at each boot."""

from __future__ import annotations

import gzip
import lzma
import shutil
import struct
from pathlib import Path

from desktop.machine.threads import finish

from .tools import Tool, run

_ZSTD, _GZIP, _XZ = b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"\xfd7zXZ"


async def unpack(kernel: Path, target: Path) -> bool:
    """Writes the ELF kernel inside the bzImage `kernel` to `target`; False where there is none to be had."""
    packed = target.with_suffix(".packed")
    packing = await finish(_take_out, kernel, packed)
    if packing == _ZSTD:
        await run(Tool("zstd", "unpacking the kernel"), ["-dqf", str(packed), "-o", str(target)])
    elif packing:
        await finish(_unpack, packed, target, packing)
    await finish(packed.unlink)
    return bool(packing)


def _take_out(kernel: Path, packed: Path) -> bytes:
    """Writes what is packed in `kernel` to `packed`, and returns how: by which bytes it begins."""
    payload = packed_payload(kernel.read_bytes())
    packed.write_bytes(payload)
    return next((packing for packing in (_ZSTD, _GZIP, _XZ) if payload.startswith(packing)), b"")


def _unpack(packed: Path, target: Path, packing: bytes) -> None:
    with lzma.open(packed) if packing == _XZ else gzip.open(packed) as source, target.open("wb") as out:
        shutil.copyfileobj(source, out)


def packed_payload(image: bytes) -> bytes:
    """The packed kernel in a bzImage, as its boot protocol (2.08 and newer) tells; empty in anything else."""
    if image[0x202:0x206] != b"HdrS" or struct.unpack_from("<H", image, 0x206)[0] < 0x208:
        return b""
    setup_sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    return image[start : start + length - 4]  # the last four bytes are the unpacked size
