"""An image that runs Debian's own registry, as the host's package has it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from .busybox_image import busybox_tar

PORT, CLOSED_PORT = 5000, 5002
WORDS = ("docker-registry", "serve", "/registry.yml")
CLOSED_WORDS = ("docker-registry", "serve", "/closed.yml")
"""One that lets in USER alone."""
USER, PASSWORD = "tester", "let me in"
_CONFIG = """version: 0.1
storage:
  filesystem:
    rootdirectory: /registry
http:
  addr: 127.0.0.1:%d
"""
_FILES = {
    "registry.yml": _CONFIG % PORT,
    "closed.yml": _CONFIG % CLOSED_PORT + "auth:\n  htpasswd:\n    realm: tests\n    path: /htpasswd\n",
    "htpasswd": f"{USER}:$2b$04$7pDiU689Wk3Jl7ZcG8PgeeuS17.eAk.TgfJ03gd29iiYZnPRr8TVK\n",  # PASSWORD by bcrypt
}


def registry_tar(folder: Path) -> bytes:
    """`folder` is for files of ours."""
    found = shutil.which("docker-registry")
    assert found is not None, "the package docker-registry is missing: see packaging/debian-packages-test.txt"
    for name, text in _FILES.items():
        (folder / name).write_text(text)
    linked = subprocess.run(("ldd", found), capture_output=True, text=True, check=True).stdout
    libraries = {path.lstrip("/"): Path(path) for path in re.findall(r"(/\S+) \(", linked)}
    return busybox_tar({"bin/docker-registry": Path(found), **{name: folder / name for name in _FILES}, **libraries})
