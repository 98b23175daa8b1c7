"""The two acts that delete: each says what is lost, and takes a word that is typed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from desktop.app import App
from desktop.core.machine import State
from desktop.core.paths import MachineFiles
from desktop.engine.context import DockerContexts
from desktop.shell.deleting import delete_shown
from desktop.views.plain import PlainLabel
from desktop.views.question import Question
from tests.helpers import walk
from tests.helpers.fake import play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import machine, running_app, until  # noqa: F401 (a fixture)


async def type_it(app: App, name: str) -> None:
    """Types the word; before that Return does nothing."""
    await until(lambda: app.window.findChild(QLineEdit, f"{name}_text") is not None)
    assert walk.faults() == []
    edit, done = app.window.findChild(QLineEdit, f"{name}_text"), app.window.findChild(QPushButton, f"{name}_done")
    for text in ("", "yes"):
        edit.setText(text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert not done.isEnabled() and done.isVisible()
    edit.setText("Delete ")
    done.click()


async def test_engine_data_go_after_a_typed_word(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with running_app(machine.home, logs) as app:
        await play(machine, "running")
        await until(lambda: app.machine.status.state is State.RUNNING)
        app.window.show_page("settings")
        app.window.findChild(QPushButton, "reset_engine").click()
        await type_it(app, "reset_question")
        await until(lambda: app.machine.status.state is State.STOPPED)
        assert not app.quitting.deletes_everything


@pytest.mark.parametrize("sure", [True, False])
async def test_everything_goes_when_the_app_has_ended(machine: MachineFiles, logs: LogWatch, sure: bool) -> None:  # noqa: F811
    async with running_app(machine.home, logs) as app:
        app.window.show_page("settings")
        app.window.findChild(QPushButton, "delete_everything").click()
        if sure:
            await type_it(app, "everything_question")
            await until(app.quitting.done.is_set)
        else:
            await until(lambda: app.window.findChild(QPushButton, "everything_question_cancel") is not None)
            app.window.findChild(QPushButton, "everything_question_cancel").click()
            await until(lambda: app.window.findChild(QPushButton, "everything_question_cancel") is None)
        assert app.quitting.deletes_everything is sure


def open_question() -> Question | None:
    return next((one for one in QApplication.topLevelWidgets() if isinstance(one, Question) and one.isVisible()), None)


@pytest.mark.parametrize("is_all", [True, False])
async def test_deletion_is_shown_until_it_ends_and_so_is_what_is_left(
    machine: MachineFiles,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_all: bool,
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "DOCKER_CONFIG"):
        monkeypatch.setenv(name, str(tmp_path))
    DockerContexts().write(machine.docker_socket)
    if not is_all:
        DockerContexts()._meta_file("moorage").write_text(json.dumps({"Name": "moorage"}))
    deleting = asyncio.create_task(delete_shown(machine.home))
    await asyncio.sleep(0)
    shown = open_question()
    assert shown is not None and shown.objectName() == "deleting" and walk.faults() == []
    shown.reject()  # putting it away stops nothing
    if not is_all:
        await until(lambda: (found := open_question()) is not None and found.objectName() == "not_deleted")
        failed = open_question()
        assert failed is not None and walk.faults() == []
        assert "was not made by Moorage. It is left" in failed.findChild(PlainLabel, "not_deleted_why").text()
        assert not deleting.done() and not machine.home.base.exists()
        failed.findChild(QPushButton, "not_deleted_close").click()
    assert await deleting == (0 if is_all else 1)
    assert ("was not made by Moorage" in capsys.readouterr().err) is not is_all
    assert open_question() is None
    machine.home.base.mkdir()  # which the fixture of it takes away
