"""Settings: shown as they are saved, saved as they are changed, and told to the supervisor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QTimer

from desktop.core.errors import MoorageError
from desktop.core.host import HostInfo
from desktop.core.settings import AT_LOGIN
from desktop.services.machine import MachineService
from desktop.services.preferences import MACHINE_KEYS, Preferences
from desktop.views.notice_stack import Notice
from desktop.views.told import told

from .notices import Notices
from .settings_watch import SettingsWatch
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.views.settings_pane import SettingsPane


ZOOMED_MS = 500
"""A key that zooms and is held down writes the settings once, so long after the last step."""


class SettingsFeed:
    """Follows the machine too, which tells what it takes at its next start."""

    def __init__(self, preferences: Preferences, machine: MachineService, notices: Notices, tasks: Tasks) -> None:
        self._preferences, self._machine = preferences, machine
        self._notices, self._tasks = notices, tasks
        self._pane: SettingsPane | None = None
        self._host = HostInfo(cpus=preferences.machine.cpus, memory_mib=preferences.machine.memory_mib)
        self._font_px: int | None = None  # that is to be saved
        self._watch: SettingsWatch | None = None
        self._writing = 0  # changes that are on their way to the disk
        self._zoomed = QTimer(singleShot=True, interval=ZOOMED_MS)
        self._zoomed.timeout.connect(lambda: tasks.spawn("settings", self.save_font_px()))
        machine.changed.connect(lambda _: self._show_pending())
        preferences.changed.connect(lambda _: self._refresh())

    def serve(self, pane: SettingsPane) -> None:
        self._pane = pane
        pane.save_requested.connect(lambda key, value: self._on_save(pane, key, value))
        pane.shown.connect(self._look_again_soon)
        self._refresh()

    def begin(self) -> None:
        """Follows the files from now on: what others write in them holds as what is chosen here."""
        self._watch = SettingsWatch(self._preferences.base, self._preferences.files)
        self._watch.changed.connect(self._look_again_soon)
        self._look_again_soon()

    def close(self) -> None:
        if self._watch is not None:
            self._watch.deleteLater()
            self._watch = None

    def _look_again_soon(self) -> None:
        self._tasks.spawn("settings", self._look_again())

    async def _look_again(self) -> None:
        before = self._preferences.machine
        await self._preferences.look_again()
        if self._preferences.machine != before:
            await self._machine.settings_changed()

    def tell_problem(self) -> None:
        """With the app's own; the machine's is one of its warnings."""
        if (problem := self._preferences.app_problem) is not None:
            what, why, next_step = map(told, (problem.what, problem.why, problem.next_step))
            self._notices.say(Notice(what, why, next_step, kind="warning", key=f"settings:{problem}"))

    def keep_font_px(self, font_px: int) -> None:
        """A console was zoomed: soon the others, and the next ones, are as large."""
        self._font_px = font_px
        self._zoomed.start()

    async def save_font_px(self) -> None:
        """Now, where one is still to be saved."""
        self._zoomed.stop()
        font_px, self._font_px = self._font_px, None
        if font_px is None:
            return
        try:
            await self._preferences.put(console_font_px=font_px)
        except MoorageError as error:
            self._notices.say(Notice(told(error.what), told(error.why), kind="warning", key="settings:console_font_px"))

    def show_host(self, host: HostInfo) -> None:
        """Limits of the values are what the host has."""
        self._host = host
        self._refresh()

    def _refresh(self) -> None:
        """Not while a change is written: what was chosen since would be set back under the user's hand."""
        if self._pane is None or self._writing:
            return
        preferences = self._preferences
        self._pane.show_values(preferences.app, preferences.machine, self._host.cpus, self._host.memory_mib)
        self._show_pending()

    def _on_save(self, pane: SettingsPane, key: str, value: Any) -> None:
        if key == AT_LOGIN:
            return
        self._tasks.spawn("settings", self._save(pane, key, value))

    async def _save(self, pane: SettingsPane, key: str, value: Any) -> None:
        self._writing += 1
        problem: MoorageError | None = None
        try:
            await self.save_font_px()
            await self._preferences.put(**{key: value})
        except MoorageError as error:
            problem = error
        finally:
            self._writing -= 1
            self._refresh()
        if problem is not None:
            words = QCoreApplication.translate("SettingsFeed", "%1: %2")
            parts = {"%1": told(problem.what), "%2": told(problem.why)}
            pane.show_problem(key, re.sub("%[12]", lambda place: parts[place[0]], words))
        elif key in MACHINE_KEYS:
            await self._machine.settings_changed()

    def _show_pending(self) -> None:
        if self._pane is not None:
            self._pane.show_pending(bool(self._machine.status.vm.restart_for))
