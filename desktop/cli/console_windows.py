"""The windows of `moorage console`: the VM's tty, and shells beside it.

Each is read all the time, into a screen of its own that answers the guest's queries; one of them is drawn.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol

from desktop.client.console import ConsoleConnection
from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import EngineError
from desktop.core.text import visible
from desktop.engine.client import EngineClient
from desktop.engine.machine_shell import MachineShell
from desktop.engine.shell import ContainerShell, ExecShell
from desktop.terminal.screen import Screen
from desktop.terminal.session import TerminalSession

from .console_log import ScreenLog

Size = tuple[int, int]
"""Columns and rows."""


class Viewer(Protocol):
    """Whoever shows windows."""

    def changed(self, window: Window) -> None:
        """There is something new to be drawn."""

    def say(self, words: str) -> None: ...

    def ring(self, window: Window) -> None: ...


class Window(Protocol):
    name: str
    log: ScreenLog
    reading: asyncio.Task[str]
    """Returns, when it is over, why in words."""

    @property
    def about(self) -> str: ...

    @property
    def screen(self) -> Screen: ...

    def type(self, data: bytes) -> str:
        """Why it was not typed, or nothing."""

    def send_break(self) -> str:
        """What became of it, in words."""

    def resize(self, size: Size) -> None: ...

    async def close(self) -> None: ...


class ConsoleWindow:
    """The VM's tty."""

    name = "console"

    def __init__(self, connection: ConsoleConnection, viewer: Viewer, size: Size) -> None:
        self.log = ScreenLog()
        self._connection, self._viewer = connection, viewer
        self.session = TerminalSession(self._answer)
        self.session.on_output = self._keep
        self.session.on_notice = self._on_notice
        self.session.screen.on_bell = lambda: viewer.ring(self)
        self.session.set_window(*size)
        self._last_word = "the console connection ended"
        self.has_picture, self.is_empty = False, True
        """Whether the picture has come; whether nothing has come but that."""
        self.reading = asyncio.create_task(self._read(), name="console")

    @classmethod
    async def open(cls, client: SupervisorClient, viewer: Viewer, size: Size, read_only: bool) -> ConsoleWindow:
        request = ConsoleRequest(replay="snapshot", cols=size[0], rows=size[1], read_only=read_only)
        return cls(await client.console(request), viewer, size)

    @property
    def screen(self) -> Screen:
        return self.session.screen

    @property
    def viewers(self) -> int:
        return self.session.info.viewers if self.session.info is not None else 1

    @property
    def about(self) -> str:
        only = ", read only" if self.session.is_read_only else ""
        return f"its console, {self.screen.columns}x{self.screen.rows}, viewers: {self.viewers}{only}"

    async def _read(self) -> str:
        async for kind, payload in self._connection.frames():
            self.session.receive(kind, payload)
            self.session.work()
            if kind == frames.OUTPUT:
                self.is_empty = False
            elif kind in (frames.SNAPSHOT, frames.REPLAY):
                self.has_picture = True
            self._viewer.changed(self)
        return self._last_word

    def _keep(self, data: bytes) -> None:
        if failure := self.log.keep(data):
            self._viewer.say(failure)

    def _on_notice(self, words: str) -> None:
        self._last_word = words
        self._viewer.say(words)

    def _answer(self, kind: bytes, payload: bytes) -> None:
        self._connection.send(kind, payload)

    def type(self, data: bytes) -> str:
        if self.session.is_read_only:
            return "This terminal only looks (--read-only): nothing is typed"
        return "" if self._connection.send(frames.TYPED, data) else "The supervisor takes no keys now; they are lost"

    def send_break(self) -> str:
        if self.session.is_read_only:
            return "This terminal only looks (--read-only): no break is sent"
        self._connection.send(frames.BREAK, b"")
        return "A break is sent"

    def resize(self, size: Size) -> None:
        self.session.set_window(*size)

    async def close(self) -> None:
        self.log.close()
        self.reading.cancel()
        await asyncio.gather(self.reading, return_exceptions=True)
        await self._connection.close()
        self.session.close()


class ShellWindow:
    """A shell in a container, or in the machine."""

    def __init__(self, name: str, about: str, shell: ExecShell, viewer: Viewer, size: Size) -> None:
        self.name = name
        self.log = ScreenLog()
        self._place, self._shell, self._viewer = about, shell, viewer
        self.screen = Screen(*size)
        self.screen.on_reply = self._answer
        self.screen.on_bell = lambda: viewer.ring(self)
        self._sizing: set[asyncio.Task[None]] = set()
        self.reading = asyncio.create_task(self._read(), name="shell")

    @property
    def about(self) -> str:
        return f"{self._place}, {self.screen.columns}x{self.screen.rows}"

    async def _read(self) -> str:
        while data := await self._shell.read():
            self.screen.feed(data)
            if failure := self.log.keep(data):
                self._viewer.say(failure)
            self._viewer.changed(self)
        code = None
        with contextlib.suppress(EngineError):  # the engine went, and the shell with it
            code = await self._shell.exit_code()
        return f"{visible(self.name)} ended" + (f" with code {code}" if code else "")

    def _answer(self, reply: bytes) -> None:
        self._shell.type(reply)

    def type(self, data: bytes) -> str:
        return "" if self._shell.type(data) else "The shell takes no keys now; they are lost"

    def send_break(self) -> str:
        return "A break does nothing here: only the machine's own console has a line"

    def resize(self, size: Size) -> None:
        if size != (self.screen.columns, self.screen.rows):
            self.screen.resize(*size)
            sizing = asyncio.create_task(self._shell.resize(*size))
            self._sizing.add(sizing)
            sizing.add_done_callback(self._on_sized)

    def _on_sized(self, sizing: asyncio.Task[None]) -> None:
        self._sizing.discard(sizing)
        if not sizing.cancelled():
            sizing.exception()  # the shell has just ended: there is nothing left to be of any size

    async def close(self) -> None:
        """Ends the shell and what runs in it."""
        self.log.close()
        for task in (self.reading, *self._sizing):
            task.cancel()
        await asyncio.gather(self.reading, *self._sizing, return_exceptions=True)
        await self._shell.close()
        self.screen.close()


async def open_shell(engine: EngineClient, container: str, name: str, viewer: Viewer, size: Size) -> ShellWindow:
    shell = await ContainerShell.open(engine, container, *size)
    return ShellWindow(name, f"A shell in the container {visible(name)}", shell, viewer, size)


async def open_machine_shell(engine: EngineClient, viewer: Viewer, size: Size) -> ShellWindow:
    shell = await MachineShell.open(engine, *size)
    return ShellWindow("machine", "A root shell in the machine", shell, viewer, size)
