"""Consoles of other products: a pty and a socket stand where HyperKit and Lima have theirs."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.host.console_paths import console_of
from desktop.host.other_console import open_console

TIOCEXCL, TIOCNXCL = 0x540C, 0x540D


@pytest.fixture
def line() -> Iterator[tuple[int, Path]]:
    """The side of the machine, and the path of the other one."""
    master, slave = os.openpty()
    tty.setraw(master)
    path = Path(os.ttyname(slave))
    yield master, path
    os.close(slave)
    with contextlib.suppress(OSError):
        os.close(master)


async def read_at(master: int) -> bytes:
    return await asyncio.to_thread(os.read, master, 100)


async def test_a_tty_is_raw_while_it_is_ours_and_then_as_it_was(line: tuple[int, Path]) -> None:
    master, path = line
    watching = os.open(path, os.O_RDWR | os.O_NOCTTY)
    settings = termios.tcgetattr(watching)
    settings[3] |= termios.ECHO | termios.ICANON
    termios.tcsetattr(watching, termios.TCSANOW, settings)
    before = termios.tcgetattr(watching)
    console = await open_console(path)
    assert not termios.tcgetattr(watching)[3] & (termios.ECHO | termios.ICANON)
    os.write(master, b"login: \r\n\xff")
    assert await console.read() == b"login: \r\n\xff"
    assert console.type(b"root\r\x03")
    assert await read_at(master) == b"root\r\x03"
    await console.close()
    assert termios.tcgetattr(watching) == before
    os.close(watching)
    again = await open_console(path)
    await again.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells who has a device open")
async def test_a_tty_that_another_program_reads_without_a_mark_is_not_shared(line: tuple[int, Path]) -> None:
    _, path = line
    with path.open("rb", buffering=0) as theirs:
        reader = subprocess.Popen(["cat"], stdin=theirs, stdout=subprocess.DEVNULL)
    try:
        with pytest.raises(MachineError, match="another program"):
            await open_console(path)
    finally:
        reader.kill()
        reader.wait()
    console = await open_console(path)
    await console.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells who has a device open")
async def test_the_loop_goes_on_while_it_is_seen_who_has_a_tty_open(
    line: tuple[int, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """That takes a look at every open file of the user."""
    looked_by: list[int] = []

    def pids() -> list[int]:
        looked_by.append(threading.get_ident())
        return [os.getpid()]

    monkeypatch.setattr("psutil.pids", pids)
    console = await open_console(line[1])
    await console.close()
    assert looked_by and threading.get_ident() not in looked_by


async def test_a_tty_that_is_not_wanted_any_more_is_free_again(line: tuple[int, Path]) -> None:
    opening = asyncio.create_task(open_console(line[1]))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(MachineError):
                console = await open_console(line[1])
                break
            await asyncio.sleep(0.01)
    await console.close()


async def test_a_tty_that_another_reader_has_is_not_shared(line: tuple[int, Path]) -> None:
    _, path = line
    console = await open_console(path)
    with pytest.raises(MachineError, match="another program"):
        await open_console(path)
    await console.close()
    theirs = os.open(path, os.O_RDWR | os.O_NOCTTY)
    fcntl.ioctl(theirs, TIOCEXCL)
    try:
        with pytest.raises(MachineError, match="another program"):
            await open_console(path)
    finally:
        fcntl.ioctl(theirs, TIOCNXCL)
        os.close(theirs)


async def test_a_tty_whose_machine_goes_ends(line: tuple[int, Path]) -> None:
    master, path = line
    console = await open_console(path)
    reading = asyncio.create_task(console.read())
    await asyncio.sleep(0)
    os.close(master)
    async with asyncio.timeout(60):
        assert await reading == b""
    await console.close()


async def test_a_socket_is_read_typed_to_and_left(tmp_path: Path) -> None:
    heard: list[bytes] = []
    left = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"lima login: ")
        while data := await reader.read(100):
            heard.append(data)
        writer.close()
        left.set()

    path = tmp_path / "serial.sock"
    async with await asyncio.start_unix_server(serve, path):
        console = await open_console(path)
        assert await console.read() == b"lima login: "
        assert console.type(b"x\r")
        await console.resize(100, 40)
        await console.close()
        await left.wait()
    assert heard == [b"x\r"]


async def test_what_is_no_console_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, why in ((tmp_path / "none", "No such file"), (tmp_path / "file", "ioctl")):
        with pytest.raises(MachineError, match=why):
            await open_console(path)


def test_a_console_is_found_by_its_machines_command(tmp_path: Path, line: tuple[int, Path]) -> None:
    _, device = line
    link, named, other = tmp_path / "link", tmp_path / "tty", tmp_path / "other"
    link.symlink_to(device)
    named.write_text(f"{device}\n")
    other.write_text("/etc/passwd\n")
    assert console_of(["hyperkit", "-l", f"com1,autopty={link},log=x"], 1) == str(link)
    assert console_of(["hyperkit", "-l", f"com1,autopty={named},asl"], 1) == str(device)
    assert console_of(["hyperkit", "-l", f"com1,autopty={other},asl"], 1) == ""
    assert console_of(["hyperkit", "-l", "com1,null,asl"], 1) == ""
    assert console_of(["hyperkit", "-l", f"com1,autopty={tmp_path}/none"], 1) == ""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd=tmp_path) as process:
        assert console_of(["hyperkit", "-l", "com1,autopty=tty,asl"], process.pid) == str(device)
        process.send_signal(signal.SIGKILL)


async def test_limas_socket_is_found(tmp_path: Path) -> None:
    path = tmp_path / "serial.sock"
    words = ["qemu-system-x86_64", "-chardev", f"socket,id=char-serial,path={path},server=on,wait=off,logfile=x"]
    assert console_of(words, 1) == ""
    async with await asyncio.start_unix_server(lambda _r, w: w.close(), path):
        assert console_of(words, 1) == str(path)
