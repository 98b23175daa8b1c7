"""Feeds the pane of one container while it is looked at: its log, what the engine tells of it, and the other tabs.

Of several it feeds the pane their logs as one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Container, Link
from desktop.core.errors import EngineError
from desktop.core.store import Delta
from desktop.core.text import visible
from desktop.engine.saved_file import saved_file
from desktop.services.container_log import ContainerLog, save_logs
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.services.together_log import TogetherLog, members_of, names_of
from desktop.views.containers_page import ContainersPage
from desktop.views.detail.inspect_facts import ended_badly
from desktop.views.detail.pane import DetailPane
from desktop.views.notice_stack import Notice
from desktop.views.on_screen import is_on_screen
from desktop.views.told import told_sentence

from .asking import Asking
from .job_feed import JobFeed
from .notices import Notices
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.engine.client import EngineClient

    from .files_feed import FilesFeed
    from .stats_feed import StatsFeed


class DetailFeed:
    def __init__(
        self, page: ContainersPage, pane: DetailPane, engine: EngineService, machine: MachineService,
        tasks: Tasks, notices: Notices, asking: Asking, jobs: JobFeed,
    ) -> None:  # fmt: skip
        self._page, self._pane, self._engine, self._machine = page, pane, engine, machine
        self._tasks, self._notices, self._asking, self._jobs = tasks, notices, asking, jobs
        self._log: ContainerLog | TogetherLog | None = None
        self._unheard: list[Callable[[], None]] = []  # what disconnects it
        self._following: asyncio.Task[Any] | None = None
        self._reading: asyncio.Task[Any] | None = None
        self._read_again = False
        self._since_min = 0
        self._others: list[StatsFeed | FilesFeed] = []
        pane.tab_made.connect(self._on_tab_made)
        pane.logs.looked_at.connect(self._on_log_looked_at)
        pane.logs.since_chosen.connect(self._on_since)
        pane.logs.save_requested.connect(self._on_save)
        pane.details.looked_at.connect(self._on_details_looked_at)
        page.left.connect(self._leave)
        engine.containers.changed.connect(self._on_containers)
        engine.link_changed.connect(lambda _: self._on_change())
        machine.changed.connect(lambda _: self._on_change())

    def begin(self) -> None:
        """For the container that the pane has just been given."""
        self._leave()
        self._show()
        self._new_log()
        self._on_details_looked_at(is_on_screen(self._pane.details))
        for feed in self._others if self._pane.id else ():
            feed.begin(self._pane.id)

    def _on_tab_made(self, key: str, tab: Any) -> None:
        made: StatsFeed | FilesFeed
        if key == "stats":
            from .stats_feed import StatsFeed

            made = StatsFeed(tab, self._engine, self._tasks)
        else:
            from .files_feed import FilesFeed

            made = FilesFeed(tab, self._engine, self._tasks, self._asking, self._jobs)
        self._others.append(made)
        made.begin(self._pane.id)

    def _new_log(self) -> None:
        self._forget_log()
        since = timedelta(minutes=self._since_min) if self._since_min else None
        if self._pane.id:
            self._log = ContainerLog(self._engine, self._pane.id, since)
        else:
            self._log = TogetherLog(self._engine, self._pane.ids, self._pane.project, since)
            self._unheard.append(self._log.left_out.connect(self._pane.logs.show_left_out))
        self._unheard.append(self._log.begun.connect(lambda _: self._pane.logs.show_begun()))
        self._unheard.append(self._log.lines.connect(self._pane.logs.add))
        self._unheard.append(self._log.refused.connect(self._pane.show_refused))
        self._on_log_looked_at(is_on_screen(self._pane.logs))

    def _leave(self) -> None:
        for task in (self._following, self._reading):
            if task is not None:
                task.cancel()
        self._following = self._reading = None
        self._forget_log()
        for feed in self._others:
            feed.leave()

    def _forget_log(self) -> None:
        """Ending, it says what still waited: the pane may be another container's by then."""
        for disconnect in self._unheard:
            disconnect()
        self._unheard, self._log = [], None

    def _on_log_looked_at(self, looked_at: bool) -> None:
        if looked_at and self._log is not None and self._following is None:
            self._following = self._tasks.spawn("log", self._log.follow())
        elif not looked_at and self._following is not None:
            self._following.cancel()
            self._following = None

    def _on_since(self, minutes: int) -> None:
        self._since_min = minutes
        self._on_log_looked_at(False)
        self._pane.logs.begin(self._pane.name)
        self._new_log()

    def _on_save(self, path: str, with_stamps: bool) -> None:
        self._tasks.spawn("save log", self._save(Path(path), with_stamps))

    async def _save(self, path: Path, with_stamps: bool) -> None:
        """What the engine keeps; where it has nothing any more, or is away, what is shown."""
        members, name = members_of(self._engine, self._pane.ids, self._pane.project), self._pane.name
        if members and self._log is not None and self._engine.link.link is Link.UP:
            names = {self._pane.id: ""} if self._pane.id else names_of(members)
            work = save_logs(self._engine, name, names, self._log.since, with_stamps, path)
            self._jobs.begin("save log", f"{visible(name)} → {visible(path.name)}", work)
            return
        await asyncio.to_thread(_write, path, self._pane.logs.shown_text(with_stamps))
        words = QCoreApplication.translate("Detail", "The lines that were shown were saved")
        self._notices.say(Notice(words, str(path), key="log saved"))

    def _on_containers(self, delta: Delta[Container]) -> None:
        ids, project = set(self._pane.ids), self._pane.project
        gone = bool(delta.removed) if project else not ids.isdisjoint(delta.removed)
        if gone or any(
            record.id in ids or (project and record.project == project) for record in (*delta.added, *delta.updated)
        ):
            self._on_change()

    def _on_change(self) -> None:
        self._show()
        self._on_details_looked_at(is_on_screen(self._pane.details))

    def _show(self) -> None:
        records = members_of(self._engine, self._pane.ids, self._pane.project)
        self._pane.show_situation(self._machine.status, self._engine.link, records)

    def _on_details_looked_at(self, looked_at: bool) -> None:
        """Reads them again; where that is under way, once more afterwards."""
        if not looked_at or self._page.currentWidget() is not self._pane or not self._pane.id:
            return
        if self._reading is not None:
            self._read_again = True
        else:
            self._reading = self._tasks.spawn("inspect", self._read())

    async def _read(self) -> None:
        id = self._pane.id
        try:
            while True:
                self._read_again = False
                client = self._engine.client
                if client is not None and self._engine.containers.get(id) is not None:
                    answer = await client.inspect(id)
                    lines = await _last_lines(client, id) if ended_badly(answer) else ()
                    if id == self._pane.id:
                        self._pane.details.show_answer(answer)
                        self._pane.details.show_last_lines(lines)
                if not self._read_again:
                    return
        except EngineError as error:
            self._pane.details.show_problem(told_sentence(error.why or error.what))
        finally:
            if self._reading is asyncio.current_task():
                self._reading = None


async def _last_lines(client: EngineClient, id: str) -> tuple[str, ...]:
    try:
        return await client.last_lines(id)
    except EngineError:
        return ()  # its log is kept nowhere that the engine could read


def _write(path: Path, text: str) -> None:
    with saved_file(path) as file:
        file.write(text.encode("utf-8", "replace"))
