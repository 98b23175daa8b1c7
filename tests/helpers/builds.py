"""Makes a version of the runtime or the guest out of a few bytes, with a true manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from desktop.machine.image.manifest import FORMAT, NAME, Manifest, record_files


def make_build(folder: Path, files: dict[str, bytes] | None = None, **changes: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (files or {"kernel": b"kernel"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    described = {
        "format": FORMAT, "kind": "guest", "version": folder.name, "architecture": "amd64", "recipe": "",
        "built_at": "2026-01-01T00:00:00+00:00", "facts": {}, "suites": [], "packages": [],
        "files": record_files(folder),
    }  # fmt: skip
    manifest = Manifest(**{**described, **changes})
    (folder / NAME).write_bytes(msgspec.json.encode(manifest))
    return folder
