"""Long steps in threads: a cancellation ends them and is not lost."""

from __future__ import annotations

import asyncio
import threading

import pytest

from desktop.machine.threads import Stop, finish, stoppable


async def test_a_step_that_fails_as_it_is_stopped_does_not_swallow_the_cancellation() -> None:
    """Who writes to a disk that runs full would try again, and who cancelled would wait for ever."""
    begun, go_on = threading.Event(), threading.Event()

    def fails(stop: Stop) -> None:
        begun.set()
        go_on.wait(60)
        raise OSError(28, "No space left on device")

    working = asyncio.create_task(stoppable(fails))
    await asyncio.to_thread(begun.wait, 60)
    working.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await working


async def test_a_step_that_is_stopped_ends_before_who_cancelled_goes_on() -> None:
    begun, ended = threading.Event(), threading.Event()

    def works(stop: Stop) -> None:
        begun.set()
        try:
            while True:
                stop.check()
        finally:
            ended.set()

    working = asyncio.create_task(stoppable(works))
    await asyncio.to_thread(begun.wait, 60)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended.is_set()


async def test_a_step_that_cannot_be_stopped_is_waited_for() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def works() -> None:
        begun.set()
        go_on.wait(60)
        ended.set()

    working = asyncio.create_task(finish(works))
    await asyncio.to_thread(begun.wait, 60)
    working.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended.is_set()
