"""Writes the guest's initrd: a cpio archive that belongs to root, whoever makes it."""

from __future__ import annotations

import stat
from pathlib import Path


class Archive:
    """A cpio archive in the kernel's "newc" form, uncompressed: unpacking costs an emulated guest time."""

    def __init__(self) -> None:
        self._entries: list[bytes] = []

    def folder(self, name: str) -> None:
        self._add(name, stat.S_IFDIR | 0o755, b"")

    def file(self, name: str, data: bytes, mode: int = 0o644) -> None:
        self._add(name, stat.S_IFREG | mode, data)

    def link(self, name: str, target: str) -> None:
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def console(self, name: str = "dev/console") -> None:
        """The device that the kernel gives to the first program, before /dev is mounted."""
        self._add(name, stat.S_IFCHR | 0o600, b"", device=(5, 1))

    def write(self, target: Path) -> None:
        end = self._entry(0, "TRAILER!!!", 0, b"", (0, 0))
        target.write_bytes(b"".join([*self._entries, end]))

    def _add(self, name: str, mode: int, data: bytes, device: tuple[int, int] = (0, 0)) -> None:
        self._entries.append(self._entry(len(self._entries) + 1, name, mode, data, device))

    @staticmethod
    def _entry(inode: int, name: str, mode: int, data: bytes, device: tuple[int, int]) -> bytes:
        encoded = name.encode() + b"\0"
        fields = (inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(encoded), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + encoded
        return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
