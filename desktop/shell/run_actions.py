"""Running a container from a form: what is typed is checked as it is typed, and stays until the engine has done it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import EngineError
from desktop.core.job import JobState
from desktop.services.engine import EngineService
from desktop.services.engine_objects import NETWORKS
from desktop.services.jobs import Jobs
from desktop.services.machine import MachineService
from desktop.services.run_container import run_container
from desktop.services.transfers import Transfers
from desktop.views.notice_stack import Notice
from desktop.views.run_form import RunForm
from desktop.views.told import told

from .asking import Asking
from .notices import Notices
from .run_check import Checked, Known, check
from .tasks import Tasks

WHO = "run form"

translate = QCoreApplication.translate


class RunActions:
    """One form at a time. `show` is given the id of each container that it has made."""

    def __init__(
        self, engine: EngineService, machine: MachineService, transfers: Transfers, jobs: Jobs, tasks: Tasks,
        notices: Notices, asking: Asking, show: Callable[[str], None],
    ) -> None:  # fmt: skip
        self._engine, self._machine, self._transfers, self._jobs = engine, machine, transfers, jobs
        self._tasks, self._notices, self._asking, self._show = tasks, notices, asking, show
        self._form: RunForm | None = None
        self._pulling: asyncio.Task[Any] | None = None
        engine.objects.networks.changed.connect(lambda _: self._show_networks())

    def open(self, image: str = "") -> None:
        """`image`: the id of one, or nothing."""
        if self._form is not None:
            self._form.raise_()
            self._form.activateWindow()
            return
        tags = sorted({tag for record in self._engine.images for tag in record.tags})
        form = self._form = RunForm(self._asking.window, tags, self._reference(image))
        form.edited.connect(self._check)
        form.wished.connect(self._on_wish)
        form.finished.connect(lambda _result: self._on_closed())
        self._engine.objects.set_wanted(NETWORKS, WHO, True)
        self._show_networks()
        self._check()
        form.open()

    def _reference(self, id: str) -> str:
        record = self._engine.images.get(id)
        if record is None:
            return ""
        return record.tags[0] if record.tags else record.id.removeprefix("sha256:")[:12]

    def _show_networks(self) -> None:
        if self._form is not None:
            names = [network.name for network in self._engine.objects.networks if network.name != "bridge"]
            self._form.show_networks(names)

    def _known(self) -> Known:
        return Known.of(self._engine, self._machine.status.vm.cpus)

    def _check(self) -> Checked:
        assert self._form is not None
        known = self._known()
        checked = check(self._form.values(), known)
        image = checked.body["Image"]
        note = translate("RunForm", "The image is not here yet: it is pulled first.")
        self._form.show_check(
            checked.problems, checked.line, checked.right, "" if not image or known.has_image(image) else note
        )
        return checked

    def _on_wish(self) -> None:
        """Checked again: since it was typed, a name or a port may have been taken."""
        checked, form = self._check(), self._form
        if form is not None and checked.right:
            self._tell(form, _starting())
            self._tasks.spawn("run a container", self._run(form, checked))

    async def _run(self, form: RunForm, checked: Checked) -> None:
        try:
            await self._bring(form, checked.body["Image"])
            created = await run_container(self._engine, checked.name, checked.body, lambda: form is self._form)
        except EngineError as error:
            if form is not self._form:
                raise  # nobody sees the form any more
            form.show_refusal(_words(error))
            return
        if created is None:
            return
        if form is self._form:
            form.accept()
            self._show(created.id)
        for words in created.warnings:
            self._notices.say(Notice(translate("RunForm", "The engine warns"), words, kind="warning"))

    async def _bring(self, form: RunForm, image: str) -> None:
        """Pulls an image that is not here, as a task that the list shows; closing the form ends it."""
        if self._known().has_image(image):
            return
        self._tell(form, translate("RunForm", "%1 is being pulled; Tasks shows how far it is.").replace("%1", image))
        self._pulling = asyncio.current_task()
        try:
            job = await self._jobs.run("pull", image, self._transfers.pull(image))
        finally:
            self._pulling = None
        if job.state is JobState.CANCELLED:
            raise EngineError(translate("RunForm", "The pull of %1 was cancelled").replace("%1", image))
        if job.state is JobState.FAILED:
            raise EngineError(job.error, job.why, job.next_step)
        self._tell(form, _starting())

    def _tell(self, form: RunForm, words: str) -> None:
        """What is under way, unless the form was closed meanwhile."""
        if form is self._form:
            form.show_busy(words)

    def _on_closed(self) -> None:
        self._form = None
        self._engine.objects.set_wanted(NETWORKS, WHO, False)
        if self._pulling is not None:
            self._pulling.cancel()


def _starting() -> str:
    return translate("RunForm", "The container is being started…")


def _words(error: EngineError) -> str:
    return "\n".join(told(part) for part in (error.what, error.why, error.next_step) if part)
