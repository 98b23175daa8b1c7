"""The room that virtiofsd works in, with a shell in virtiofsd's place."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.machine.share import READY, ROOM
from tests.helpers.sealed import can_seal

pytestmark = pytest.mark.skipif(not can_seal(), reason="this system keeps namespaces from ordinary users")
DENIED = ("unshare", "-Ur", "sh", "-c", 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"', "sh")
"""A host that allows no namespaces."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key").write_text("key")
    (tmp_path / "secret/program").write_text("#!/bin/sh\necho ran; ls -A \"$1\" \"$1/secret\"; shift; echo $*\n")
    (tmp_path / "secret/program").chmod(0o700)
    yield tmp_path


class Room:
    """One that was opened, with us in QEMU's place."""

    def __init__(self, home: Path, kind: str, around: tuple[str, ...] = ()) -> None:
        self.path = home / "s"
        self.watch, other = socket.socketpair()
        with socket.socket(socket.AF_UNIX) as listener, other:
            listener.bind(str(self.path))
            listener.listen(1)
            handed = (listener.fileno(), other.fileno())
            hidden = [str(home / "secret")] if kind == "closed" else []
            command = ["/bin/sh", str(home / "secret/program"), str(home)]
            self.process = subprocess.Popen(
                [*around, sys.executable, "-I", "-S", str(ROOM), *map(str, handed), kind, str(len(hidden)),
                 *hidden, *command],
                pass_fds=handed, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        self.watch.settimeout(20)
        self.said = self.watch.recv(4096).decode()

    def call(self) -> list[str]:
        """What virtiofsd's stand-in printed, once QEMU's had come."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.path))
            return self.process.communicate(timeout=20)[0].splitlines()

    def close(self) -> None:
        self.watch.close()
        self.process.communicate(timeout=20)


def test_what_is_hidden_looks_empty_and_the_program_in_it_runs_all_the_same(home: Path) -> None:
    room = Room(home, "closed")
    assert room.said == READY
    ran, *listed, options = room.call()
    assert ran == "ran" and "key" not in listed and "secret" in listed
    assert "--sandbox=chroot" in options and "--translate-uid=squash-guest:0:0:" in options
    room.close()


def test_it_ends_when_nobody_is_going_to_call(home: Path) -> None:
    room = Room(home, "closed")
    room.close()
    assert room.process.returncode == 0


def test_a_host_that_allows_no_namespaces_is_told_and_gets_an_open_room(home: Path) -> None:
    room = Room(home, "closed", DENIED)
    assert "namespaces" in room.said
    room.close()
    (home / "s").unlink()
    room = Room(home, "open", DENIED)
    assert room.said == READY
    assert "--translate-uid=squash-guest:0:0:" in room.call()[-1]
    room.close()
