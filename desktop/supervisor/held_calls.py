"""Calls at published ports that the supervisor has: held until the machine runs, then joined to where they lead."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from desktop.core.connecting import connect
from desktop.core.errors import MoorageError
from desktop.machine.forwarding import Forward, Forward6

from .hangups import HangupWatch
from .relay import Relay

log = logging.getLogger("desktop.supervisor")

HELD_MAX = 1024  # more are cut off
JOIN_DEADLINE_S = 30.0
QEMU_QUEUE = 2  # at each of its ports; who does not get in tries again after a second
QUEUE_PAUSE_S = 0.003


class HeldCalls:
    """`wake` returns when the machine runs, and says whether it does."""

    def __init__(self, wake: Callable[[], Awaitable[bool]], inward: Path) -> None:
        """`inward` is QEMU's socket that leads to the guest's own ports on IPv6."""
        self.uses = 0  # blocks of bytes that went there or came back; others the guest counts
        self._wake = wake
        self._inward = inward
        self._loop = asyncio.get_running_loop()
        self._hangups = HangupWatch(self._loop)
        self._turn = asyncio.Lock()  # to connect
        self._joining: dict[asyncio.Task[None], Forward | Forward6] = {}
        self._relays: set[Relay] = set()

    def take(self, client: socket.socket, forward: Forward | Forward6) -> None:
        if len(self._joining) >= HELD_MAX:
            client.close()
            return
        client.setblocking(False)
        task = self._loop.create_task(self._join(client, forward), name="published port")
        self._joining[task] = forward
        task.add_done_callback(partial(self._on_joined, client))

    def turn_away(self, place: tuple[str, int]) -> None:
        """Those that lead to a port which is another's by now."""
        for task, forward in self._joining.items():
            if onward(forward) == place:
                task.cancel()

    def turn_all_away(self) -> None:
        for task in self._joining:
            task.cancel()

    def close(self) -> None:
        self.turn_all_away()
        for relay in list(self._relays):
            relay.close()
        self._hangups.close()

    async def _join(self, client: socket.socket, forward: Forward | Forward6) -> None:
        if not await self._wake() or (isinstance(forward, Forward) and _has_left(client)):
            raise ConnectionRefusedError
        note: Callable[[], None] | None = None
        if isinstance(forward, Forward6) and forward.guest:
            channel, note = await self._connect_inward(forward), self._note_use
        else:
            channel = await self._connect(forward)
        relay = Relay(self._loop, self._hangups, client, channel, self._relays.discard, note)
        self._relays.add(relay)
        relay.start()

    async def _connect(self, forward: Forward | Forward6) -> socket.socket:
        channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            channel.setblocking(False)
            async with asyncio.timeout(JOIN_DEADLINE_S), self._turn:
                await self._loop.sock_connect(channel, onward(forward))
                if len(self._joining) > QEMU_QUEUE:
                    await asyncio.sleep(QUEUE_PAUSE_S)
        except BaseException:
            channel.close()
            raise
        return channel

    async def _connect_inward(self, forward: Forward6) -> socket.socket:
        """The guest is told first where to."""
        channel = await connect(self._inward, JOIN_DEADLINE_S)
        try:
            address = "::1" if forward.guest == "::" else forward.guest
            await self._loop.sock_sendall(channel, f"{address} {forward.port}\n".encode())
        except BaseException:
            channel.close()
            raise
        return channel

    def _note_use(self) -> None:
        self.uses += 1

    def _on_joined(self, client: socket.socket, task: asyncio.Task[None]) -> None:
        del self._joining[task]
        if task.cancelled():
            client.close()
        elif (error := task.exception()) is not None:
            client.close()
            if not isinstance(error, OSError | MoorageError):
                log.error("a connection to a published port was lost", exc_info=error)


def onward(forward: Forward | Forward6) -> tuple[str, int]:
    """Where a connection to a port goes on, while the machine runs: to QEMU's, on IPv4."""
    return forward.onward if isinstance(forward, Forward6) else forward.address, forward.port


def _has_left(client: socket.socket) -> bool:
    """Whether it ended while it was held and had said nothing, as a scan of ports does."""
    try:
        return not client.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
