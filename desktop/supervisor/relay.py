"""Two connected sockets made one: bytes, half-closes and resets pass both ways, with little memory and no tasks."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Callable

from .hangups import HangupWatch

CHUNK_BYTES = 128 << 10
_CALL = re.compile(rb"[A-Z]+ /\S* HTTP/1|[A-Z]+ /\S{4096}")  # the first line of a request, or its long beginning
_UPGRADED = b"HTTP/1.1 101"
_buffer = memoryview(bytearray(CHUNK_BYTES))  # filled and emptied within one callback, so all connections share it


class Relay:
    """Joins `client` and `channel` until both directions have ended, or one side is gone."""

    __slots__ = (
        "_channel", "_client", "_downward", "_hangups", "_is_upgraded", "_loop", "_on_activity", "_on_end", "_upward",
        "is_asking",
    )  # fmt: skip

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        hangups: HangupWatch,
        client: socket.socket,
        channel: socket.socket,
        on_end: Callable[[Relay], None],
        on_activity: Callable[[], None] | None = None,
    ) -> None:
        self._loop = loop
        self._hangups = hangups
        self._client = client
        self._channel = channel
        self._on_end: Callable[[Relay], None] | None = on_end
        self.is_asking = False
        """Whether a call has not been answered with a byte yet. Known where activity is."""
        self._is_upgraded = False  # to a stream, in which nobody asks and nobody answers
        self._on_activity = on_activity
        heard, answered = (self._heard, self._answered) if on_activity else (None, None)
        self._upward = Flow(loop, client, channel, self._settle, heard)
        self._downward = Flow(loop, channel, client, self._settle, answered)

    def start(self) -> None:
        self._hangups.watch(self._client, self._downward.lose_sink)
        self._hangups.watch(self._channel, self._upward.lose_sink)
        self._upward.start()
        self._downward.start()

    def close(self) -> None:
        """Cuts both sides off at once."""
        if self._on_end is None:
            return
        on_end, self._on_end = self._on_end, None
        for flow in (self._upward, self._downward):
            flow.stop()
        for end in (self._client, self._channel):
            self._hangups.forget(end)
            end.close()
        on_end(self)

    def _heard(self, data: memoryview) -> None:
        if not self.is_asking and not self._is_upgraded:
            self.is_asking = _CALL.match(data) is not None
        if self._on_activity is not None:
            self._on_activity()

    def _answered(self, data: memoryview) -> None:
        if self.is_asking:
            self.is_asking = False
            self._is_upgraded = data[: len(_UPGRADED)] == _UPGRADED
        if self._on_activity is not None:
            self._on_activity()

    def _settle(self) -> None:
        if self._upward.is_over and self._downward.is_over:
            self.close()


class Flow:
    """One direction: what arrives at `source` goes to `sink`, and waits there when the sink is slow."""

    __slots__ = ("_loop", "_on_activity", "_on_over", "_pending", "_reading", "_sink", "_source", "_writing", "is_over")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        source: socket.socket,
        sink: socket.socket,
        on_over: Callable[[], None],
        on_activity: Callable[[memoryview], None] | None,
    ) -> None:
        self._loop = loop
        self._source = source
        self._sink = sink
        self._on_over = on_over
        self._on_activity = on_activity
        self._pending = memoryview(b"")
        self._reading = self._writing = False
        self.is_over = False

    def start(self) -> None:
        self._reading = True
        self._loop.add_reader(self._source, self._readable)

    def stop(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._source)
        if self._writing:
            self._writing = False
            self._loop.remove_writer(self._sink)

    def lose_sink(self) -> None:
        """Nobody takes these bytes any more: tells the source so."""
        if not self.is_over:
            with contextlib.suppress(OSError):
                self._source.shutdown(socket.SHUT_RD)
            self._end()

    def _readable(self) -> None:
        try:
            size = self._source.recv_into(_buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            size = 0  # a reset; the hang-up watch, or the next write, finds the other direction
        if not size:
            self._finish()
            return
        if self._on_activity is not None:
            self._on_activity(_buffer[:size])
        sent = self._send(_buffer[:size])
        if sent < size and not self.is_over:
            self._pending = memoryview(bytes(_buffer[sent:size]))
            self.stop()
            self._writing = True
            self._loop.add_writer(self._sink, self._writable)

    def _writable(self) -> None:
        self._pending = self._pending[self._send(self._pending) :]
        if not self._pending and not self.is_over:
            self.stop()
            self.start()

    def _send(self, data: memoryview) -> int:
        try:
            return self._sink.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.lose_sink()
            return len(data)

    def _finish(self) -> None:
        """The source has said all: the sink hears so, and may go on talking the other way."""
        with contextlib.suppress(OSError):
            self._sink.shutdown(socket.SHUT_WR)
        self._end()

    def _end(self) -> None:
        self.stop()
        self._pending = memoryview(b"")
        self.is_over = True
        self._on_over()
