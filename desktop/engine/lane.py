"""Worker threads for calls that block: started when needed, left behind when the app ends."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from desktop.core.loop_calls import tell_loop

T = TypeVar("T")

SWEEP_S = 1.0


class Lane:
    """Runs calls on up to `width` threads of its own, first come first served.

    The threads are daemons: a call that hangs in an engine that does not answer never holds up the end
    of the app, as the standard executor would.
    """

    def __init__(self, name: str, width: int = 1) -> None:
        self._name = name
        self._width = width
        self._idle = 0
        self._threads = 0
        self._lock = threading.Lock()
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._ends: dict[asyncio.Future[Any], float] = {}
        self._sweeping = False
        self._closed = False

    async def run(self, deadline_s: float, function: Callable[..., T], *args: Any, **options: Any) -> T:
        """The result of `function`; TimeoutError after `deadline_s`, or up to SWEEP_S later; ConnectionError
        where the lane was closed.

        Cancelled or late, it does not wait: a call under way goes on in its thread and ends unheard, and one that has
        not begun never does.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def call() -> None:
            if future.done():
                return
            try:
                result = function(*args, **options)
            except BaseException as error:
                tell_loop(loop, _fail, future, error)
            else:
                tell_loop(loop, _finish, future, result)

        self._ends[future] = time.monotonic() + deadline_s
        if not self._sweeping:
            self._sweep(loop)
        try:
            self._put(call)
            return await future
        finally:
            del self._ends[future]

    def close(self) -> None:
        """Lets the threads end after what they are at; nothing may be run afterwards."""
        with self._lock:
            self._closed = True
            for _ in range(self._threads):
                self._calls.put(None)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Ends what is late. One timer for all calls: Qt's loop keeps a cancelled timer until it is due."""
        now = time.monotonic()
        for future, end in self._ends.items():
            if now >= end and not future.done():
                future.set_exception(TimeoutError())
        self._sweeping = bool(self._ends)
        if self._sweeping:
            loop.call_later(SWEEP_S, self._sweep, loop)

    def _put(self, call: Callable[[], None]) -> None:
        with self._lock:
            if self._closed:
                raise ConnectionError("it was disconnected")
            if self._idle > 0:
                self._idle -= 1
            elif self._threads < self._width:
                name = f"{self._name}-{self._threads + 1}"
                try:
                    threading.Thread(target=self._work, name=name, daemon=True).start()
                except RuntimeError as error:  # the system gives no more; else the call would wait for nobody
                    raise ConnectionError(str(error)) from error
                self._threads += 1
            self._calls.put(call)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            del call
            with self._lock:
                self._idle += 1 if self._calls.empty() else 0


def _finish(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
