"""Calls in threads: what was given up is not done all the same."""

from __future__ import annotations

import asyncio
import threading

import pytest

from desktop.engine.lane import Lane


async def test_a_call_that_was_late_before_its_turn_is_not_carried_out() -> None:
    """Who was told that nothing came of it may have done something else by then."""
    lane, may_go, done = Lane("test"), threading.Event(), list[str]()
    first = asyncio.create_task(lane.run(60, may_go.wait))
    with pytest.raises(TimeoutError):
        await lane.run(0, done.append, "late")
    may_go.set()
    await first
    await lane.run(60, done.append, "next")
    assert done == ["next"]
    lane.close()


async def test_where_the_system_gives_no_thread_the_call_fails_and_the_next_has_its_own(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    lane = Lane("test")
    with monkeypatch.context() as full, pytest.raises(ConnectionError, match="new thread"):
        full.setattr(threading.Thread, "start", refuse)
        await lane.run(60, int)
    assert await lane.run(60, int) == 0
    lane.close()
