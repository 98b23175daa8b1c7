"""Quitting: what becomes of the machine is said, and is what the user chose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QPushButton

from desktop.client.supervisor import SupervisorClient
from desktop.core.machine import State
from desktop.core.paths import Home
from desktop.core.settings import OnQuit
from desktop.services.jobs import Jobs
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.shell.actions import MachineActions
from desktop.shell.asking import Asking
from desktop.shell.notices import Notices
from desktop.shell.quitting import Quitting
from desktop.shell.tasks import Tasks
from desktop.shell.window import MainWindow
from desktop.views.plain import PlainLabel
from desktop.views.question import Question
from tests.helpers.fake import fake_machine

DEADLINE_S = 60.0


@dataclass
class Rig:
    client: SupervisorClient
    machine: MachineService
    preferences: Preferences
    notices: Notices
    window: MainWindow
    quitting: Quitting
    tasks: Tasks
    jobs: Jobs

    async def question(self) -> Question:
        async with asyncio.timeout(DEADLINE_S):
            while not (found := self.window.findChildren(Question)) or not found[-1].isVisible():
                await asyncio.sleep(0.01)
        return found[-1]

    async def choose(self, answer: str) -> None:
        button = (await self.question()).findChild(QPushButton, f"quit_question_{answer}")
        assert button is not None
        button.click()

    async def done(self) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await self.quitting.done.wait()


@pytest_asyncio.fixture
async def rig(home: Home, tmp_path: Path) -> AsyncIterator[Rig]:
    """A pretended machine that runs."""
    with fake_machine(home):
        machine, preferences, notices = MachineService(home.machine()), Preferences(home), Notices()
        await machine.start()
        window = MainWindow(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
        tasks, asking, jobs = Tasks(notices.failed), Asking(window), Jobs()
        quitting = Quitting(
            machine, preferences, MachineActions(machine, tasks, asking), asking, notices, tasks, jobs
        )
        yield Rig(SupervisorClient(home.machine()), machine, preferences, notices, window, quitting, tasks, jobs)
        await tasks.close(DEADLINE_S)
        window.hide()
        window.deleteLater()


@pytest.mark.parametrize(
    ("answer", "state"), [("suspend", State.SUSPENDED), ("stop", State.STOPPED), ("leave", State.RUNNING)]
)
async def test_the_answer_is_what_becomes_of_the_machine(rig: Rig, answer: str, state: State) -> None:
    rig.quitting.request()
    await rig.choose(answer)
    await rig.done()
    assert (await rig.client.status()).state is state


async def test_the_answer_may_be_kept_for_good(rig: Rig) -> None:
    for answer in ("cancel", "leave"):
        assert rig.preferences.app.on_quit is OnQuit.ASK
        rig.quitting.request()
        box = (await rig.question()).findChild(QCheckBox, "quit_question_tick")
        assert box is not None and not box.isChecked()
        box.click()
        await rig.choose(answer)
        await asyncio.sleep(0.05)
    await rig.done()
    assert Preferences(rig.machine.files.home).app.on_quit is OnQuit.LEAVE


async def test_the_usual_answer_is_to_suspend_and_that_is_said(rig: Rig) -> None:
    rig.quitting.request()
    question = await rig.question()
    usual = [button.objectName() for button in question.findChildren(QPushButton) if button.isDefault()]
    assert usual == ["quit_question_suspend"]
    what = question.findChild(PlainLabel, "quit_question_what")
    assert what is not None and what.text() == "Quitting suspends the machine"
    await rig.choose("cancel")
    await asyncio.sleep(0.1)
    assert not rig.quitting.done.is_set()
    assert (await rig.client.status()).state is State.RUNNING


async def test_what_is_set_is_done_without_asking(rig: Rig) -> None:
    rig.preferences.save(on_quit=OnQuit.SUSPEND)
    rig.quitting.request()
    await rig.done()
    assert (await rig.client.status()).state is State.SUSPENDED
    assert not rig.window.findChildren(Question)


async def test_where_it_cannot_be_suspended_why_is_told_and_the_rest_is_offered(rig: Rig) -> None:
    rig.preferences.save(on_quit=OnQuit.SUSPEND)
    await rig.client.kill()  # which the app has not heard of
    rig.quitting.request()
    question = await rig.question()
    assert question.findChild(QPushButton, "quit_question_suspend") is None
    assert rig.notices.kept[-1].what == "The machine cannot be suspended"
    await rig.choose("leave")
    await rig.done()


async def test_what_quitting_would_cut_off_is_asked_about(rig: Rig) -> None:
    rig.preferences.save(on_quit=OnQuit.LEAVE)
    rig.tasks.spawn("pull", rig.jobs.run("pull", "nginx <b>", lambda report: asyncio.sleep(3600)))
    while not rig.jobs.running():
        await asyncio.sleep(0)
    for answer in ("cancel", "quit"):
        rig.quitting.request()
        question = await rig.question()
        why = question.findChild(PlainLabel, "cut_off_question_why")
        assert why is not None and "Pull nginx <b>" in why.text()
        button = question.findChild(QPushButton, f"cut_off_question_{answer}")
        assert button is not None
        assert not rig.quitting.done.is_set()
        button.click()
        await asyncio.sleep(0.05)
    await rig.done()
