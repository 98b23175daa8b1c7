"""`moorage console`: this terminal becomes a viewer of the VM's tty, with keys of GNU screen: C-a d detaches."""

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
from typing import Any, BinaryIO

from desktop.client.console import ConsoleConnection, info_of
from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MoorageError
from desktop.core.text import visible
from desktop.terminal.foreign import RESTORE
from desktop.terminal.prefix import ScreenKey, key_after_prefix, prefix_character, prefix_letter

LOG_NAME = "screenlog.0"  # as GNU screen calls it
HELP = """\
{prefix} d detaches              {prefix} {letter} types {prefix}
{prefix} C clears this terminal  {prefix} i says what this is
{prefix} H logs to a file        {prefix} b sends a break
{prefix} ? shows this
"""


class Keys:
    """Looks for the prefix in what is typed; everything else goes to the guest."""

    def __init__(self, letter: str = "a") -> None:
        self._letter = letter
        self._prefix = prefix_character(letter).encode()
        self._prefixed = False

    def feed(self, data: bytes) -> tuple[bytes, list[ScreenKey]]:
        """What goes to the guest, and the keys of screen; after DETACH nothing is looked at any more."""
        out, asked = bytearray(), list[ScreenKey]()
        for byte in (data[i : i + 1] for i in range(len(data))):
            if not self._prefixed:
                self._prefixed = bool(self._prefix) and byte == self._prefix
                out += b"" if self._prefixed else byte
                continue
            self._prefixed = False
            key = key_after_prefix(self._letter, byte.decode("latin-1"))
            if key is ScreenKey.LITERAL:
                out += self._prefix
            elif key is not None:
                asked.append(key)
            if key is ScreenKey.DETACH:
                break
        return bytes(out), asked


async def attach(client: SupervisorClient, read_only: bool, prefix: str = "C-a") -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise MoorageError("The console needs a terminal", "Input or output is not one", "Use `moorage logs console`")
    cols, rows = shutil.get_terminal_size()
    connection = await client.console(ConsoleRequest(replay="vt", cols=cols, rows=rows, read_only=read_only))
    try:
        with raw_terminal(sys.stdin.fileno()):
            notice = await Viewing(connection, prefix_letter(prefix)).run()
    finally:
        await connection.close()
    print(f"[{visible(notice)}]", file=sys.stderr)


class Viewing:
    """One attached terminal: carries bytes both ways until either side leaves."""

    def __init__(self, connection: ConsoleConnection, letter: str) -> None:
        self._connection = connection
        self._letter = letter
        self._keys = Keys(letter)
        self._left = asyncio.Event()
        self._log: BinaryIO | None = None
        self._info: dict[str, Any] = {}

    async def run(self) -> str:
        """Returns why it ended, in words."""
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin.fileno(), self._on_input)
        loop.add_signal_handler(signal.SIGWINCH, lambda: self._connection.send_size(*shutil.get_terminal_size()))
        showing = asyncio.ensure_future(self._show())
        leaving = asyncio.ensure_future(self._left.wait())
        try:
            await asyncio.wait({showing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            return "detached" if leaving.done() else await showing
        finally:
            loop.remove_reader(sys.stdin.fileno())
            loop.remove_signal_handler(signal.SIGWINCH)
            for task in (showing, leaving):
                task.cancel()
            await asyncio.gather(showing, leaving, return_exceptions=True)
            if self._log is not None:
                self._log.close()

    def _on_input(self) -> None:
        data = os.read(sys.stdin.fileno(), 65536)
        to_guest, asked = self._keys.feed(data)
        if to_guest:
            self._connection.send(frames.TYPED, to_guest)
        for key in asked:
            self._obey(key)
        if not data:
            self._left.set()

    def _obey(self, key: ScreenKey) -> None:
        if key is ScreenKey.DETACH:
            self._left.set()
        elif key is ScreenKey.CLEAR:
            _write(b"\x1b[H\x1b[2J")
        elif key is ScreenKey.INFO:
            self._say(self._what_this_is())
        elif key is ScreenKey.LOG:
            self._switch_log()
        elif key is ScreenKey.BREAK:
            self._connection.send(frames.BREAK, b"")
        elif key is ScreenKey.HELP:
            self._say(HELP.format(prefix=f"C-{self._letter}", letter=self._letter).rstrip())
        else:
            self._say(f"Only the window has this key; C-{self._letter} ? shows those of this terminal")

    def _say(self, words: str) -> None:
        """Under what the guest shows; the screen is the guest's again with its next line."""
        _write(b"".join(b"\r\n\x1b[m[" + visible(line).encode() + b"]" for line in words.split("\n")) + b"\r\n")

    def _what_this_is(self) -> str:
        size = f"{self._info.get('cols', '?')}x{self._info.get('rows', '?')}"
        log = f"log on: {LOG_NAME}" if self._log is not None else "log off"
        return f"The console of the machine, {size}, viewers: {self._info.get('viewers', '?')}, {log}"

    def _switch_log(self) -> None:
        """As screen's: a file in the current folder, gone on with where it is there."""
        if self._log is not None:
            self._log.close()
            self._say(f"No longer written to {LOG_NAME}")
            self._log = None
            return
        try:
            file = os.open(LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            self._say(f"{LOG_NAME} cannot be written: {error.strerror}")
            return
        self._log = open(file, "ab", buffering=0)
        self._say(f"What is printed is written to {os.path.abspath(LOG_NAME)}")

    async def _show(self) -> str:
        last = "the console connection ended"
        async for kind, payload in self._connection.frames():
            if kind in (frames.OUTPUT, frames.REPLAY):
                _write(payload)
                self._keep(payload if kind == frames.OUTPUT else b"")
            elif kind == frames.NOTICE:
                last = payload.decode("utf-8", "replace")
            elif kind == frames.INFO:
                self._info = info_of(payload)
        return last

    def _keep(self, data: bytes) -> None:
        if self._log is None:
            return
        try:
            self._log.write(data)
        except OSError as error:
            self._log.close()
            self._log = None
            self._say(f"{LOG_NAME} is no longer written: {error.strerror}")


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
