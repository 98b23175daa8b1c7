"""Makes ELF files with just the parts that a build reads."""

from __future__ import annotations

import struct

_HEADER = "<16sHHIQQQIHHHHHH"
_SECTION = "<IIQQQQIIQQ"


def module(depends: list[str] | None = None, aliases: list[str] | None = None, softdep: str = "") -> bytes:
    """A kernel module that is nothing but its .modinfo."""
    entries = [f"depends={','.join(depends or [])}", *(f"alias={alias}" for alias in aliases or [])]
    entries += [f"softdep={softdep}"] if softdep else []
    info = b"".join(entry.encode() + b"\0" for entry in entries)
    names = b"\0.modinfo\0.shstrtab\0"
    start = struct.calcsize(_HEADER)
    sections = [(0, 0, 0), (1, start, len(info)), (10, start + len(info), len(names))]
    table = start + len(info) + len(names)
    header = struct.pack(
        _HEADER, b"\x7fELF\x02\x01\x01".ljust(16, b"\0"), 1, 62, 1, 0, 0, table, 0, start, 0, 0,
        struct.calcsize(_SECTION), len(sections), 2,
    )  # fmt: skip
    rows = [struct.pack(_SECTION, name, 1, 0, 0, at, size, 0, 0, 1, 0) for name, at, size in sections]
    return header + info + names + b"".join(rows)
