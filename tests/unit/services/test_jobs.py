"""Long work: it is seen running, cancelled, and what came of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from desktop.core.errors import EngineError
from desktop.core.job import Job, JobState
from desktop.services import jobs as module
from desktop.services.job_report import Report
from desktop.services.jobs import Jobs


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.01)


async def test_progress_told_by_a_thread_is_seen_with_its_speed() -> None:
    jobs, go = Jobs(), asyncio.Event()

    def work(report: Report) -> None:
        report.bytes(0, 1000)
        report.line("begun")
        report.part("layer", "half")

    async def both(report: Report) -> None:
        await asyncio.to_thread(work, report)
        await asyncio.sleep(0.01)
        report.bytes(500, 1000)
        await go.wait()

    running = asyncio.create_task(jobs.run("pull", "a", both))
    await until(lambda: [job.done_bytes for job in jobs.store] == [500])
    (job,) = jobs.running()
    assert (job.fraction, job.bytes_s > 0, job.left_s is not None) == (0.5, True, True)
    assert jobs.lines(job.id) == ["begun", "layer  half"]
    go.set()
    assert (await running).state is JobState.DONE
    assert jobs.running() == []


async def test_failure_is_kept_in_the_record_and_told_once() -> None:
    jobs, ended = Jobs(), list[Job]()
    jobs.ended.connect(ended.append)

    async def work(report: Report) -> None:
        raise EngineError("It failed", "no room", "Make room")

    job = await jobs.run("save", "a", work)
    assert (job.state, job.error, job.why, job.next_step) == (JobState.FAILED, "It failed", "no room", "Make room")
    assert ended == [job] == list(jobs.store)
    jobs.forget([job.id])
    assert list(jobs.store) == []


async def test_what_nobody_expected_is_raised_too() -> None:
    async def work(report: Report) -> None:
        raise ZeroDivisionError("oh")

    jobs = Jobs()
    with pytest.raises(ZeroDivisionError):
        await jobs.run("save", "a", work)
    assert [job.error for job in jobs.store] == ["ZeroDivisionError: oh"]


async def test_cancel_ends_one_and_no_other() -> None:
    jobs = Jobs()
    runs = [asyncio.create_task(jobs.run("pull", name, lambda report: asyncio.sleep(3600))) for name in "ab"]
    await until(lambda: len(jobs.running()) == 2)
    first, second = jobs.running()
    jobs.cancel(first.id)
    assert (await runs[0]).state is JobState.CANCELLED
    assert [job.id for job in jobs.running()] == [second.id]
    jobs.forget([second.id])
    assert [job.id for job in jobs.running()] == [second.id]
    runs[1].cancel()  # as at the end of the app
    with pytest.raises(asyncio.CancelledError):
        await runs[1]
    assert jobs.running() == []


async def test_only_so_many_ended_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    jobs = Jobs()
    for number in range(5):
        await jobs.run("pull", str(number), lambda report: asyncio.sleep(0))
    assert [job.subject for job in jobs.store] == ["2", "3", "4"]
