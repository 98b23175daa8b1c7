"""Serves a tab of files, of a container or a volume: reads what it shows, and makes tasks of what takes long."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.core.container_files import Change, Kind, above
from desktop.core.errors import EngineError
from desktop.core.text import visible
from desktop.services.container_files import ContainerFiles
from desktop.services.engine import EngineService
from desktop.services.job_report import Report
from desktop.views.detail.files_tab import FilesTab
from desktop.views.on_screen import is_on_screen
from desktop.views.question import Answer
from desktop.views.told import told_sentence

from .asking import Asking
from .job_feed import JobFeed
from .tasks import Tasks

translate = QCoreApplication.translate
NAME_LIMIT = 200


class FilesFeed:
    """Reading ends when something else is shown; a task goes on."""

    def __init__(self, tab: FilesTab, engine: EngineService, tasks: Tasks, asking: Asking, jobs: JobFeed) -> None:
        self._tab, self._engine, self._tasks = tab, engine, tasks
        self._asking, self._jobs = asking, jobs
        self._files: ContainerFiles | None = None
        self._path = "/"
        self._reading: asyncio.Task[Any] | None = None
        self._is_read, self._was_running = False, False
        self._changes: dict[str, Change] | None = None  # as they were when they were read last; None: not yet
        tab.looked_at.connect(self._on_looked_at)
        tab.path_wanted.connect(self._on_path)
        tab.save_wanted.connect(self._on_save)
        tab.send_wanted.connect(self._on_send)
        tab.delete_wanted.connect(lambda path: tasks.spawn("delete files", self._delete(path)))
        engine.containers.changed.connect(lambda _: self._on_change())
        engine.link_changed.connect(lambda _: self._on_change())

    def begin(self, container: str) -> None:
        self.serve(ContainerFiles(self._engine, container))

    def serve(self, files: ContainerFiles) -> None:
        self.leave()
        self._files, self._path, self._is_read, self._changes = files, "/", False, None
        self._tab.begin()
        self._on_looked_at(is_on_screen(self._tab))

    def leave(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        if self._files is not None:
            self._tasks.spawn("close files", self._files.close())
        self._reading = self._files = None

    def _on_looked_at(self, looked_at: bool) -> None:
        if looked_at and not self._is_read:
            self._on_change()
            if self._files is not None and not self._files.is_gone:
                self._read(self._path)

    def _on_change(self) -> None:
        """It was started, stopped or removed, or the engine is back: what can be done and read is another thing now."""
        files = self._files
        if files is None:
            return
        self._tab.show_gone(files.is_gone)
        if files.is_gone:
            if self._reading is not None:  # it ended before it went, and was read again for that
                self._reading.cancel()
                self._is_read = False
            return
        runs = files.is_running
        self._tab.show_running(runs)
        if runs != self._was_running:
            self._was_running, self._is_read, self._changes = runs, False, None
        if not self._is_read and self._reading is None and is_on_screen(self._tab) and self._engine.client is not None:
            self._read(self._path)

    def _on_path(self, path: str) -> None:
        """The same one again is read anew with all that goes with it."""
        if path == self._path:
            self._changes = None
        self._read(path)

    def _read(self, path: str) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._path, self._is_read = path, True
        self._tab.show_waiting(path)
        self._reading = self._tasks.spawn("files", self._show(path))

    async def _show(self, path: str) -> None:
        files = self._files
        if files is None:
            return
        try:
            where, kind = await files.resolve(path)
            if kind is Kind.FOLDER:
                self._tab.show_listing(await files.listing(where))
                await self._show_changes(files)
            elif kind is Kind.FILE:
                self._tab.show_preview(await files.preview(where))
            else:
                self._tab.show_problem(translate("Files", "This is no file or folder, and cannot be opened."))
        except EngineError as error:
            if files.is_gone:
                return
            self._is_read = self._engine.client is not None
            self._tab.show_problem(told_sentence(error.why or error.what))
        finally:
            if self._reading is asyncio.current_task():
                self._reading = None

    async def _show_changes(self, files: ContainerFiles) -> None:
        """The engine compares all of the container's files for them, so not again for each folder."""
        try:
            if self._changes is None:
                self._changes = await files.changes()
        except EngineError as error:
            self._tab.show_unmarked(told_sentence(error.why or error.what))
        else:
            self._tab.show_changes(self._changes)

    def _on_send(self, folder: str, sources: list[str]) -> None:
        self._tasks.spawn("send files", self._send(folder, [Path(each) for each in sources]))

    def _on_save(self, path: str, is_folder: bool, target: str, size: int) -> None:
        files = self._files
        if files is None:
            return

        async def work(report: Report) -> None:
            total = 0 if is_folder else size
            await files.save(path, is_folder, Path(target), lambda done: report.bytes(done, total))

        self._jobs.begin("save", f"{files.name}:{visible(path, NAME_LIMIT)}", work)

    async def _send(self, folder: str, sources: list[Path]) -> None:
        files = self._files
        if files is None or not await self._may_replace(files, folder, [each.name for each in sources]):
            return

        async def work(report: Report) -> None:
            await files.send(folder, sources, report.bytes)
            self._reread(files, folder)

        what = sources[0].name if len(sources) == 1 else str(len(sources))
        self._jobs.begin("upload", f"{visible(what, NAME_LIMIT)} → {files.name}:{visible(folder, NAME_LIMIT)}", work)

    async def _delete(self, path: str) -> None:
        files, shown = self._files, visible(path, NAME_LIMIT)
        question = translate("Files", "Delete %1?").replace("%1", shown)
        why = translate("Files", "It is gone for good, with all that is in it.")
        yes = Answer("yes", translate("Files", "Delete"), "danger")
        if files is None or not await self._asking.agrees("delete_file_question", question, why, yes):
            return

        async def work(report: Report) -> None:
            await files.delete(path)
            self._reread(files, above(path), path)

        self._jobs.begin("delete", f"{files.name}:{shown}", work)

    def _reread(self, files: ContainerFiles, folder: str, gone: str = "") -> None:
        """What was done may be elsewhere than what is looked at now, or on its way to be. `gone`: what was deleted."""
        self._changes = None
        if files is not self._files or self._tab.path not in (folder, gone):
            return
        if is_on_screen(self._tab):
            self._read(folder)
        else:
            self._path, self._is_read = folder, False

    async def _may_replace(self, files: ContainerFiles, folder: str, names: list[str]) -> bool:
        model = self._tab.model
        if model.tells_all_of(folder):
            there = [name for name in names if model.has(name)]
        else:
            there = await files.those_there(folder, names)
        if not there:
            return True
        what = translate("Files", "Replace %1?").replace("%1", visible(", ".join(there), NAME_LIMIT))
        why = translate("Files", "It is there already. What it holds now is lost.")
        yes = Answer("yes", translate("Files", "Replace"), "danger")
        return await self._asking.agrees("replace_file_question", what, why, yes)
