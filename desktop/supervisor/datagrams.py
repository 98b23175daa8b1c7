"""Datagrams of a port on IPv6, carried on to one on IPv4, and the answers back to who asked."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any

PEERS_MAX = 256  # whoever was silent for longest is forgotten for one more
SILENCE_S = 60.0  # after which a peer is forgotten
_LARGEST = 1 << 16
_AT_ONCE = 64


class DatagramRelay:
    """Has a socket of its own to `place`, an IPv4 address and a port, for each peer. While it has none, it is idle."""

    def __init__(self, listener: socket.socket, place: tuple[str, int]) -> None:
        self._listener = listener
        self._place = place
        self._loop = asyncio.get_running_loop()
        self._onward: dict[Any, tuple[socket.socket, float]] = {}  # by peer, the one heard of last at the end
        self._sweep: asyncio.TimerHandle | None = None
        self._loop.add_reader(listener, self._take)

    @property
    def peers(self) -> int:
        """How many are remembered."""
        return len(self._onward)

    def close(self) -> None:
        """The listener stays open."""
        self._loop.remove_reader(self._listener)
        for peer in list(self._onward):
            self._forget(peer)
        if self._sweep is not None:
            self._sweep.cancel()

    def _take(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for _ in range(_AT_ONCE):
                data, peer = self._listener.recvfrom(_LARGEST)
                with contextlib.suppress(OSError):  # nobody is there: what is sent is lost, as datagrams may be
                    self._to(peer).send(data)

    def _to(self, peer: Any) -> socket.socket:
        known = self._onward.pop(peer, None)
        onward = known[0] if known is not None else self._open(peer)
        self._onward[peer] = onward, self._loop.time()
        if self._sweep is None:
            self._sweep = self._loop.call_later(SILENCE_S, self._forget_silent)
        return onward

    def _open(self, peer: Any) -> socket.socket:
        if len(self._onward) >= PEERS_MAX:
            self._forget(next(iter(self._onward)))
        onward = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            onward.setblocking(False)
            onward.connect(self._place)
        except BaseException:
            onward.close()
            raise
        self._loop.add_reader(onward, self._answer, onward, peer)
        return onward

    def _answer(self, onward: socket.socket, peer: Any) -> None:
        with contextlib.suppress(OSError):  # no more; or nobody listens there
            for _ in range(_AT_ONCE):
                self._listener.sendto(onward.recv(_LARGEST), peer)

    def _forget_silent(self) -> None:
        self._sweep = None
        for peer, (_, heard_at) in list(self._onward.items()):
            if heard_at + SILENCE_S <= self._loop.time():
                self._forget(peer)
        if self._onward:
            self._sweep = self._loop.call_later(SILENCE_S, self._forget_silent)

    def _forget(self, peer: Any) -> None:
        onward, _ = self._onward.pop(peer)
        self._loop.remove_reader(onward)
        onward.close()
