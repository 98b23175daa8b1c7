"""A supervisor, and with it its QEMU, in a network namespace that has nothing but its own loopback."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

from desktop.core.paths import MachineFiles, private_folder

from .busybox_image import BUSYBOX

_ROOT = Path(__file__).resolve().parents[2]
# An ordinary user may do this inside a user namespace only, as that one's root.
UNSHARE = ("unshare", "--net") if os.getuid() == 0 else ("unshare", "--map-root-user", "--net")


@functools.cache
def can_seal() -> bool:
    """Some systems keep user namespaces from ordinary users."""
    return subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode == 0


def is_sealed(pid: int) -> bool:
    return os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")


def launch_sealed(files: MachineFiles) -> None:
    """Returns when the supervisor holds its lock."""
    for folder in (files.home.base, files.folder, files.sockets, files.logs):
        private_folder(folder)
    supervisor = (sys.executable, "-m", "desktop.supervisor", "--detach")
    files.supervisor_log.touch(mode=0o600)
    with files.supervisor_log.open("ab") as log:
        subprocess.run(
            [
                *UNSHARE, BUSYBOX, "sh", "-c", f'{BUSYBOX} ip link set lo up && exec "$@"', "sh",
                *supervisor, "--home", files.home.base, "--machine", files.name,
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True, cwd="/",
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )  # fmt: skip
