"""Threads for calls that may wait for a disk: the loop's default executor."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Threads(Executor):
    """At most `width`, begun when they are needed. A call that hangs, in a network folder that is away, is left behind
    when the process ends: Python waits for the threads of its own executor for ever.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def submit(self, function: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> Future[T]:
        """Overrides Executor's. Called by one thread alone."""
        future: Future[T] = Future()

        def call() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function(*args, **options)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        if not self._idle.acquire(blocking=False) and len(self._threads) < self._width:
            thread = threading.Thread(target=self._work, name=f"moorage-{len(self._threads)}", daemon=True)
            thread.start()
            self._threads.append(thread)
        self._calls.put(call)
        return future

    def end(self, deadline_s: float) -> None:
        """Drops what has not begun, and waits a little for what has, such as a setting that is written."""
        while not self._calls.empty():
            self._calls.get()
        for _ in self._threads:
            self._calls.put(None)
        end = time.monotonic() + deadline_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            del call
            self._idle.release()
