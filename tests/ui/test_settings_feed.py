"""A machine that runs with older settings is said to, where that makes a difference."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.shell.notices import Notices
from desktop.shell.settings_feed import SettingsFeed
from desktop.shell.tasks import Tasks
from desktop.views.settings_pane import SettingsPane


async def test_a_restart_is_offered_for_what_needs_one(home: Home) -> None:
    pane, preferences, machine, notices = SettingsPane(), Preferences(home), MachineService(home.machine()), Notices()
    tasks = Tasks(notices.failed)
    feed = SettingsFeed(pane, preferences, machine, notices, tasks)
    feed.begin()
    machine.changed.emit(MachineStatus(state=State.RUNNING))
    pending = pane.findChild(QFrame, "pending_restart")
    assert pending is not None
    pane.save_requested.emit("suspend_after_min", 30)
    assert preferences.machine.suspend_after_min == 30 and pending.isHidden()
    pane.save_requested.emit("cpus", 1)
    assert not pending.isHidden()
    assert await tasks.close(5) == []
    pane.deleteLater()
