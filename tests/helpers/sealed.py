"""A supervisor, and with it its QEMU, in namespaces of its own: with nothing but its own loopback, or on a disk that is
small."""

from __future__ import annotations

import contextlib
import functools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from desktop.core.paths import Home, MachineFiles, private_folder

from .busybox_image import BUSYBOX

_ROOT = Path(__file__).resolve().parents[2]
# An ordinary user may do this inside a user namespace only, as that one's root.
_OWN = ("unshare",) if os.getuid() == 0 else ("unshare", "--map-root-user")
UNSHARE = (*_OWN, "--net")
_MOUNTING = (*_OWN, "--mount", "sh", "-ec", 'mount -t tmpfs -o size=$1,mode=700 tmpfs "$2"; shift 2; exec "$@"', "sh")


@functools.cache
def can_seal() -> bool:
    """Some systems keep user namespaces from ordinary users."""
    return subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode == 0


@functools.cache
def can_mount() -> bool:
    """In a mount namespace, which the same systems keep from them."""
    return subprocess.run([*_MOUNTING, "1m", "/mnt", "true"], stderr=subprocess.DEVNULL).returncode == 0


@contextlib.contextmanager
def on_a_small_disk(files: MachineFiles, size_mib: int) -> Iterator[MachineFiles]:
    """The machine's folder is a small file system, in which its configuration is, and a supervisor lives on it. What
    comes back are the files as they are seen from outside. The supervisor must have been ended when this is left."""
    outside = files.home.base / "machine.toml"
    files.config.rename(outside)
    script = 'cp "$1" "$2"; shift 2; exec "$@"'
    supervisor = (sys.executable, "-m", "desktop.supervisor", "--home", files.home.base, "--machine", files.name)
    process = subprocess.Popen(
        [*_MOUNTING, f"{size_mib}m", files.folder, "sh", "-ec", script, "sh", outside, files.config, *supervisor],
        stdin=subprocess.DEVNULL, cwd="/", env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )  # fmt: skip
    try:
        yield Home(Path(f"/proc/{process.pid}/root{files.home.base}")).machine(files.name)
        process.wait(240)
    finally:
        process.kill()
        process.wait()


def is_sealed(pid: int) -> bool:
    return os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")


def launch_sealed(files: MachineFiles, resolver: Path | None = None) -> None:
    """Returns when the supervisor holds its lock. It finds `resolver` as /etc/resolv.conf, where it `can_mount`."""
    for folder in (files.home.base, files.folder, files.sockets, files.logs):
        private_folder(folder)
    supervisor = (sys.executable, "-m", "desktop.supervisor", "--detach")
    apart, prepare = UNSHARE, f"{BUSYBOX} ip link set lo up"
    if resolver is not None:
        apart, prepare = (*UNSHARE, "--mount"), f'{prepare} && mount --bind "$RESOLVER" /etc/resolv.conf'
    files.supervisor_log.touch(mode=0o600)
    with files.supervisor_log.open("ab") as log:
        subprocess.run(
            [
                *apart, BUSYBOX, "sh", "-c", f'{prepare} && exec "$@"', "sh",
                *supervisor, "--home", files.home.base, "--machine", files.name,
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True, cwd="/",
            env={**os.environ, "PYTHONPATH": str(_ROOT), "RESOLVER": str(resolver)},
        )  # fmt: skip
