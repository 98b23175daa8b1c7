"""A restart that the guest is late for: the question in the window, and what becomes of the machine meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QPushButton

from desktop.core.machine import State
from desktop.core.paths import Home
from desktop.services.machine import MachineService
from desktop.shell.actions import MachineActions
from desktop.shell.asking import Asking
from desktop.shell.notices import Notices
from desktop.shell.tasks import Tasks
from desktop.shell.window import MainWindow
from desktop.views.question import Question
from tests.helpers.fake import fake_machine, play

DEADLINE_S = 60.0


async def test_answer_that_comes_after_the_restart_kills_nothing(home: Home, tmp_path: Path) -> None:
    with fake_machine(home) as files:
        files.config.write_text("stop_deadline_s = 5\n")
        machine, notices = MachineService(files), Notices()
        await machine.start()
        window = MainWindow(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
        tasks = Tasks(notices.failed)
        follows = tasks.spawn("machine", machine.follow())
        await play(files, "stop-late")
        MachineActions(machine, tasks, Asking(window)).do("restart")
        async with asyncio.timeout(DEADLINE_S):
            while not (asked := window.findChildren(Question)) or not asked[-1].isVisible():
                await asyncio.sleep(0.01)
            await play(files, "calm")
            await play(files, "powers-off")
            while machine.status.state is not State.RUNNING:
                await asyncio.sleep(0.01)
        kill = asked[-1].findChild(QPushButton, "kill_question_kill")
        assert kill is not None
        pid = machine.status.since
        kill.click()
        await asyncio.sleep(0.3)
        assert (await machine.look()).state is State.RUNNING and machine.status.since == pid
        assert follows is not None
        await tasks.close(DEADLINE_S)
        window.hide()
        window.deleteLater()
