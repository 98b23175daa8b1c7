"""One connection to a supervisor: a request, the events under way, and the answer."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from desktop.core.connecting import open_streams, peer_pid
from desktop.core.control import LINE_LIMIT, Reply, decode_reply, request_line
from desktop.core.errors import DeadlineExceeded, MachineError

CONNECT_DEADLINE_S = 2.0
CLOSE_DEADLINE_S = 2.0  # for a supervisor that is stuck to take what was sent last


class SupervisorGone(MachineError):
    """Nobody listens on control.sock, or the listener went away in the middle."""


class Connection:
    """Carries one call. Use as an async context manager."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        try:
            self.reader, self.writer = await open_streams(self._path, CONNECT_DEADLINE_S, LINE_LIMIT)
        except (FileNotFoundError, ConnectionError) as error:
            raise SupervisorGone("No supervisor answers", str(error)) from error
        except TimeoutError as error:
            why = f"{CONNECT_DEADLINE_S:.0f} s passed"
            raise DeadlineExceeded("The supervisor does not take calls", why) from error
        except OSError as error:
            why, next_step = error.strerror or str(error), "Set MOORAGE_HOME to a folder of your own"
            raise MachineError(f"{self._path} cannot be reached", why, next_step) from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        self.writer.close()
        try:
            async with asyncio.timeout(CLOSE_DEADLINE_S):
                await self.writer.wait_closed()
        except TimeoutError:
            self.writer.transport.abort()
        except OSError:
            pass  # the other side was faster

    async def replies(self, call: str, **args: Any) -> AsyncIterator[Reply]:
        """Sends a request and yields its events and, last, its result. Raises its error."""
        try:
            self.writer.write(request_line(1, call, **args))
            await self.writer.drain()
            while True:
                line = await self.reader.readline()
                if not line.endswith(b"\n"):
                    raise _ended_in(call)
                reply = decode_reply(line)
                if reply.error is not None:
                    raise reply.error.error()
                yield reply
                if not reply.event:
                    return
        except ConnectionError as error:
            raise _ended_in(call) from error
        except (ValueError, msgspec.DecodeError) as error:
            raise MachineError("The supervisor's answer makes no sense", f"{call}: {error}") from error


def listener_pid(path: Path) -> int:
    """The process that listens there, also one that hangs; 0 where that cannot be known."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.setblocking(False)
        try:
            asking.connect(str(path))
            return peer_pid(asking)
        except OSError:
            return 0


def _ended_in(call: str) -> SupervisorGone:
    return SupervisorGone("The supervisor ended in the middle of a call", call, "See `moorage status`")
