"""The long works of this session: each runs, is seen running, can be cancelled, and what came of it is kept."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from desktop.core.errors import MoorageError
from desktop.core.job import Job, JobState
from desktop.core.signal import Signal
from desktop.core.store import Store

from .job_report import Report

KEPT = 100
"""Ended ones; the oldest go."""

Work = Callable[[Report], Awaitable[None]]


class Jobs:
    """`ended` carries each job once, when it is done, failed or cancelled; `said` the id of one with new lines."""

    def __init__(self) -> None:
        self.store: Store[Job] = Store(lambda job: job.id)
        self.ended: Signal[Job] = Signal()
        self.said: Signal[str] = Signal()
        self._numbers = itertools.count(1)
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._reports: dict[str, Report] = {}

    async def run(self, verb: str, subject: str, work: Work) -> Job:
        """Runs `work` to its end, which comes back: what failed is in it, and is not raised.

        `work` is cancelled by `cancel`, and when the task that runs this is.
        """
        id = f"job-{next(self._numbers)}"
        report = self._reports[id] = Report(lambda: self._publish(id))
        self._tasks[id] = asyncio.ensure_future(work(report))
        self.store.apply([Job(id=id, verb=verb, subject=subject, begun_s=time.time())])
        try:
            await asyncio.wait([self._tasks[id]])
        except asyncio.CancelledError:
            self._tasks[id].cancel()
            await asyncio.wait([self._tasks[id]])
            self._end(id)
            raise
        return self._end(id)

    def running(self) -> list[Job]:
        return [job for job in self.store if job.running]

    def lines(self, id: str) -> list[str]:
        report = self._reports.get(id)
        return report.lines() if report is not None else []

    def cancel(self, id: str) -> None:
        if (task := self._tasks.get(id)) is not None:
            self._reports[id].say(step="cancelling")
            task.cancel()

    def forget(self, ids: list[str]) -> None:
        """Takes ended ones off the list."""
        gone = [id for id in ids if (job := self.store.get(id)) is not None and not job.running]
        for id in gone:
            del self._reports[id]
        self.store.apply(removed=gone)

    def _publish(self, id: str) -> None:
        job, report = self.store.get(id), self._reports.get(id)
        if job is not None and report is not None and job.running:
            self.store.apply([replace(job, **report.taken())])
            self.said.emit(id)

    def _end(self, id: str) -> Job:
        """Raises what nobody expected, after the job has been marked as failed by it."""
        task = self._tasks.pop(id)
        self._publish(id)
        job = self.store.get(id)
        assert job is not None
        error = None if task.cancelled() else task.exception()
        job = replace(job, **_outcome(task.cancelled(), error), bytes_s=0.0, step="", ended_s=time.time())
        self.store.apply([job])
        self.forget([job.id for job in self.store if not job.running][:-KEPT])
        self.said.emit(id)
        self.ended.emit(job)
        if error is not None and not isinstance(error, MoorageError):
            raise error
        return job


def _outcome(cancelled: bool, error: BaseException | None) -> dict[str, Any]:
    if cancelled:
        return {"state": JobState.CANCELLED}
    if error is None:
        return {"state": JobState.DONE}
    if isinstance(error, MoorageError):
        return {"state": JobState.FAILED, "error": error.what, "why": error.why, "next_step": error.next_step}
    return {"state": JobState.FAILED, "error": f"{type(error).__name__}: {error}"}
