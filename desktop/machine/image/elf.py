"""Reads from ELF files what a build needs: the libraries of a program, the needs of a kernel module."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

PT_LOAD, PT_DYNAMIC = 1, 2
DT_NEEDED, DT_STRTAB = 1, 5


@dataclass(frozen=True)
class Segment:
    kind: int
    offset: int
    address: int
    size: int


def is_elf(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def is_program(file: Path) -> bool:
    """Whether a file can be run, by what is in it: an ELF file of any kind, or a script."""
    with file.open("rb") as stream:
        return stream.read(4).startswith((b"\x7fELF", b"#!"))


def needed_libraries(file: Path) -> list[str]:
    """The libraries that the program or library `file` is linked with; none for a static one."""
    data = file.read_bytes()
    segments = _segments(data)
    dynamic = next((segment for segment in segments if segment.kind == PT_DYNAMIC), None)
    if dynamic is None:
        return []
    table = data[dynamic.offset : dynamic.offset + dynamic.size]
    entries = list(struct.iter_unpack("<qQ", table[: len(table) // 16 * 16]))
    names = next((_file_offset(segments, value) for tag, value in entries if tag == DT_STRTAB), 0)
    return [_text(data, names + value) for tag, value in entries if tag == DT_NEEDED]


def module_info(data: bytes) -> dict[str, list[str]]:
    """The .modinfo of a kernel module: each key with its values."""
    found: dict[str, list[str]] = {}
    for entry in _section(data, ".modinfo").split(b"\0"):
        key, separator, value = entry.decode("utf-8", "replace").partition("=")
        if separator:
            found.setdefault(key, []).append(value)
    return found


def _segments(data: bytes) -> list[Segment]:
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not a 64-bit little-endian ELF file")
    (start,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    segments = []
    for index in range(count):
        kind, _, offset, address, _, length = struct.unpack_from("<IIQQQQ", data, start + index * size)
        segments.append(Segment(kind, offset, address, length))
    return segments


def _file_offset(segments: list[Segment], address: int) -> int:
    for segment in segments:
        if segment.kind == PT_LOAD and segment.address <= address < segment.address + segment.size:
            return segment.offset + address - segment.address
    raise ValueError(f"no segment holds address {address:#x}")


def _section(data: bytes, wanted: str) -> bytes:
    (start,) = struct.unpack_from("<Q", data, 40)
    size, count, names_index = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQ", data, start + index * size) for index in range(count)]
    names = headers[names_index][4]
    for name, _, _, _, offset, length in headers:
        if _text(data, names + name) == wanted:
            return data[offset : offset + length]
    return b""


def _text(data: bytes, offset: int) -> str:
    return data[offset : data.index(b"\0", offset)].decode()
