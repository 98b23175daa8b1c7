"""Settings: shown as they are saved, saved as they are changed, and told to the supervisor."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError
from desktop.core.host import HostInfo
from desktop.core.machine import LIVE, MachineStatus
from desktop.core.settings import TAKEN_AT_ONCE, MachineSettings
from desktop.services.machine import MachineService
from desktop.services.preferences import MACHINE_KEYS, Preferences
from desktop.views.notice_stack import Notice
from desktop.views.settings_pane import SettingsPane
from desktop.views.told import told

from .notices import Notices
from .tasks import Tasks


class SettingsFeed:
    def __init__(
        self,
        pane: SettingsPane,
        preferences: Preferences,
        machine: MachineService,
        notices: Notices,
        tasks: Tasks,
    ) -> None:
        self._pane, self._preferences, self._machine = pane, preferences, machine
        self._notices, self._tasks = notices, tasks
        self._host = HostInfo(cpus=preferences.machine.cpus, memory_mib=preferences.machine.memory_mib)
        self._runs_with: MachineSettings | None = None
        pane.save_requested.connect(self._on_save)
        machine.changed.connect(self._on_status)
        preferences.changed.connect(lambda _: self._refresh())

    def begin(self) -> None:
        self._refresh()
        for problem in self._preferences.problems:
            what, why, next_step = map(told, (problem.what, problem.why, problem.next_step))
            self._notices.say(Notice(what, why, next_step, kind="warning", key=f"settings:{problem}"))

    def show_host(self, host: HostInfo) -> None:
        """Limits of the values are what the host has."""
        self._host = host
        self._refresh()

    def _refresh(self) -> None:
        preferences = self._preferences
        self._pane.show_values(preferences.app, preferences.machine, self._host.cpus, self._host.memory_mib)
        self._show_pending()

    def _on_save(self, key: str, value: Any) -> None:
        try:
            self._preferences.save(**{key: value})
        except MoorageError as error:
            self._refresh()
            words = QCoreApplication.translate("SettingsFeed", "%1: %2")
            parts = {"%1": told(error.what), "%2": told(error.why)}
            self._pane.show_problem(key, re.sub("%[12]", lambda place: parts[place[0]], words))
            return
        if key in MACHINE_KEYS:
            self._tasks.spawn("settings", self._machine.settings_changed())

    def _on_status(self, status: MachineStatus) -> None:
        if status.state not in LIVE:
            self._runs_with = None
        elif self._runs_with is None:
            self._runs_with = self._preferences.machine
        self._show_pending()

    def _show_pending(self) -> None:
        wished, vm = self._preferences.machine, self._machine.status.vm
        if self._runs_with is None:
            self._pane.show_pending(False)
            return
        # A VM that was started before the app is known by what it was given.
        others = vm.cpus and (vm.cpus, vm.memory_mib) != (wished.cpus, wished.memory_mib)
        taken = {key: getattr(wished, key) for key in TAKEN_AT_ONCE}
        self._pane.show_pending(bool(others) or msgspec.structs.replace(self._runs_with, **taken) != wished)
