"""A stream of the engine's, one JSON value a line, read by a thread of its own and handed over in batches."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from typing import Any, Generic, Protocol, TypeVar

from desktop.core.errors import EngineError
from desktop.core.loop_calls import tell_loop

from .convert import decode_json
from .errors import EngineGone

T = TypeVar("T")

LINE_LIMIT = 1 << 20
BACKLOG_LIMIT = 10_000


class Stream(Protocol):
    """Bytes from an engine, read by one thread and ended by another."""

    def read(self) -> bytes: ...
    def shutdown(self) -> None: ...
    def close(self) -> None: ...


class Feed(Generic[T]):
    """What `read` makes of the lines since `open`, in order, as batches of what came since the last one was taken.

    A reader that is late finds few and large batches and not a queue of wake-ups. Where more waits than
    BACKLOG_LIMIT the rest is dropped and `overflowed` says so: then only a full list helps.
    """

    def __init__(self, open_stream: Callable[[], Stream], read: Callable[[Any], T | None]) -> None:
        self._open_stream = open_stream
        self._read_value = read
        self._lock = threading.Lock()
        self._events: list[T] = []
        self._error: EngineError | None = None
        self._closed = False
        self._stream: Stream | None = None
        self.overflowed = False

    async def open(self) -> None:
        """Returns when the engine has begun the stream: nothing from now on is missed."""
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._arrived = asyncio.Event()
        threading.Thread(target=self._read, name="engine-events", daemon=True).start()
        await self._opened

    async def take(self) -> list[T]:
        """The next batch. Raises EngineGone when the stream has ended and all of it was taken."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            with self._lock:
                batch, self._events = self._events, []
                error = self._error
            if batch:
                if error is not None:
                    self._arrived.set()
                return batch
            if error is not None:
                raise error

    def close(self) -> None:
        """Ends the stream at once, whatever the thread waits for."""
        with self._lock:
            self._closed = True
            stream = self._stream
        if stream is not None:
            stream.shutdown()

    def _read(self) -> None:
        error: EngineError = EngineGone("The engine ended its event stream")
        try:
            with closing(self._open_stream()) as stream:
                with self._lock:
                    self._stream = stream
                if not self._closed:
                    tell_loop(self._loop, self._set_opened)
                    for line in lines_of(stream):
                        self._put(line)
        except EngineError as failure:
            error = failure
        finally:  # also after an error that nobody expected: who waits for events would wait for ever
            with self._lock:
                self._error, self._stream = error, None
            tell_loop(self._loop, self._set_opened, error)

    def _put(self, line: bytes) -> None:
        try:
            event = self._read_value(decode_json(line))
        except ValueError as error:
            raise EngineGone("The engine's event stream makes no sense", f"no JSON: {error}") from error
        if event is None:
            return
        with self._lock:
            first = not self._events
            if len(self._events) < BACKLOG_LIMIT:
                self._events.append(event)
            else:
                self.overflowed = True
        if first:
            tell_loop(self._loop, self._arrived.set)

    def _set_opened(self, error: EngineError | None = None) -> None:
        if not self._opened.done():
            if error is None:
                self._opened.set_result(None)
            else:
                self._opened.set_exception(error)
        if error is not None:
            self._arrived.set()


@asynccontextmanager
async def opened(feed: Feed[T]) -> AsyncIterator[Feed[T]]:
    """In here it is read."""
    try:
        await feed.open()
        yield feed
    finally:
        feed.close()


def lines_of(stream: Stream, keeps_rest: bool = False) -> Iterator[bytes]:
    """Lines of the stream, each as soon as it is whole; `keeps_rest`: the last one may have no end."""
    rest = bytearray()
    while piece := stream.read():
        rest += piece
        if b"\n" in piece:
            *lines, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            yield from filter(bytes.strip, lines)
        if len(rest) > LINE_LIMIT:
            raise EngineGone("The engine's answer makes no sense", f"over {LINE_LIMIT} bytes a line")
    if keeps_rest and rest.strip():
        yield bytes(rest)
