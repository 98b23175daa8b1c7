"""Who has hung up for good: tells a closed peer from one that only has nothing more to say."""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable


class HangupWatch:
    """Calls back once when the peer of a watched socket is gone.

    A half-closed and a closed peer look the same to a reader: end of file. Linux' epoll tells them apart, since it
    reports a hang-up even where nothing else is asked for. Elsewhere nothing is watched, and a peer's leaving shows
    at the next write.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._callbacks: dict[int, Callable[[], object]] = {}
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        if self._epoll is not None:
            loop.add_reader(self._epoll.fileno(), self._on_hangups)

    def watch(self, peer: socket.socket, callback: Callable[[], object]) -> None:
        """From now on `callback` is what happens when `peer` hangs up; it replaces an earlier one."""
        if self._epoll is None:
            return
        known = peer.fileno() in self._callbacks
        self._callbacks[peer.fileno()] = callback
        if not known:
            self._epoll.register(peer.fileno(), select.EPOLLONESHOT)

    def forget(self, peer: socket.socket) -> None:
        """To be called before the socket is closed."""
        if self._epoll is not None and self._callbacks.pop(peer.fileno(), None) is not None:
            self._epoll.unregister(peer.fileno())

    def close(self) -> None:
        if self._epoll is not None:
            self._loop.remove_reader(self._epoll.fileno())
            self._epoll.close()
            self._callbacks.clear()

    def _on_hangups(self) -> None:
        assert self._epoll is not None
        for descriptor, _events in self._epoll.poll(0):
            callback = self._callbacks.get(descriptor)
            if callback is not None:
                callback()
