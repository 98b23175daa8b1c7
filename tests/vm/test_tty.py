"""The classic way at a real machine: GNU screen on its tty, left by C-a d and by C-a k, again and again, and others."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.helpers.guest import DEADLINE_S, Guest, wait_for
from tests.helpers.terminal_program import TerminalProgram

pytestmark = pytest.mark.vm

LINE = "0123456789 the quick brown fox jumps over the lazy dog ÄÖÜ 中文"


class Desk:
    """Where somebody sits who attaches to the console."""

    def __init__(self, folder: Path) -> None:
        self._sessions = folder / "sessions"
        self._sessions.mkdir(mode=0o700)
        self._environment = {
            **os.environ, "TERM": "xterm", "HOME": str(folder), "SCREENDIR": str(self._sessions), "LC_ALL": "C.UTF-8",
        }  # fmt: skip

    @contextmanager
    def at(self, *words: str | Path) -> Iterator[TerminalProgram]:
        with TerminalProgram(list(words), self._environment) as program:
            yield program

    def screens(self) -> list[int]:
        """The pids of sessions, attached and detached."""
        return [int(socket.name.partition(".")[0]) for socket in self._sessions.iterdir()]

    def leave(self) -> None:
        for pid in self.screens():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.leave()


def says_back(program: TerminalProgram, number: int) -> None:
    """The guest's shell answers what is typed, whole and once. Some drop what is typed before they are ready."""
    deadline = time.monotonic() + DEADLINE_S
    while not program.prints("# ", 1):
        assert time.monotonic() < deadline, program.unread
        program.type("\r")
    program.type(f"echo said-$((1000 + {number}))\r")
    assert program.prints(rf"\nsaid-{1000 + number}\r", DEADLINE_S), program.unread
    assert program.prints(r"# ", DEADLINE_S), program.unread


async def is_whole(running: Guest) -> None:
    """The shell takes and prints a long line with letters of many bytes; its tty is as a shell has it."""
    assert LINE in await running.shell(f"echo '{LINE}'")
    assert {"icrnl", "isig", "onlcr", "opost"} <= set(re.split(r"[\s;]+", await running.shell("stty -a")))


async def test_screen_detached_and_killed_twice_garbles_nothing(running: Guest, desk: Desk) -> None:
    tty = running.files.tty
    for number in range(2):
        with desk.at("screen", "-c", "/dev/null", "-S", f"seat{number}", tty) as seat:
            says_back(seat, number)
            seat.type("\x01d")
            assert seat.prints(r"\[detached", DEADLINE_S)
            assert seat.wait() == 0
        await is_whole(running)  # while a screen that nobody looks at still holds the line
        with desk.at("screen", "-r", f"seat{number}") as seat:
            says_back(seat, 10 + number)
            seat.type("\x01k")
            assert seat.prints(r"Really kill this window \[y/n\]", DEADLINE_S)
            seat.type("y")
            assert seat.prints(r"\[screen is terminating\]", DEADLINE_S)
            assert seat.wait() == 0
        await wait_for(lambda: not desk.screens())
        await is_whole(running)


@pytest.mark.parametrize(
    ("program", "leave"), [("picocom -q {}", "\x01\x18"), ("socat -,raw,echo=0,escape=0x1d {},raw,echo=0", "\x1d")]
)
async def test_others_come_and_go(running: Guest, desk: Desk, program: str, leave: str) -> None:
    for number in range(2):
        with desk.at(*program.format(running.files.tty).split()) as seat:
            says_back(seat, 20 + number)
            seat.type(leave)
            assert seat.wait() == 0
        await is_whole(running)
