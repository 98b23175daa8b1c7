"""A machine that runs with older settings is said to, where that makes a difference."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFrame, QSpinBox

from desktop.core.machine import MachineStatus, State, Vm
from desktop.core.paths import Home
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.shell.notices import Notices
from desktop.shell.settings_feed import SettingsFeed
from desktop.shell.tasks import Tasks
from desktop.views.settings_pane import SettingsPane
from desktop.views.terminal_style import style_of


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


async def opened_for(pipe: Path) -> int:
    """Its end to write to, once somebody reads, who waits until that is closed."""
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # there is no reader yet
            await asyncio.sleep(0.01)


async def test_a_zoomed_consoles_text_size_is_kept(home: Home) -> None:
    pane, preferences, machine, notices = SettingsPane(), Preferences(home), MachineService(home.machine()), Notices()
    feed = SettingsFeed(preferences, machine, notices, Tasks(notices.failed))
    feed.serve(pane)
    saves: list[int] = []
    preferences.changed.connect(lambda now: saves.append(now.app.console_font_px))
    for font_px in (15, 16, 17, 18):  # a key that is held down
        feed.keep_font_px(font_px)
    assert saves == [] and not home.settings_file.exists()
    await until(lambda: bool(saves))
    assert saves == [18]
    size = pane.findChild(QSpinBox, "setting_console_font_px")
    assert size is not None and size.value() == 18
    assert style_of(Preferences(home).app).font_px == 18
    home.settings_file.unlink()
    home.settings_file.mkdir()  # nothing can be written there
    said: list[object] = []
    notices.said.connect(said.append)
    feed.keep_font_px(19)
    await feed.save_font_px()  # as at the end
    await feed.save_font_px()
    assert len(said) == 1
    pane.deleteLater()


async def test_a_restart_is_offered_for_what_needs_one(home: Home) -> None:
    pane, preferences, machine, notices = SettingsPane(), Preferences(home), MachineService(home.machine()), Notices()
    tasks = Tasks(notices.failed)
    feed = SettingsFeed(preferences, machine, notices, tasks)
    feed.serve(pane)
    machine.changed.emit(MachineStatus(state=State.RUNNING))
    pending = pane.findChild(QFrame, "pending_restart")
    assert pending is not None
    pane.save_requested.emit("suspend_after_min", 30)
    await until(lambda: preferences.machine.suspend_after_min == 30)
    assert pending.isHidden()
    machine.status = MachineStatus(state=State.RUNNING, vm=Vm(restart_for=("cpus",)))
    machine.changed.emit(machine.status)
    assert not pending.isHidden()
    machine.status = MachineStatus(state=State.STOPPED)
    machine.changed.emit(machine.status)
    assert pending.isHidden()
    assert await tasks.close(60) == []
    pane.deleteLater()


async def test_a_disk_that_takes_its_time_holds_up_no_window_and_no_choice(home: Home) -> None:
    pane, preferences, machine, notices = SettingsPane(), Preferences(home), MachineService(home.machine()), Notices()
    tasks = Tasks(notices.failed)
    SettingsFeed(preferences, machine, notices, tasks).serve(pane)
    size = pane.findChild(QSpinBox, "setting_console_font_px")
    assert size is not None
    home.base.mkdir(parents=True, exist_ok=True)
    os.mkfifo(home.settings_file)  # whoever reads it waits
    for font_px in (20, 21, 22):
        size.setValue(font_px)
    writer = await opened_for(home.settings_file)
    await asyncio.sleep(0.1)
    assert preferences.app.console_font_px not in (20, 21, 22) and size.value() == 22
    seen: list[int] = []
    size.valueChanged.connect(seen.append)
    home.settings_file.unlink()  # no pipe is replaced by a file
    os.close(writer)
    await until(lambda: preferences.app.console_font_px == 22)
    assert seen == [] and style_of(Preferences(home).app).font_px == 22
    assert await tasks.close(60) == []
    pane.deleteLater()


async def test_settings_are_shown_as_others_have_written_them(home: Home) -> None:
    pane, preferences, machine, notices = SettingsPane(), Preferences(home), MachineService(home.machine()), Notices()
    tasks = Tasks(notices.failed)
    SettingsFeed(preferences, machine, notices, tasks).serve(pane)
    Preferences(home).save(suspend_after_min=77)
    after = pane.findChild(QSpinBox, "setting_suspend_after_min")
    assert after is not None and after.value() != 77
    pane.show()
    await until(lambda: after.value() == 77)
    assert await tasks.close(60) == []
    pane.close()
    pane.deleteLater()


async def test_what_others_write_in_the_files_holds_at_once_and_is_shown(home: Home) -> None:
    """As `moorage config` writes it, which replaces the file; as an editor that writes into it; and into a new one."""
    pane, preferences, machine, notices = SettingsPane(), Preferences(home), MachineService(home.machine()), Notices()
    tasks = Tasks(notices.failed)
    feed = SettingsFeed(preferences, machine, notices, tasks)
    feed.serve(pane)
    pane.show()
    feed.begin()
    after = pane.findChild(QSpinBox, "setting_suspend_after_min")
    assert after is not None
    await asyncio.sleep(0.3)  # what was there is looked at
    for minutes in (77, 78):
        Preferences(home).save(suspend_after_min=minutes)  # the first makes the machine's folder
        await until(lambda minutes=minutes: after.value() == minutes)  # type: ignore[misc]
    for theme in ("dark", "light"):
        with home.settings_file.open("w") as file:
            file.write(f'theme = "{theme}"\n')
        await until(lambda theme=theme: preferences.app.theme == theme)  # type: ignore[misc]
    feed.close()
    assert await tasks.close(60) == []
    pane.close()
    pane.deleteLater()
