"""Long work in the window: its page, how much of it runs, and a word when it has ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.job import Job, JobState
from desktop.core.store import Delta
from desktop.models.job_words import freed_parts, title_words
from desktop.services.jobs import Jobs, Work
from desktop.views.lazy_page import LazyPage
from desktop.views.notice_stack import Choice, Notice
from desktop.views.told import told

from .notices import Notices
from .tasks import Tasks
from .window import MainWindow

if TYPE_CHECKING:
    from desktop.views.jobs_page import JobsPage

PAGE = "tasks"
TOGETHER_S = 1.5
"""What ends within that time is told in one notice."""

translate = QCoreApplication.translate


class JobFeed:
    def __init__(self, jobs: Jobs, window: MainWindow, notices: Notices, tasks: Tasks) -> None:
        self._jobs, self._window, self._notices, self._tasks = jobs, window, notices, tasks
        self._ended: list[Job] = []
        self._telling: asyncio.Handle | None = None
        self.page = LazyPage("tasks_page", self._make_page)
        jobs.store.changed.connect(self._on_changed)
        jobs.ended.connect(self._on_ended)

    def begin(self, verb: str, subject: str, work: Work) -> None:
        """Begins a long work in the background."""
        self._tasks.spawn(f"{verb} {subject}", self._run(verb, subject, work))

    def close(self) -> None:
        """Tells nothing any more: who listened is gone."""
        if self._telling is not None:
            self._telling.cancel()

    async def _run(self, verb: str, subject: str, work: Work) -> None:
        await self._jobs.run(verb, subject, work)

    def _make_page(self) -> JobsPage:
        from desktop.views.jobs_page import JobsPage

        page = JobsPage(self._jobs.lines)
        page.take(Delta(added=tuple(self._jobs.store)))
        self._jobs.store.changed.connect(page.take)
        self._jobs.said.connect(page.show_lines)
        page.cancel_requested.connect(self._jobs.cancel)
        page.forget_requested.connect(self._jobs.forget)
        page.page_requested.connect(self._window.show_page)
        return page

    def _on_changed(self, delta: Delta[Job]) -> None:
        if delta.added or any(not job.running for job in delta.updated):
            self._window.side_bar.show_count(PAGE, len(self._jobs.running()))

    def _on_ended(self, job: Job) -> None:
        if job.state is not JobState.CANCELLED:
            self._ended.append(job)
            if self._telling is None:
                self._telling = asyncio.get_running_loop().call_later(TOGETHER_S, self._tell)

    def _tell(self) -> None:
        """One notice for all that ended; none where the list itself is looked at."""
        self._telling = None
        ended, self._ended = self._ended, []
        if not self._window.is_seen(PAGE):
            self._notices.say(self._notice(ended))

    def _notice(self, ended: list[Job]) -> Notice:
        failed = [job for job in ended if job.state is JobState.FAILED]
        show = (Choice(translate("JobFeed", "Show"), lambda: self._window.lead_to(PAGE)),)
        kind = "error" if failed else "note"
        if len(ended) > 1:
            what = translate("JobFeed", "%1 tasks have ended").replace("%1", str(len(ended)))
            why = translate("JobFeed", "%1 of them failed.").replace("%1", str(len(failed))) if failed else ""
            return Notice(what, why, kind=kind, choices=show, key="jobs")
        (job,) = ended
        if failed:
            return Notice(told(job.error), told(job.why), told(job.next_step), kind, show, key=job.id)
        what = translate("JobFeed", "%1: done").replace("%1", title_words(job))
        return Notice(what, ", ".join(freed_parts(job)), kind=kind, key="jobs")
