"""Published ports at which the supervisor itself listens: those on IPv6, and all of a machine that is suspended."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from pathlib import Path

from desktop.core.connecting import connect
from desktop.core.errors import MoorageError
from desktop.machine.forwarding import Forward, Forward6, Refused

from .datagrams import DatagramRelay
from .hangups import HangupWatch
from .relay import Relay

log = logging.getLogger("desktop.supervisor")

HELD_MAX = 1024  # connections that wait for the machine; more are cut off
JOIN_DEADLINE_S = 30.0
QEMU_QUEUE = 2  # at each of its ports; who does not get in tries again after a second
QUEUE_PAUSE_S = 0.003
OUT_OF_DESCRIPTORS_PAUSE_S = 0.25
_ACCEPTS_AT_ONCE = 64


class OwnPorts:
    """QEMU has those on IPv4 while it is there, and a connection goes on to QEMU's port. First it is held until `wake`
    says that the machine runs. These ports end with the supervisor, and are there again with the next one.

    A datagram wakes the machine and is lost, as datagrams may be: its sender takes an answer from this very port alone,
    which is QEMU's by then. Who needs one asks again.
    """

    def __init__(self, wake: Callable[[], Awaitable[bool]], inward: Path = Path("/none")) -> None:
        """`inward` is QEMU's socket that leads to the guest's own ports on IPv6."""
        self.uses = 0  # blocks of bytes that went there or came back; others the guest counts
        self._wake = wake
        self._inward = inward
        self._loop = asyncio.get_running_loop()
        self._hangups = HangupWatch(self._loop)
        self._turn = asyncio.Lock()  # to connect
        self._listeners: dict[Forward | Forward6, socket.socket] = {}
        self._datagrams: dict[Forward | Forward6, DatagramRelay] = {}
        self._waking: asyncio.Task[None] | None = None  # for a datagram
        self._joining: dict[asyncio.Task[None], Forward | Forward6] = {}
        self._relays: set[Relay] = set()

    @property
    def open6(self) -> set[Forward6]:
        return {forward for forward in self._listeners if isinstance(forward, Forward6)}

    def open(self, forward: Forward | Forward6) -> None:
        """OSError where the host does not give the port."""
        is_6, is_udp = isinstance(forward, Forward6), _is_udp(forward)
        kind = socket.SOCK_DGRAM if is_udp else socket.SOCK_STREAM
        listener = socket.socket(socket.AF_INET6 if is_6 else socket.AF_INET, kind)
        try:
            listener.setblocking(False)
            if not is_udp:  # two could have the same one at once
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if is_6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.bind((forward.address, forward.port))
            if not is_udp:
                listener.listen(socket.SOMAXCONN)
        except BaseException:
            listener.close()
            raise
        self._listeners[forward] = listener
        if is_6 and is_udp:
            self._datagrams[forward] = DatagramRelay(listener, _onward(forward))
        else:
            self._loop.add_reader(listener, self._take_datagrams if is_udp else self._accept, forward)

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
                    while not _is_udp(forward) and self._accept(forward):
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
        self._loop.remove_reader(listener)
        listener.close()

    def shut_all(self) -> None:
        """Nobody is to be waited for any more."""
        for forward in list(self._listeners):
            self.shut(forward)
        for task in (*self._joining, self._waking):
            if task is not None:
                task.cancel()

    def close(self) -> None:
        self.shut_all()
        for relay in list(self._relays):
            relay.close()
        self._hangups.close()

    def _wait_at(self, forward: Forward | Forward6) -> None:
        with contextlib.suppress(OSError):
            self.open(forward)

    def _turn_away(self, lost: Forward) -> None:
        if _is_udp(lost):
            return
        for forward in self.open6:
            if _onward(forward) == _onward(lost):
                self.shut(forward)
        for task, wanted in self._joining.items():
            if _onward(wanted) == _onward(lost):
                task.cancel()

    def _accept(self, forward: Forward | Forward6) -> bool:
        """Whether there may be more."""
        for _ in range(_ACCEPTS_AT_ONCE):
            try:
                client, _address = self._listeners[forward].accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return False
            except OSError as error:  # out of descriptors: the rest wait in the queue
                self._pause_accepting(forward, error)
                return False
            if len(self._joining) >= HELD_MAX:
                client.close()
                continue
            client.setblocking(False)
            task = self._loop.create_task(self._join(client, forward), name="published port")
            self._joining[task] = forward
            task.add_done_callback(partial(self._on_joined, client))
        return True

    def _pause_accepting(self, forward: Forward | Forward6, error: OSError) -> None:
        """The loop would call again at once, for as long as there is no room."""
        log.warning("%s cannot take a connection: %s", forward.words, error)
        listener = self._listeners[forward]
        self._loop.remove_reader(listener)
        self._loop.call_later(OUT_OF_DESCRIPTORS_PAUSE_S, self._resume_accepting, forward, listener)

    def _resume_accepting(self, forward: Forward | Forward6, listener: socket.socket) -> None:
        if self._listeners.get(forward) is listener:
            self._loop.add_reader(listener, self._accept, forward)

    def _take_datagrams(self, forward: Forward | Forward6) -> None:
        with contextlib.suppress(BlockingIOError):
            for _ in range(_ACCEPTS_AT_ONCE):
                self._listeners[forward].recv(1)
        if self._waking is None or self._waking.done():
            self._waking = self._loop.create_task(self._just_wake(), name="published port")

    async def _just_wake(self) -> None:
        with contextlib.suppress(MoorageError):  # the machine's status tells it
            await self._wake()

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
                await self._loop.sock_connect(channel, _onward(forward))
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


def _onward(forward: Forward | Forward6) -> tuple[str, int]:
    return forward.onward if isinstance(forward, Forward6) else forward.address, forward.port


def _is_udp(forward: Forward | Forward6) -> bool:
    return forward.protocol == "udp"


def _has_left(client: socket.socket) -> bool:
    """Whether it ended while it was held and had said nothing, as a scan of ports does."""
    try:
        return not client.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
