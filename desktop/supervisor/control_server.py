"""control.sock: lines of JSON in, calls on the machine, lines of JSON out; see core/control.py."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.control import (
    LINE_LIMIT,
    ConsoleRequest,
    Request,
    decode_request,
    error_line,
    event_line,
    result_line,
)
from desktop.core.errors import MoorageError, UsageError
from desktop.core.machine import MachineStatus
from desktop.core.signal import Signal

from .listener import Listener, is_admitted_peer
from .publisher import Publisher

log = logging.getLogger("desktop.supervisor")

BACKLOG_BYTES = 4 << 20  # a client that has not read this much is not reading at all

Call = Callable[[dict[str, Any]], Awaitable[Any]]
Attach = Callable[[asyncio.StreamReader, asyncio.StreamWriter, ConsoleRequest], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """What is served: calls by name, of which the followed ones also send each status while they run."""

    calls: dict[str, Call]
    followed: frozenset[str]
    publisher: Publisher
    attach: Attach


class ControlServer:
    """Listens on control.sock, for processes of our own user alone."""

    def __init__(self, socket: Path, service: Service) -> None:
        self._socket = socket
        self._service = service
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.left: Signal[int] = Signal()  # a client went; carries how many are left

    @property
    def connections(self) -> int:
        return len(self._connections)

    async def open(self) -> None:
        self._listener = Listener(self._socket)
        self._server = await asyncio.start_unix_server(
            self._on_connection, sock=self._listener.socket, limit=LINE_LIMIT
        )

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._listener.close()
        for task in list(self._connections):
            task.cancel()
        if self._connections:
            await asyncio.wait(list(self._connections))

    def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not is_admitted_peer(writer.get_extra_info("socket")):
            log.warning("a process of another user was turned away from %s", self._socket)
            writer.close()
            return
        connection = Connection(reader, writer, self._service)
        task = asyncio.create_task(connection.serve(), name="control connection")
        self._connections.add(task)
        task.add_done_callback(self._on_left)

    def _on_left(self, task: asyncio.Task[None]) -> None:
        self._connections.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a control connection broke off", exc_info=error)
        self.left.emit(len(self._connections))


class Connection:
    """One client, any number of requests at once."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, service: Service) -> None:
        self._reader = reader
        self._writer = writer
        self._service = service
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        try:
            while (request := await self._request()) is not None:
                if request.call == "console":
                    await self._console(request)
                    return
                task = asyncio.create_task(self._answer(request), name=f"call {request.call}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        except ConnectionError:
            pass  # the client is gone
        finally:
            for task in self._tasks:
                task.cancel()
            self._writer.close()

    async def _request(self) -> Request | None:
        """The next request; None at the end, and after what is no request."""
        try:
            line = await self._reader.readline()
            return decode_request(line) if line.endswith(b"\n") else None
        except (ValueError, msgspec.DecodeError) as error:
            self._send(error_line(0, UsageError("This is no request", str(error))))
            return None

    async def _answer(self, request: Request) -> None:
        try:
            if request.call == "watch":
                await self._watch(request.id)
            elif (call := self._service.calls.get(request.call)) is None:
                raise UsageError(f"There is no call {request.call!r}")
            elif request.call in self._service.followed:
                with self._following(request.id):
                    self._send(result_line(request.id, await call(request.args)))
            else:
                self._send(result_line(request.id, await call(request.args)))
        except MoorageError as error:
            self._send(error_line(request.id, error))
        except Exception as error:  # a fault of ours: the client must not wait for ever
            log.exception("call %s failed", request.call)
            self._send(error_line(request.id, MoorageError("The supervisor stumbled", repr(error))))

    async def _watch(self, id: int) -> None:
        self._send_status(id, self._service.publisher.status)
        with self._following(id):
            await asyncio.get_running_loop().create_future()  # until the connection ends

    @contextlib.contextmanager
    def _following(self, id: int) -> Iterator[None]:
        send = partial(self._send_status, id)
        disconnect = self._service.publisher.changed.connect(send)
        try:
            yield
        finally:
            disconnect()

    def _send_status(self, id: int, status: MachineStatus) -> None:
        self._send(event_line(id, "status", status))

    async def _console(self, request: Request) -> None:
        """From here on the connection speaks frames."""
        try:
            wish = msgspec.convert(request.args, ConsoleRequest)
        except msgspec.ValidationError as error:
            self._send(error_line(request.id, UsageError("This is no way to attach", str(error))))
            return
        self._send(result_line(request.id))
        await self._service.attach(self._reader, self._writer, wish)

    def _send(self, line: bytes) -> None:
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > BACKLOG_BYTES:
            self._writer.transport.abort()
            return
        self._writer.write(line)
