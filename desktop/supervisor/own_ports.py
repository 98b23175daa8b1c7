"""Published ports at which the supervisor itself listens: those on IPv6, and all of a machine that is suspended."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.machine.forwarding import Forward, Forward6, Refused

from .accepting import Accepting
from .datagrams import DatagramRelay
from .held_calls import HeldCalls, onward

_DATAGRAMS_AT_ONCE = 64


class OwnPorts:
    """QEMU has those on IPv4 while it is there, and a connection goes on to QEMU's port, once `wake` says that the
    machine runs. These ports end with the supervisor, and are there again with the next one.

    A datagram wakes the machine and is lost, as datagrams may be: its sender takes an answer from this very port alone,
    which is QEMU's by then. Who needs one asks again.
    """

    def __init__(self, wake: Callable[[], Awaitable[bool]], inward: Path = Path("/none")) -> None:
        """`inward` is QEMU's socket that leads to the guest's own ports on IPv6."""
        self._wake = wake
        self._loop = asyncio.get_running_loop()
        self._calls = HeldCalls(wake, inward)
        self._listeners: dict[Forward | Forward6, socket.socket] = {}
        self._accepting: dict[Forward | Forward6, Accepting] = {}
        self._datagrams: dict[Forward | Forward6, DatagramRelay] = {}
        self._waking: asyncio.Task[None] | None = None  # for a datagram

    @property
    def uses(self) -> int:
        """Grows with what goes through ports on IPv6 alone; others the guest counts."""
        return self._calls.uses

    @property
    def open6(self) -> set[Forward6]:
        return {forward for forward in self._listeners if isinstance(forward, Forward6)}

    def open(self, forward: Forward | Forward6) -> None:
        """OSError where the host does not give the port."""
        listener = self._listeners[forward] = _listener(forward)
        if not _is_udp(forward):
            self._accepting[forward] = Accepting(
                listener, forward.words, partial(self._calls.take, forward=forward)
            )
        elif isinstance(forward, Forward6):
            self._datagrams[forward] = DatagramRelay(listener, onward(forward))
        else:
            self._loop.add_reader(listener, self._take_datagrams, forward)

    def wait_for_calls(self, forwards: set[Forward | Forward6]) -> None:
        """Is open where a suspended machine is wanted. What the host does not give is told after the resume."""
        for forward in self._listeners.keys() - forwards:
            self.shut(forward)
        for forward in forwards - self._listeners.keys():
            self._wait_at(forward)

    async def take_over(self, forwards: Iterable[Forward], remove: Callable[[Forward], Awaitable[None]]) -> None:
        """Gets the ports from QEMU, which is about to be suspended: a call from now on is held."""
        for forward in forwards:
            await remove(forward)
            self._wait_at(forward)

    async def hand_over(self, forwards: Iterable[Forward], add: Callable[[Forward], Awaitable[None]]) -> None:
        """Gives the ports to QEMU, which opens them by `add`: nobody listens at one for just as long as that takes.

        Who waits is joined to a port only where QEMU got it; the port publisher sees to the others. None stays open
        where QEMU does not answer: it would lead to itself.
        """
        ports = list(forwards)
        try:
            for forward in ports:
                if forward in self._listeners:
                    while forward in self._accepting and self._accepting[forward].take_some():
                        pass
                    self.shut(forward)
                try:
                    await add(forward)
                except Refused:
                    self._turn_away(forward)
        finally:
            for forward in ports:
                if forward in self._listeners:
                    self.shut(forward)

    def shut(self, forward: Forward | Forward6) -> None:
        """Connections through it live on."""
        listener = self._listeners.pop(forward)
        if (relay := self._datagrams.pop(forward, None)) is not None:
            relay.close()
        if (accepting := self._accepting.pop(forward, None)) is not None:
            accepting.close()
        self._loop.remove_reader(listener)
        listener.close()

    def shut_all(self) -> None:
        """Nobody is to be waited for any more."""
        for forward in list(self._listeners):
            self.shut(forward)
        self._calls.turn_all_away()
        if self._waking is not None:
            self._waking.cancel()

    def close(self) -> None:
        self.shut_all()
        self._calls.close()

    def _wait_at(self, forward: Forward | Forward6) -> None:
        with contextlib.suppress(OSError):
            self.open(forward)

    def _turn_away(self, lost: Forward) -> None:
        """Another program has it on IPv4: what was held for it, and the port on IPv6, would lead there."""
        if _is_udp(lost):
            return
        for forward in self.open6:
            if onward(forward) == onward(lost):
                self.shut(forward)
        self._calls.turn_away(onward(lost))

    def _take_datagrams(self, forward: Forward | Forward6) -> None:
        with contextlib.suppress(BlockingIOError):
            for _ in range(_DATAGRAMS_AT_ONCE):
                self._listeners[forward].recv(1)
        if self._waking is None or self._waking.done():
            self._waking = self._loop.create_task(self._just_wake(), name="published port")

    async def _just_wake(self) -> None:
        with contextlib.suppress(MoorageError):  # the machine's status tells it
            await self._wake()


def _listener(forward: Forward | Forward6) -> socket.socket:
    is_6, is_udp = isinstance(forward, Forward6), _is_udp(forward)
    made = socket.socket(
        socket.AF_INET6 if is_6 else socket.AF_INET, socket.SOCK_DGRAM if is_udp else socket.SOCK_STREAM
    )
    try:
        made.setblocking(False)
        if not is_udp:  # two could have the same one at once
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((forward.address, forward.port))
        if not is_udp:
            made.listen(socket.SOMAXCONN)
    except BaseException:
        made.close()
        raise
    return made


def _is_udp(forward: Forward | Forward6) -> bool:
    return forward.protocol == "udp"
