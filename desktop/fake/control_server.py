"""control.sock of the pretended machine: the protocol of core/control.py, and one call more, `fake`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from desktop.core.control import (
    ConsoleRequest,
    Request,
    decode_request,
    error_line,
    event_line,
    result_line,
    timeout_of,
)
from desktop.core.errors import MachineError, MoorageError, UsageError
from desktop.core.machine import LIVE, MachineStatus

from .console import Console
from .machine import FakeMachine
from .scenarios import Stage

Call = Callable[[dict[str, Any]], Awaitable[Any]]
FOLLOWED = ("start", "stop", "restart", "kill", "suspend", "resume", "reset", "watch")


class Control:
    """Answers every client; `quit` sets `done`."""

    def __init__(self, machine: FakeMachine, console: Console, stage: Stage, done: asyncio.Event) -> None:
        self._machine = machine
        self._console = console
        self._stage = stage
        self._done = done
        self._calls: dict[str, Call] = {
            "status": self._status,
            "watch": self._watch,
            "start": lambda args: machine.start(timeout_of(args)),
            "stop": lambda args: machine.stop(timeout_of(args)),
            "restart": lambda args: machine.restart(timeout_of(args)),
            "kill": lambda args: machine.kill(bool(args.get("confirmed"))),
            "suspend": lambda args: machine.suspend(),
            "resume": lambda args: machine.start(timeout_of(args)),
            "reset": lambda args: machine.reset(bool(args.get("confirmed"))),
            "trim": self._trim,
            "settings_changed": self._settings_changed,
            "quit": self._quit,
            "fake": self._fake,
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, any number of requests at once."""
        tasks: set[asyncio.Task[None]] = set()
        try:
            while (request := await _next_request(reader, writer)) is not None:
                if request.call == "console":
                    await self._attach(request, reader, writer)
                    return
                task = asyncio.create_task(self._answer(request, writer))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        except ConnectionError:
            pass  # the client is gone
        finally:
            for task in tasks:
                task.cancel()
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        def send_status(status: MachineStatus) -> None:
            if not writer.is_closing():
                writer.write(event_line(request.id, "status", status))

        disconnect: Callable[[], None] = lambda: None  # noqa: E731
        try:
            call = self._calls.get(request.call)
            if call is None:
                raise UsageError(f"There is no call {request.call!r}")
            if request.call == "watch":
                send_status(self._machine.status)
            if request.call in FOLLOWED:
                disconnect = self._machine.changed.connect(send_status)
            line = result_line(request.id, await call(request.args))
        except MoorageError as error:
            line = error_line(request.id, error)
        finally:
            disconnect()
        if not writer.is_closing():
            writer.write(line)

    async def _attach(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            wish = msgspec.convert(request.args, ConsoleRequest)
        except msgspec.ValidationError as error:
            writer.write(error_line(request.id, UsageError("This is no way to attach", str(error))))
            return
        writer.write(result_line(request.id))
        await self._console.attach(reader, writer, wish)

    async def _status(self, args: dict[str, Any]) -> MachineStatus:
        return self._machine.look(bool(args.get("samples")))

    async def _trim(self, args: dict[str, Any]) -> MachineStatus:
        return self._machine.trim()

    async def _watch(self, args: dict[str, Any]) -> None:
        await asyncio.get_running_loop().create_future()  # until the connection ends

    async def _settings_changed(self, args: dict[str, Any]) -> None:
        self._machine.settings_changed()

    async def _quit(self, args: dict[str, Any]) -> None:
        if self._machine.state in LIVE:
            raise MachineError("The VM runs", f"it is {self._machine.state}", "Stop the machine first")
        self._done.set()

    async def _fake(self, args: dict[str, Any]) -> list[str]:
        """Plays a scenario; returns the names of all."""
        if "scenario" in args:
            await self._stage.play(str(args["scenario"]))
        return self._stage.names()


async def _next_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """None at the end, and after what is no request."""
    try:
        line = await reader.readline()
        return decode_request(line) if line.endswith(b"\n") else None
    except (ValueError, msgspec.DecodeError) as error:
        with contextlib.suppress(ConnectionError):
            writer.write(error_line(0, UsageError("This is no request", str(error))))
        return None


def is_own_peer(connection: socket.socket) -> bool:
    """Whether the client is a process of our user or root's."""
    if sys.platform == "darwin":
        return True  # the socket's and the folder's modes keep others out
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return struct.unpack("3i", raw)[1] in (os.getuid(), 0)
