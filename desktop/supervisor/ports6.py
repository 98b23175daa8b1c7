"""Published ports on IPv6, which QEMU's network cannot open: listened at here, and joined to those on IPv4."""

from __future__ import annotations

import asyncio
import logging
import socket
from functools import partial

from .forwards import Forward6
from .hangups import HangupWatch
from .relay import Relay

log = logging.getLogger("desktop.supervisor")

_ACCEPTS_AT_ONCE = 64


class Ports6:
    """Unlike QEMU's ports these end with the supervisor, and are there again with the next one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hangups = HangupWatch(self._loop)
        self._listeners: dict[Forward6, socket.socket] = {}
        self._joining: set[asyncio.Task[None]] = set()
        self._relays: set[Relay] = set()

    @property
    def open_ones(self) -> set[Forward6]:
        return set(self._listeners)

    def open(self, forward: Forward6) -> None:
        """OSError where the host does not give the port."""
        listener = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((forward.address, forward.port))
            listener.listen(socket.SOMAXCONN)
        except BaseException:
            listener.close()
            raise
        self._listeners[forward] = listener
        self._loop.add_reader(listener, self._accept, listener, (forward.onward, forward.port))

    def shut(self, forward: Forward6) -> None:
        """Connections through it live on."""
        listener = self._listeners.pop(forward)
        self._loop.remove_reader(listener)
        listener.close()

    def close(self) -> None:
        for forward in list(self._listeners):
            self.shut(forward)
        for task in self._joining:
            task.cancel()
        for relay in list(self._relays):
            relay.close()
        self._hangups.close()

    def _accept(self, listener: socket.socket, onward: tuple[str, int]) -> None:
        for _ in range(_ACCEPTS_AT_ONCE):
            try:
                client, _address = listener.accept()
            except OSError:  # none is left, or there is no room for one more: the rest wait in the queue
                return
            client.setblocking(False)
            task = self._loop.create_task(self._join(client, onward), name="published port")
            self._joining.add(task)
            task.add_done_callback(partial(self._on_joined, client))

    async def _join(self, client: socket.socket, onward: tuple[str, int]) -> None:
        channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            channel.setblocking(False)
            await self._loop.sock_connect(channel, onward)
        except BaseException:
            channel.close()
            raise
        relay = Relay(self._loop, self._hangups, client, channel, self._relays.discard)
        self._relays.add(relay)
        relay.start()

    def _on_joined(self, client: socket.socket, task: asyncio.Task[None]) -> None:
        self._joining.discard(task)
        if task.cancelled() or task.exception() is not None:
            client.close()
