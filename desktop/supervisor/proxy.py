"""The engine proxy: every connection to docker.sock gets one of its own to QEMU's channel, byte for byte."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import resource
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from desktop.core.connecting import connect
from desktop.core.errors import MoorageError

from .accepting import Accepting
from .hangups import HangupWatch
from .listener import Listener, is_admitted_peer
from .refusal import refuse
from .relay import Relay

log = logging.getLogger("desktop.supervisor")

CONNECT_DEADLINE_S = 10.0
_DESCRIPTORS = 1 << 16


class EngineProxy:
    """Listens at `listen`. `admit` is awaited for each connection: True lets it through to `channel`, False closes it,
    and a MoorageError is told to the client in HTTP.

    `on_activity` is called with every read of either direction.
    """

    def __init__(
        self,
        listen: Path,
        channel: Path,
        admit: Callable[[], Awaitable[bool]],
        on_activity: Callable[[], None] | None = None,
    ) -> None:
        self._listen = listen
        self._channel = channel
        self._admit = admit
        self._on_activity = on_activity
        self._listener: Listener | None = None
        self._tasks: set[asyncio.Task[socket.socket | None]] = set()
        self._relays: set[Relay] = set()

    @property
    def connections(self) -> int:
        """Clients that are connected, those still held by `admit` included."""
        return len(self._tasks) + len(self._relays)

    @property
    def is_asked(self) -> bool:
        """Whether a call waits for its answer; a stream that has begun and is silent does not."""
        return any(relay.is_asking for relay in self._relays)

    async def open(self) -> None:
        """Starts to listen; raises where the socket's place is taken."""
        self._loop = asyncio.get_running_loop()
        _allow_many_descriptors()
        self._listener = Listener(self._listen)
        self._hangups = HangupWatch(self._loop)
        self._accepting = Accepting(self._listener.socket, str(self._listen), self._take)

    async def close(self) -> None:
        """Ends every connection and takes the socket away. A second call does nothing."""
        if self._listener is None:
            return
        self._accepting.close()
        self._listener.close()
        self._listener = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for relay in list(self._relays):
            relay.close()
        self._hangups.close()

    def _take(self, client: socket.socket) -> None:
        if not is_admitted_peer(client):
            log.warning("A process of another user was turned away from %s", self._listen)
            client.close()
            return
        client.setblocking(False)
        task = self._loop.create_task(self._open_channel(client), name="engine call")
        self._tasks.add(task)
        task.add_done_callback(partial(self._join, client))
        self._hangups.watch(client, task.cancel)

    async def _open_channel(self, client: socket.socket) -> socket.socket | None:
        """The way to the engine for one client, if it may go there; cancelled when the client leaves meanwhile."""
        try:
            return await connect(self._channel, CONNECT_DEADLINE_S) if await self._admit() else None
        except OSError as error:
            log.info("A call on %s was closed: %s", self._listen, error)
        except MoorageError as error:
            log.info("A call on %s was refused: %s", self._listen, error)
            await refuse(client, error)
        return None

    def _join(self, client: socket.socket, task: asyncio.Task[socket.socket | None]) -> None:
        self._tasks.discard(task)
        channel = None
        if not task.cancelled():
            if error := task.exception():
                log.error("A call on %s failed", self._listen, exc_info=error)
            else:
                channel = task.result()
        if channel is None or self._listener is None:
            self._hangups.forget(client)
            client.close()
            if channel is not None:
                channel.close()
            return
        relay = Relay(self._loop, self._hangups, client, channel, self._relays.discard, self._on_activity)
        self._relays.add(relay)
        relay.start()


def _allow_many_descriptors() -> None:
    """A connection takes two, and the usual soft limit of 1024 would end at 500; the hard limit is there to be used."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit of its own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
