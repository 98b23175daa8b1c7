"""The initrd is a cpio archive that belongs to root."""

from __future__ import annotations

from pathlib import Path

from desktop.machine.image.initrd import Archive


def entries(data: bytes) -> dict[str, tuple[int, int, bytes]]:
    """Name to mode, owner and content, by the format's own description."""
    found = {}
    at = 0
    while True:
        head = data[at : at + 110]
        assert head[:6] == b"070701"
        fields = [int(head[6 + 8 * index : 14 + 8 * index], 16) for index in range(13)]
        name = data[at + 110 : at + 110 + fields[11] - 1].decode()
        start = (at + 110 + fields[11] + 3) & ~3
        if name == "TRAILER!!!":
            return found
        found[name] = (fields[1], fields[2] + fields[3], data[start : start + fields[6]])
        at = (start + fields[6] + 3) & ~3


def test_what_is_put_in_comes_out(tmp_path: Path) -> None:
    archive = Archive()
    archive.folder("bin")
    archive.file("bin/busybox", b"busybox!!", 0o755)
    archive.link("bin/sh", "busybox")
    archive.console("console")
    archive.write(tmp_path / "initrd")
    assert entries((tmp_path / "initrd").read_bytes()) == {
        "bin": (0o40755, 0, b""),
        "bin/busybox": (0o100755, 0, b"busybox!!"),
        "bin/sh": (0o120777, 0, b"busybox"),
        "console": (0o20600, 0, b""),
    }
