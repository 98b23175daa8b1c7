"""The console as a serial line, driven by the programs that people use on one: screen, socat, picocom, minicom, cat."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import select
import shutil
import signal
import stat
import struct
import sys
import termios
import tty
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from desktop.core.paths import Home
from desktop.supervisor import opens
from desktop.supervisor import tty as line
from desktop.supervisor.tty import Tty
from tests.helpers.console_rig import until

TIOCGEXCL = 0x80045440


class Shell:
    """A guest at the other end: echoes what is typed, as its own tty would, and answers each line."""

    def __init__(self, link: Path) -> None:
        self.typed = b""
        self.lines: list[str] = []
        self.tty = Tty(link, self._on_input)
        self._line = b""

    def _on_input(self, data: bytes) -> None:
        self.typed += data
        for byte in data:
            if byte in b"\r\n":
                self.lines.append(self._line.decode())
                self.tty.write(b"\r\nheard <%s>\r\n# " % self._line)
                self._line = b""
            else:
                self._line += bytes((byte,))
                self.tty.write(bytes((byte,)))


class Screen:
    """GNU screen with sessions of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "sessions").mkdir(mode=0o700)
        (folder / "screenrc").write_text("startup_message off\n")
        self.environment = {**os.environ, "SCREENDIR": str(folder / "sessions"), "TERM": "xterm", "LC_ALL": "C.UTF-8"}

    async def run(self, *words: str) -> int:
        process = await asyncio.create_subprocess_exec(
            "screen", "-c", str(self._folder / "screenrc"), *words,
            env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        return await asyncio.wait_for(process.wait(), 60)

    def pid(self, name: str) -> int | None:
        for socket in (self._folder / "sessions").iterdir():
            number, _, found = socket.name.partition(".")
            if found == name:
                return int(number)
        return None

    async def start(self, name: str, path: Path) -> None:
        """Until it takes commands, which it does a moment after its socket is there."""
        assert await self.run("-dmS", name, str(path)) == 0
        async with asyncio.timeout(60):
            while await self.run("-S", name, "-X", "version"):
                await asyncio.sleep(0.005)

    async def type(self, name: str, text: str) -> None:
        assert await self.run("-S", name, "-p", "0", "-X", "stuff", text) == 0

    async def shown(self, name: str) -> str:
        file = self._folder / "hardcopy"
        file.unlink(missing_ok=True)
        assert await self.run("-S", name, "-p", "0", "-X", "hardcopy", str(file)) == 0
        await until(lambda: file.exists() and file.stat().st_size)
        return file.read_text().strip()

    async def end(self, name: str, how: str) -> None:
        pid = self.pid(name)
        assert pid is not None
        if how == "quit":
            await self.run("-S", name, "-X", "quit")
        elif how == "kill window":
            await self.run("-S", name, "-p", "0", "-X", "kill")
        else:
            os.kill(pid, signal.SIGKILL)
            await until(lambda: _has_ended(pid))
            await self.run("-wipe")
        await until(lambda: self.pid(name) is None)


def _has_ended(pid: int) -> bool:
    """Gone, which it may be at any moment, or a zombie that nobody has asked for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@asynccontextmanager
async def on_a_terminal(command: str, environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program with a terminal of its own, by script(1); what it paints comes on stdout."""
    process = await asyncio.create_subprocess_exec(
        "script", "-qfec", command, "/dev/null", env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it ends at this very moment
                os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


async def read_until(process: asyncio.subprocess.Process, wanted: bytes) -> bytes:
    assert process.stdout is not None
    seen = b""
    async with asyncio.timeout(60):
        while wanted not in seen:
            data = await process.stdout.read(4096)
            assert data, seen
            seen += data
    return seen


def write(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)


@pytest_asyncio.fixture
async def shell(home: Home) -> AsyncIterator[Shell]:
    opened = Shell(home.base / "tty")
    opened.tty.open()
    yield opened
    opened.tty.close()


@pytest.fixture
def screen(home: Home) -> Screen:
    return Screen(home.base)


def path_of(shell: Shell) -> Path:
    return shell.tty._link


def is_clean(shell: Shell) -> bool:
    """Raw, without echo, open to everybody who may, nothing waiting."""
    slave = shell.tty._slave
    flags = termios.tcgetattr(slave)
    is_raw = not flags[3] & (termios.ICANON | termios.ECHO | termios.ISIG) and not flags[1] & termios.OPOST
    is_exclusive = struct.unpack("i", fcntl.ioctl(slave, TIOCGEXCL, bytes(4)))[0]
    waiting = struct.unpack("i", fcntl.ioctl(slave, termios.FIONREAD, bytes(4)))[0]
    return is_raw and not is_exclusive and not waiting


async def test_screen_comes_and_goes_over_and_over(shell: Shell, screen: Screen) -> None:
    """However it ends. Nothing is doubled, nothing of the last session shows, nobody is locked out."""
    ways = ("quit", "kill window", "kill -9")
    for number in range(12):
        name = f"session{number}"
        await screen.start(name, path_of(shell))
        await until(lambda: shell.tty.in_use)
        await screen.type(name, f"hello {number}\\r")
        await until(lambda number=number: shell.lines == [f"hello {count}" for count in range(number + 1)])
        shown = f"hello {number}\nheard <hello {number}>\n#"
        async with asyncio.timeout(60):
            while await screen.shown(name) != shown:
                await asyncio.sleep(0.02)
        await screen.end(name, ways[number % 3])
        await until(lambda: not shell.tty.in_use)
        assert is_clean(shell)


async def test_screen_comes_and_goes_a_hundred_times(shell: Shell, screen: Screen) -> None:
    for number in range(100):
        await screen.start("again", path_of(shell))
        await screen.type("again", f"{number}\\r")
        await until(lambda number=number: shell.lines[number:] == [str(number)])
        await screen.end("again", ("quit", "kill window", "kill -9")[number % 3])
        await until(lambda: not shell.tty.in_use)
    assert is_clean(shell)


async def test_screen_detaches_and_reattaches(shell: Shell, screen: Screen) -> None:
    async with on_a_terminal(f"screen -c /dev/null -S seat {path_of(shell)}", screen.environment) as seat:
        await until(lambda: shell.tty.in_use)
        write(seat, b"first\r")
        await read_until(seat, b"heard <first>")
        write(seat, b"\x01d")
        await read_until(seat, b"detached")
    shell.tty.write(b"\r\nmeanwhile")
    async with on_a_terminal("screen -r seat", screen.environment) as seat:
        seen = await read_until(seat, b"meanwhile")
        assert seen.count(b"heard <first>") == 1
        write(seat, b"\x01k")
        await read_until(seat, b"y/n")
        write(seat, b"y")
        await until(lambda: not shell.tty.in_use)
    assert shell.lines == ["first"]
    assert is_clean(shell)


async def test_screen_has_the_line_to_itself_while_it_is_there(shell: Shell, screen: Screen) -> None:
    """Its exclusive mark is left alone, also when root looks in, whom it does not stop."""
    await screen.start("owner", path_of(shell))
    await until(lambda: shell.tty.in_use)
    await until(lambda: struct.unpack("i", fcntl.ioctl(shell.tty._slave, TIOCGEXCL, bytes(4)))[0])
    try:
        os.close(os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY))
    except OSError:
        assert os.getuid() != 0
    await asyncio.sleep(0.1)
    assert struct.unpack("i", fcntl.ioctl(shell.tty._slave, TIOCGEXCL, bytes(4)))[0]
    assert shell.tty.in_use
    await screen.end("owner", "kill -9")
    await until(lambda: not shell.tty.in_use)
    assert is_clean(shell)


READY = {"picocom": b"Terminal ready", "minicom": b"CTRL-A Z for help"}
"""What a program prints that drops what is typed before it is ready."""


@pytest.mark.parametrize(
    ("program", "leave"),
    [("picocom {}", b"\x01\x18"), ("minicom -o -D {}", b"\x01x\r"), ("socat -,raw,echo=0 {}", b"")],
)
async def test_other_terminals_come_and_go(shell: Shell, home: Home, program: str, leave: bytes) -> None:
    if shutil.which(program.split()[0]) is None:
        pytest.fail(f"{program.split()[0]} is not installed; packaging/test installs it")
    environment = {**os.environ, "TERM": "xterm", "HOME": str(home.base)}
    count = 2 if "minicom" in program else 3  # it takes its time
    for number in range(count):
        async with on_a_terminal(program.format(path_of(shell)), environment) as terminal:
            await until(lambda: shell.tty.in_use)
            if ready := READY.get(program.split()[0]):
                await read_until(terminal, ready)
            write(terminal, b"hello %d\r" % number)
            await read_until(terminal, b"heard <hello %d>" % number)
            if leave and number:
                write(terminal, leave)
                await until(lambda: not shell.tty.in_use)
        await until(lambda: not shell.tty.in_use)
        assert is_clean(shell)
    assert [said.rpartition("hello")[2] for said in shell.lines] == [f" {number}" for number in range(count)]


async def test_a_plain_reader_makes_no_echo_loop(shell: Shell) -> None:
    process = await asyncio.create_subprocess_exec("cat", path_of(shell), stdout=asyncio.subprocess.PIPE)
    await until(lambda: shell.tty.in_use)
    shell.tty.write(b"login: \r\nlogin: \r\n")
    assert process.stdout is not None
    assert await process.stdout.readexactly(18) == b"login: \r\nlogin: \r\n"
    await asyncio.sleep(0.1)
    process.kill()
    await process.wait()
    assert shell.typed == b""


async def test_a_line_from_echo_arrives_and_leaves_nothing_behind(shell: Shell) -> None:
    for number in range(20):
        path_of(shell).write_bytes(b"reboot %d\r" % number)
        await until(lambda number=number: len(shell.lines) == number + 1)
    await until(lambda: not shell.tty.in_use)
    assert shell.lines == [f"reboot {number}" for number in range(20)]
    assert is_clean(shell)


async def test_settings_that_others_leave_behind_are_put_right(shell: Shell) -> None:
    process = await asyncio.create_subprocess_exec("stty", "-F", path_of(shell), "sane")
    await process.wait()
    await until(lambda: is_clean(shell))


async def test_nothing_is_replayed(shell: Shell) -> None:
    shell.tty.write(b"printed while nobody had it open")
    descriptor = os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    await until(lambda: shell.tty.in_use)
    shell.tty.write(b"live")
    await until(lambda: select.select([descriptor], [], [], 0)[0])
    assert os.read(descriptor, 1000) == b"live"
    shell.tty.write(b"unread" * 1000)
    os.close(descriptor)
    await until(lambda: not shell.tty.in_use)
    shell.tty.write(b"and again")
    descriptor = os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    await until(lambda: shell.tty.in_use)
    await asyncio.sleep(0.05)
    with pytest.raises(BlockingIOError):
        os.read(descriptor, 1000)
    os.close(descriptor)
    await until(lambda: not shell.tty.in_use)


async def test_who_reads_gets_every_byte_of_a_flood(shell: Shell) -> None:
    process = await asyncio.create_subprocess_exec("cat", path_of(shell), stdout=asyncio.subprocess.PIPE)
    await until(lambda: shell.tty.in_use)
    sent = b"".join(b"line %d\r\n" % number for number in range(50_000))
    got = b""
    assert process.stdout is not None
    for start in range(0, len(sent), 50_000):
        shell.tty.write(sent[start : start + 50_000])
        while len(got) < start - 100_000:
            got += await process.stdout.read(1 << 16)
    while len(got) < len(sent):
        got += await asyncio.wait_for(process.stdout.read(1 << 16), 60)
    assert got == sent
    process.kill()
    await process.wait()


async def test_who_does_not_read_stalls_nobody_and_costs_no_memory(shell: Shell) -> None:
    descriptor = os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY)
    await until(lambda: shell.tty.in_use)
    for _ in range(1000):
        shell.tty.write(b"y\r\n" * 5000)
    assert len(shell.tty._pending) <= line.BACKLOG_BYTES
    os.close(descriptor)
    await until(lambda: not shell.tty.in_use)
    assert not shell.tty._pending
    assert is_clean(shell)


async def test_two_openings_at_once_are_two(shell: Shell) -> None:
    """The kernel reports them as one; when one of them closes the other still hears."""
    one, two = (os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY) for _ in range(2))
    tty.setraw(one)
    await asyncio.sleep(0.05)
    os.close(one)
    await asyncio.sleep(0.05)
    assert shell.tty.in_use
    shell.tty.write(b"still here")
    assert await asyncio.to_thread(os.read, two, 100) == b"still here"
    os.close(two)
    await until(lambda: not shell.tty.in_use)


async def test_the_path_outlives_a_supervisor_and_an_attached_screen_does_not(home: Home, screen: Screen) -> None:
    first = Shell(home.base / "tty")
    first.tty.open()
    await screen.start("old", home.base / "tty")
    await until(lambda: first.tty.in_use)
    first.tty._watch.close()
    first.tty.pause_input()
    for descriptor in (first.tty._master, first.tty._slave):  # as a death by SIGKILL leaves it
        os.close(descriptor)
    second = Shell(home.base / "tty")
    second.tty.open()
    await until(lambda: screen.pid("old") is None)
    await screen.start("new", home.base / "tty")
    await screen.type("new", "hello\\r")
    await until(lambda: second.lines == ["hello"])
    await screen.end("new", "quit")
    await until(lambda: not second.tty.in_use)
    second.tty.close()
    assert not os.path.lexists(home.base / "tty")


async def test_where_no_system_tells_of_openings_a_clock_finds_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on macOS, and on Linux where the user has no inotify left."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(opens, "POLL_S", 0.02)
    shell = Shell(home.base / "tty")
    shell.tty.open()
    try:
        other = os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY)
        await until(lambda: shell.tty.in_use)
        os.write(other, b"hello\r")
        await until(lambda: shell.lines == ["hello"])
        os.close(other)
        await until(lambda: not shell.tty.in_use)
    finally:
        shell.tty.close()


async def test_who_closes_in_the_moment_of_a_look_is_seen_to_be_gone(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the second process of screen does: its close came between the look and our own opening, and was taken for
    ours."""
    first, last = (os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY) for _ in range(2))
    await until(lambda: shell.tty.in_use)
    really_open, left = os.open, [last]

    def open_late(*words: Any, **more: Any) -> int:
        if left:
            os.close(left.pop())
        return really_open(*words, **more)

    with monkeypatch.context() as late:
        late.setattr("desktop.supervisor.tty.os.open", open_late)
        os.close(first)
        await until(lambda: not left and not shell.tty.in_use)


async def test_the_line_is_its_owners_alone(shell: Shell) -> None:
    found = path_of(shell).stat()
    assert stat.S_ISCHR(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert found.st_uid == os.getuid()


async def test_typed_bytes_wait_while_the_guest_takes_none(shell: Shell) -> None:
    shell.tty.pause_input()
    descriptor = os.open(path_of(shell), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    written = 0
    with pytest.raises(BlockingIOError):
        while True:
            written += os.write(descriptor, b"x" * 1000)
    await asyncio.sleep(0.05)
    assert shell.typed == b""
    shell.tty.resume_input()
    await until(lambda: len(shell.typed) == written)
    os.close(descriptor)
    await until(lambda: not shell.tty.in_use)
