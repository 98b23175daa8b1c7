"""Coroutines that are kept, named, ended and whose errors are told."""

from __future__ import annotations

import asyncio
from typing import Any

from desktop.core.errors import EngineError
from desktop.shell.tasks import Tasks
from tests.helpers.log_watch import LogWatch


def told() -> tuple[Tasks, list[tuple[str, Exception]]]:
    reports: list[tuple[str, Exception]] = []
    return Tasks(lambda name, error: reports.append((name, error))), reports


async def test_error_with_words_is_told_by_name() -> None:
    tasks, reports = told()
    error = EngineError("It was refused")

    async def fail() -> None:
        raise error

    task = tasks.spawn("stop web", fail())
    assert task is not None
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert reports == [("stop web", error)]


async def test_unexpected_error_is_told_and_logged(logs: LogWatch) -> None:
    tasks, reports = told()
    logs.expect("arithmetic failed")

    async def fail() -> None:
        raise ZeroDivisionError

    task = tasks.spawn("arithmetic", fail())
    assert task is not None
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert [name for name, _ in reports] == ["arithmetic"]


async def test_close_cancels_and_names_what_is_late() -> None:
    tasks, reports = told()
    release = asyncio.Event()

    async def stubborn() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    tasks.spawn("quick", asyncio.sleep(60))
    late = tasks.spawn("stubborn", stubborn())
    await asyncio.sleep(0)
    assert await tasks.close(0.05) == ["stubborn"]
    release.set()
    assert late is not None
    await asyncio.wait([late])
    assert reports == []


async def test_nothing_is_begun_while_the_app_ends() -> None:
    tasks, _ = told()
    await tasks.close(1)
    ran: list[Any] = []

    async def run() -> None:
        ran.append(True)

    assert tasks.spawn("late", run()) is None
    await asyncio.sleep(0)
    assert ran == []
