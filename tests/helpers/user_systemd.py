"""A systemd of a user's session, real, in namespaces of its own: what it starts is its own and ends with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

_SYSTEMD = Path("/usr/lib/systemd/systemd")
_CGROUPS = Path("/sys/fs/cgroup")
# The two that a session's manager uses on a host that has both kinds; one that has the second only has it one up.
_HYBRID = (_CGROUPS / "systemd", _CGROUPS / "unified")
_PURE = (_CGROUPS,)
_GROUP = "session-of-tests"
_JOIN = 'for g in $GROUPS_OF_TESTS; do echo $$ >$g/cgroup.procs; done; exec "$@"'
_BEGIN = """
umount -R /sys/fs/cgroup
if [ -n "$HYBRID" ]; then
    mount -t tmpfs none /sys/fs/cgroup && mkdir /sys/fs/cgroup/systemd /sys/fs/cgroup/unified
    mount -t cgroup -o none,name=systemd none /sys/fs/cgroup/systemd
    mount -t cgroup2 none /sys/fs/cgroup/unified
else
    mount -t cgroup2 none /sys/fs/cgroup
fi
mount -t tmpfs none /run && mkdir -p /run/systemd/system # which says that systemd is here
exec /usr/lib/systemd/systemd --user --log-target=null
"""
_DEADLINE_S = 120.0


def can_have_one() -> bool:
    tools = ("systemd-run", "dbus-daemon", "unshare")
    return os.getuid() == 0 and _SYSTEMD.exists() and all(map(shutil.which, tools)) and bool(_hierarchies())


def _hierarchies() -> tuple[Path, ...]:
    for found in (_HYBRID, _PURE):
        if all((folder / "cgroup.procs").exists() and os.access(folder, os.W_OK) for folder in found):
            return found
    return ()


@contextlib.contextmanager
def user_systemd(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The manager, which listens in `folder`/run as in a XDG_RUNTIME_DIR."""
    for name in ("run", "units"):
        (folder / name).mkdir(mode=0o700)
    (folder / "units/default.target").write_text("[Unit]\nDescription=A session of tests\nWants=dbus.socket\n")
    groups = [hierarchy / f"{_GROUP}-{os.getpid()}" for hierarchy in _hierarchies()]
    for group in groups:
        group.mkdir()
    environment = {
        **os.environ, "XDG_RUNTIME_DIR": str(folder / "run"), "HOME": str(folder),
        "SYSTEMD_UNIT_PATH": f"{folder}/units:/usr/lib/systemd/user",
        "GROUPS_OF_TESTS": " ".join(map(str, groups)), "HYBRID": "yes" if len(groups) > 1 else "",
    }  # fmt: skip
    apart = ("unshare", "--cgroup", "--mount")
    session = subprocess.Popen(
        ["sh", "-c", _JOIN, "sh", *apart, "sh", "-c", _BEGIN], env=environment, stdin=subprocess.DEVNULL, cwd="/"
    )
    try:
        _wait_until_it_answers(environment)
        yield session
    finally:
        for group in groups:
            _end_all(group)
        session.wait()
        for group in groups:
            _remove(group)


def _wait_until_it_answers(environment: Mapping[str, str]) -> None:
    """Its bus is there before it is on it."""
    deadline = time.monotonic() + _DEADLINE_S
    words = ["systemd-run", "--user", "--quiet", "--collect", "true"]
    while subprocess.run(words, env=environment, stderr=subprocess.DEVNULL).returncode:
        assert time.monotonic() < deadline, "no systemd answers"
        time.sleep(0.05)


def _end_all(group: Path) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while pids := [pid for file in group.rglob("cgroup.procs") for pid in file.read_text().split()]:
        assert time.monotonic() < deadline, f"in {group} are {pids}"
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        time.sleep(0.02)


def _remove(group: Path) -> None:
    """What was in it may need a moment to be gone."""
    deadline = time.monotonic() + _DEADLINE_S
    for folder in [*sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True), group]:
        while folder.exists():
            try:
                folder.rmdir()
            except OSError:
                assert time.monotonic() < deadline, f"{folder} is in use"
                time.sleep(0.02)
