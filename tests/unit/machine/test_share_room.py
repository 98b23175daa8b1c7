"""The room that virtiofsd works in, with a shell in virtiofsd's place."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.machine.share import READY, ROOM
from tests.helpers.sealed import can_seal
from tests.helpers.spare_ids import spare_ids

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

    def __init__(
        self, home: Path, kind: str, around: tuple[str, ...] = (), pinned: tuple[str, ...] = (),
        program: str = "secret/program", hidden: tuple[str, ...] = ("secret",),
    ) -> None:
        self.path = home / "s"
        self.watch, other = socket.socketpair()
        with socket.socket(socket.AF_UNIX) as listener, other:
            listener.bind(str(self.path))
            listener.listen(1)
            handed = (listener.fileno(), other.fileno())
            if kind == "open":
                hidden = ()
            counted = [(str(len(entries)), *(f"{home}/{entry}" for entry in entries)) for entries in (pinned, hidden)]
            kept = [word for words in counted for word in words]
            command = ["/bin/sh", str(home / program), str(home)]
            self.process = subprocess.Popen(
                [*around, sys.executable, "-I", "-S", str(ROOM), *map(str, handed), kind, *kept, *command],
                pass_fds=handed, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        self.watch.settimeout(60)
        self.said = self.watch.recv(4096).decode()

    def call(self) -> list[str]:
        """What virtiofsd's stand-in printed, once QEMU's had come."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.path))
            return self.process.communicate(timeout=60)[0].splitlines()

    @contextlib.contextmanager
    def called(self) -> Iterator[Callable[[], list[str]]]:
        """What the stand-in answers to a line, up to `end`."""
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.path))
            assert self.process.stdin is not None and self.process.stdout is not None
            said, asked = self.process.stdout, self.process.stdin
            assert said.readline() == "ready\n"

            def ask() -> list[str]:
                asked.write("look\n")
                asked.flush()
                return list(iter(lambda: said.readline().rstrip("\n"), "end"))

            yield ask

    def close(self) -> None:
        self.watch.close()
        self.process.communicate(timeout=60)


def test_what_is_hidden_looks_empty_and_the_program_in_it_runs_all_the_same(home: Path) -> None:
    room = Room(home, "closed")
    assert room.said == READY
    ran, *listed, options = room.call()
    assert ran == "ran" and "key" not in listed and "secret" in listed
    assert "--sandbox=chroot" in options and "--translate-uid=squash-guest:0:0:" in options
    room.close()


def test_what_leads_to_a_hidden_folder_stays_where_it_is(home: Path) -> None:
    for folder in ("way/to", "other"):
        (home / folder).mkdir(parents=True)
    (home / "link").symlink_to("way/to")
    links = "cd $1; rm link; mv -T link x; rm x; ln -sfn other link"
    folders = "mv -T way x; mv -T way/to x; rmdir way/to; rm -r x"
    tries = f"({links}; {folders}; ls; readlink link; touch link/new) 2>/dev/null\n"
    (home / "secret/program").write_text(f"#!/bin/sh\n{tries}")
    room = Room(home, "closed", pinned=("link", "way", "way/to"))
    assert room.said == READY
    assert room.call() == ["link", "other", "s", "secret", "way", "way/to"]
    assert (home / "way/to/new").exists()  # it is only kept in its place
    room.close()


def test_what_takes_the_place_of_a_hidden_folder_is_hidden_too(home: Path) -> None:
    """It was the host's own doing: in its namespace nothing is mounted there."""
    (home / "way/to").mkdir(parents=True)
    watch = "echo ready; while read line; do cd $1; ls -A secret way/to; echo end; done"
    (home / "secret/program").write_text(f"#!/bin/sh\n{watch}\n")
    room = Room(home, "closed", pinned=("way",), hidden=("secret", "way/to"))
    with room.called() as ask:
        assert ask() == ["secret:", "", "way/to:"]
        for number in range(3):
            (home / "secret").rename(home / f"old{number}")
            (home / "secret").mkdir()
            (home / "secret/new").write_text("new")
            (home / "way").rename(home / f"older{number}")
            (home / "way/to").mkdir(parents=True)
            (home / "way/to/new").write_text("new")
            deadline = time.monotonic() + 60
            while ask() != ["secret:", "", "way/to:"] and time.monotonic() < deadline:
                pass
            assert ask() == ["secret:", "", "way/to:"]
    room.close()


def test_a_folder_that_is_a_link_by_now_is_not_hidden_in_its_place(home: Path) -> None:
    (home / "secret").rename(home / "moved")
    (home / "secret").symlink_to("moved")
    room = Room(home, "closed")
    assert "secret" in room.said and room.said != READY
    room.close()


@pytest.mark.parametrize("way", ["secret/out/program", "in/out/program", "in/program"])
def test_the_program_runs_where_links_lead_through_what_is_hidden(home: Path, way: str) -> None:
    (home / "real").mkdir()
    (home / "secret/program").rename(home / "real/program")
    (home / "secret/out").symlink_to("../real")
    (home / "secret/program").symlink_to("out/program")
    (home / "in").symlink_to("secret")
    room = Room(home, "closed", program=way)
    assert room.call()[0] == "ran"
    room.close()


def test_it_ends_when_nobody_is_going_to_call(home: Path) -> None:
    room = Room(home, "closed")
    room.close()
    assert room.process.returncode == 0


def test_a_host_that_allows_no_namespaces_is_told_and_gets_an_open_room(home: Path) -> None:
    room = Room(home, "closed", DENIED)
    assert room.said == "namespaces: No space left on device"
    room.close()
    (home / "s").unlink()
    room = Room(home, "open", DENIED)
    assert room.said == READY
    assert "--translate-uid=squash-guest:0:0:" in room.call()[-1]
    room.close()


@pytest.mark.skipif(spare_ids() is None, reason="this host gives its user no ids to spare")
def test_ids_that_the_host_gives_to_spare_are_others_in_the_room(home: Path) -> None:
    (home / "secret/program").write_text("#!/bin/sh\ncd $1; touch own other; chown 999:33 other; shift; echo $*\n")
    room = Room(home, "peopled")
    assert room.said == READY
    options = room.call()[-1]
    first_user, first_group = spare_ids() or (0, 0)
    own, other = (home / "own").stat(), (home / "other").stat()
    assert (own.st_uid, own.st_gid) == (os.getuid(), os.getgid())
    assert (other.st_uid, other.st_gid) == (first_user + 998, first_group + 32)
    assert f"--translate-uid=squash-guest:{os.getuid()}:0:1" in options and "squash-guest:65537:0:" in options
    room.close()


def test_a_host_that_gives_no_ids_to_spare_leaves_the_user_alone_in_the_room(home: Path) -> None:
    (home / "secret/program").write_text("#!/bin/sh\ncd $1; chown 999 . || echo refused; shift; echo $*\n")
    room = Room(home, "peopled", ("env", "PATH=/nowhere"))
    assert room.said == READY
    refused, options = room.call()
    assert refused == "refused" and "--translate-uid=squash-guest:1:0:4294967294" in options
    room.close()
