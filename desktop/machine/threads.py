"""Runs long steps in threads, such that nothing of them goes on after a cancellation."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_Words = ParamSpec("_Words")
_Result = TypeVar("_Result")


class Stopped(Exception):
    """The step was asked to end early and did."""


class Stop:
    """Asked at good moments by a step that takes long."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def check(self) -> None:
        if self._event.is_set():
            raise Stopped


async def finish(work: Callable[_Words, _Result], *words: _Words.args, **named: _Words.kwargs) -> _Result:
    """Runs `work` in a thread. Cancelled, it waits until the thread is done: it writes into a folder."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *words, **named))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        task.exception()  # looked at; that it was cancelled says enough
        raise


async def stoppable(work: Callable[[Stop], _Result]) -> _Result:
    """Runs `work` in a thread; a cancellation tells it to stop."""
    stop = Stop()
    task = asyncio.ensure_future(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait({task})
        task.exception()  # looked at: whatever it was, who cancelled is not kept waiting for another try
        raise
