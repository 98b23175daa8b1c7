"""The console as a serial line, opened, left, killed and opened again, by one program after another, many times."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio

from desktop.core.paths import Home
from desktop.supervisor.tty import Tty
from tests.helpers.console_rig import until

ROUNDS = 100
PROGRAMS = {
    "screen": ("screen -c /dev/null -S seat {}", b"\x01ky"),
    "picocom": ("picocom -q {}", b"\x01\x18"),
    "minicom": ("minicom -o -D {}", b"\x01x\r"),
    "socat": ("socat -,raw,echo=0 {}", b""),
}
"""How each is started, and the keys by which it lets go of the line; none: it goes when its terminal does."""


class Echo:
    """A guest that sends each byte back, as its own tty does, and never speaks first."""

    def __init__(self, link: Path) -> None:
        self.typed = b""
        self.link = link
        self.tty = Tty(link, self._on_input)

    def _on_input(self, data: bytes) -> None:
        self.typed += data
        self.tty.write(data.replace(b"\r", b"\r\n"))


class Seat:
    """A program on a pty of its own."""

    def __init__(self, master: int, process: asyncio.subprocess.Process) -> None:
        self.master = master
        self.process = process
        self.shown = b""
        asyncio.get_running_loop().add_reader(master, self._read)

    def type(self, data: bytes) -> None:
        os.write(self.master, data)

    def hang_up(self) -> None:
        """As a window that is closed."""
        if self.master >= 0:
            asyncio.get_running_loop().remove_reader(self.master)
            os.close(self.master)
            self.master = -1

    def kill(self) -> None:
        """Not by asyncio's own kill(), which before Python 3.12 may take the exit code from who waits for it."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)

    def _read(self) -> None:
        try:
            self.shown += os.read(self.master, 1 << 16)
        except OSError:
            asyncio.get_running_loop().remove_reader(self.master)


@asynccontextmanager
async def seat(command: str, folder: Path) -> AsyncIterator[Seat]:
    sessions = folder / "sessions"
    sessions.mkdir(mode=0o700, exist_ok=True)
    environment = {**os.environ, "TERM": "xterm", "HOME": str(folder), "SCREENDIR": str(sessions), "LC_ALL": "C.UTF-8"}
    master, slave = os.openpty()
    process = await asyncio.create_subprocess_exec(
        "setsid", "--ctty", *command.split(), stdin=slave, stdout=slave, stderr=slave, env=environment
    )
    os.close(slave)
    opened = Seat(master, process)
    try:
        yield opened
    finally:
        opened.hang_up()
        for socket in sessions.iterdir():  # a screen that detached when its window was closed
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # or one that is just ending
                os.kill(int(socket.name.partition(".")[0]), signal.SIGKILL)
                socket.unlink()
        opened.kill()
        await process.wait()


@pytest_asyncio.fixture
async def echo(home: Home) -> AsyncIterator[Echo]:
    opened = Echo(home.base / "tty")
    opened.tty.open()
    yield opened
    opened.tty.close()


def leave(at: Seat, keys: bytes, how: str) -> None:
    if how == "keys" and keys:
        at.type(keys)
    elif how == "killed":
        at.kill()
    else:
        at.hang_up()


async def test_one_program_after_another(echo: Echo, home: Home) -> None:
    """However the one before ended: what is typed arrives once, is shown once, and nothing else is."""
    chance = random.Random(4)
    said = b""
    for number in range(ROUNDS):
        name = list(PROGRAMS)[number % len(PROGRAMS)]
        command, keys = PROGRAMS[name]
        async with seat(command.format(echo.link), home.base) as at:
            await until(lambda: echo.tty.in_use)
            if name == "minicom":
                await until(lambda at=at: b"Welcome" in at.shown or b"CTRL-A" in at.shown)  # it drops what comes before
            word = b"round-%d-%s" % (number, name.encode())
            count = len(echo.typed)
            await until(lambda at=at, count=count: _is_ready(at, echo, count))  # type: ignore[misc]
            at.type(word + b"\r")
            await until(lambda at=at, word=word: word in at.shown)  # type: ignore[misc]
            said += word + b"\r"
            await until(lambda said=said: echo.typed.replace(b"~", b"") == said)
            assert at.shown.count(word) == 1, name
            leave(at, keys, chance.choice(("keys", "killed", "closed")))
        await until(lambda: not echo.tty.in_use)
    assert echo.typed.replace(b"~", b"") == said


def _is_ready(at: Seat, echo: Echo, count: int) -> bool:
    """A program that has not made its terminal raw yet may drop what is typed: a mark is sent until one arrives."""
    if len(echo.typed) > count:
        return True
    at.type(b"~")
    return False


async def test_a_flood_has_no_gap_and_no_garbage_for_who_reads_it(echo: Echo, home: Home) -> None:
    """Each sees a piece of the stream without a hole, from some byte on to where it is killed."""
    stream = b"".join(b"line %06d of what a busy guest prints\r\n" % number for number in range(40_000))
    endless, at = stream * 2, 0
    for number in range(ROUNDS):
        got = bytearray()
        process = await asyncio.create_subprocess_exec(
            "socat", "-u", f"{echo.link},raw,echo=0", "-", stdout=asyncio.subprocess.PIPE, cwd=home.base
        )
        await until(lambda: echo.tty.in_use)
        assert process.stdout is not None
        while len(got) < 30_000 + 1000 * number:
            echo.tty.write(endless[at : at + 3001])
            at = (at + 3001) % len(stream)
            async with asyncio.timeout(60):
                got += await process.stdout.read(1 << 16)
        os.kill(process.pid, random.Random(number).choice((signal.SIGTERM, signal.SIGKILL)))
        got += await process.stdout.read()
        await process.wait()
        await until(lambda: not echo.tty.in_use)
        assert bytes(got) in endless
    assert echo.typed == b""
