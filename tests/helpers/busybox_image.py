"""An image for containers in tests: Debian's static busybox and nothing else, as `docker import` takes it."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

BUSYBOX = Path("/bin/busybox")
IMAGE = "busybox-of-tests"


def busybox_tar(files: Mapping[str, Path] | None = None) -> bytes:
    """busybox under each of its names, the folders and accounts that a shell expects, and `files` by their names."""
    names = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for folder in ("bin", "tmp", "etc", "root"):
            _add(archive, folder, tarfile.DIRTYPE, mode=0o1777 if folder == "tmp" else 0o755)
        for file, text in (("etc/passwd", "root:x:0:0::/root:/bin/sh\n"), ("etc/group", "root:x:0:\n")):
            _add(archive, file, tarfile.REGTYPE, text.encode())
        _add(archive, "bin/busybox", tarfile.REGTYPE, BUSYBOX.read_bytes(), 0o755)
        for name in names:
            if name != "busybox":
                _add(archive, f"bin/{name}", tarfile.SYMTYPE, link="busybox")
        for name, file in (files or {}).items():
            archive.add(file.resolve(), name)
    return buffer.getvalue()


def _add(
    archive: tarfile.TarFile, name: str, kind: bytes, content: bytes = b"", mode: int = 0o644, link: str = ""
) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.linkname, entry.size = kind, mode, link, len(content)
    archive.addfile(entry, io.BytesIO(content))
