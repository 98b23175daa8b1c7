"""`moorage console`: this terminal becomes a viewer of the VM's tty. C-a d detaches."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from desktop.client.console import ConsoleConnection
from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MoorageError
from desktop.core.text import visible
from desktop.terminal.foreign import RESTORE

PREFIX = b"\x01"  # C-a

class Keys:
    """Looks for the prefix in what is typed; everything else goes to the guest."""

    def __init__(self) -> None:
        self._prefixed = False

    def feed(self, data: bytes) -> tuple[bytes, bool]:
        """Returns (bytes for the guest, whether to detach)."""
        out = bytearray()
        for byte in (data[i : i + 1] for i in range(len(data))):
            if not self._prefixed:
                self._prefixed = byte == PREFIX
                out += b"" if self._prefixed else byte
                continue
            self._prefixed = False
            if byte in (b"d", b"D", b"\x04"):
                return bytes(out), True
            if byte in (b"a", PREFIX):
                out += PREFIX
        return bytes(out), False


async def attach(client: SupervisorClient, read_only: bool) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise MoorageError("The console needs a terminal", "Input or output is not one", "Use `moorage logs console`")
    cols, rows = shutil.get_terminal_size()
    connection = await client.console(ConsoleRequest(replay="vt", cols=cols, rows=rows, read_only=read_only))
    try:
        with raw_terminal(sys.stdin.fileno()):
            notice = await _viewing(connection)
    finally:
        await connection.close()
    print(f"[{visible(notice)}]", file=sys.stderr)


async def _viewing(connection: ConsoleConnection) -> str:
    """Carries bytes both ways until either side leaves. Returns why it ended, in words."""
    loop = asyncio.get_running_loop()
    typed = asyncio.Event()
    keys = Keys()

    def on_input() -> None:
        data = os.read(sys.stdin.fileno(), 65536)
        to_guest, leave = keys.feed(data)
        if to_guest:
            connection.send(frames.TYPED, to_guest)
        if leave or not data:
            typed.set()

    loop.add_reader(sys.stdin.fileno(), on_input)
    loop.add_signal_handler(signal.SIGWINCH, lambda: connection.send_size(*shutil.get_terminal_size()))
    showing = asyncio.ensure_future(_show(connection))
    leaving = asyncio.ensure_future(typed.wait())
    try:
        await asyncio.wait({showing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return "detached" if leaving.done() else await showing
    finally:
        loop.remove_reader(sys.stdin.fileno())
        loop.remove_signal_handler(signal.SIGWINCH)
        for task in (showing, leaving):
            task.cancel()
        await asyncio.gather(showing, leaving, return_exceptions=True)


async def _show(connection: ConsoleConnection) -> str:
    last = "the console connection ended"
    async for kind, payload in connection.frames():
        if kind in (frames.OUTPUT, frames.REPLAY):
            _write(payload)
        elif kind == frames.NOTICE:
            last = payload.decode("utf-8", "replace")
    return last


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@contextmanager
def raw_terminal(descriptor: int) -> Iterator[None]:
    before = termios.tcgetattr(descriptor)
    tty.setraw(descriptor)
    try:
        yield
    finally:
        _write(RESTORE + b"\r\n")
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
