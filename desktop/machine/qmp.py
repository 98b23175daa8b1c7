"""QEMU's monitor: one client, commands with deadlines, events in order."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qemu.qmp import ExecuteError, QMPClient, QMPError, Runstate

from desktop.core.connecting import peer_pid
from desktop.core.errors import DeadlineExceeded, MachineError

CONNECT_DEADLINE_S = 15.0
REPLY_DEADLINE_S = 10.0
RETRY_S = 0.02

# The library logs as an error what its caller expects: a socket that is not there yet, a QEMU that ends.
logging.getLogger("qemu.qmp").setLevel(logging.CRITICAL)


class MonitorGone(MachineError):
    """QEMU closed its monitor, or never opened it."""


@dataclass(frozen=True)
class Event:
    name: str
    data: Mapping[str, Any]


class Monitor:
    """A connected monitor. Nobody else can connect while we are."""

    def __init__(self, client: QMPClient, peer_pid: int) -> None:
        self._client = client
        self.peer_pid = peer_pid  # the process that listens there; 0 where the system does not tell

    @classmethod
    async def connect(cls, path: Path, deadline_s: float = CONNECT_DEADLINE_S) -> Monitor:
        """Connects as soon as QEMU listens."""
        try:
            async with asyncio.timeout(deadline_s):
                stream = await _connected(path)
                client = QMPClient("moorage")
                await client.connect(stream)
        except TimeoutError as error:
            raise DeadlineExceeded("QEMU's monitor does not answer", f"{deadline_s:.0f} s passed") from error
        except QMPError as error:
            raise MonitorGone("QEMU's monitor cannot be used", str(error)) from error
        return cls(client, peer_pid(stream))

    async def execute(self, command: str, deadline_s: float = REPLY_DEADLINE_S, **arguments: Any) -> Any:
        """The command's return value. Dashes in argument names are written as underscores."""
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        try:
            async with asyncio.timeout(deadline_s):
                return await self._client.execute(command, named)
        except TimeoutError as error:
            raise DeadlineExceeded(f"QEMU does not answer {command}", f"{deadline_s:.0f} s passed") from error
        except ExecuteError as error:
            raise MachineError(f"QEMU refused {command}", str(error)) from error
        except QMPError as error:
            raise MonitorGone("QEMU's monitor is gone", f"{command}: {error}") from error

    async def events(self) -> AsyncIterator[Event]:
        """Every event since the connection was made, until QEMU ends it."""
        queue = self._client.events
        ended = asyncio.create_task(self._end())
        try:
            while True:
                following = asyncio.create_task(queue.get())
                await asyncio.wait({following, ended}, return_when=asyncio.FIRST_COMPLETED)
                if not following.done() and queue.empty():
                    following.cancel()
                    return
                message = await following
                yield Event(str(message["event"]), _mapping(message.get("data")))
        finally:
            ended.cancel()

    async def close(self) -> None:
        try:
            await self._client.disconnect()
        except (QMPError, OSError, EOFError):
            pass  # QEMU was faster

    async def _end(self) -> None:
        while self._client.runstate is Runstate.RUNNING:
            await self._client.runstate_changed()


async def _connected(path: Path) -> socket.socket:
    loop = asyncio.get_running_loop()
    while True:
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.setblocking(False)
        try:
            await loop.sock_connect(stream, str(path))
            return stream
        except (FileNotFoundError, ConnectionRefusedError):
            stream.close()
            await asyncio.sleep(RETRY_S)
        except BaseException:
            stream.close()
            raise


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
