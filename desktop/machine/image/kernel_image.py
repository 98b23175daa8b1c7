"""Unpacks an x86 kernel: an emulated machine takes over a second to do so at each boot."""

from __future__ import annotations

import gzip
import lzma
import struct
from pathlib import Path

from .tools import Tool, run

_ZSTD, _GZIP, _XZ = b"\x28\xb5\x2f\xfd", b"\x1f\x8b", b"\xfd7zXZ"


async def unpack(kernel: Path, target: Path) -> bool:
    """Writes the ELF kernel inside the bzImage `kernel` to `target`; False where there is none to be had."""
    payload = packed_payload(kernel.read_bytes())
    if payload.startswith(_ZSTD):
        packed = target.with_suffix(".zst")
        packed.write_bytes(payload)
        await run(Tool("zstd", "unpacking the kernel"), ["-dqf", "--rm", str(packed), "-o", str(target)])
    elif payload.startswith(_GZIP):
        target.write_bytes(gzip.decompress(payload))
    elif payload.startswith(_XZ):
        target.write_bytes(lzma.decompress(payload))
    else:
        return False
    with target.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def packed_payload(image: bytes) -> bytes:
    """The packed kernel in a bzImage, as its boot protocol (2.08 and newer) tells; empty in anything else."""
    if image[0x202:0x206] != b"HdrS" or struct.unpack_from("<H", image, 0x206)[0] < 0x208:
        return b""
    setup_sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (setup_sectors + 1) * 512 + offset
    return image[start : start + length - 4]  # the last four bytes are the unpacked size
