"""Pages of volumes and networks, the palette and the dialogs: the whole window over the fake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from desktop.app import App
from desktop.core.engine import Link
from desktop.core.job import JobState
from desktop.core.machine import State
from desktop.core.paths import Home, MachineFiles
from desktop.shell.notices import KEPT
from desktop.views.finder import Finder
from desktop.views.notice_stack import Notice
from desktop.views.side_bar import PAGES
from tests.helpers import walk
from tests.helpers.fake import fake_machine, play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import running_app


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home, "--scenario", "running") as files:
        yield files


async def until(what: Callable[[], Any]) -> Any:
    async with asyncio.timeout(60):
        while not (found := what()):
            await asyncio.sleep(0.02)
    return found


def part(app: App, kind: type[Any], name: str) -> Any:
    found = [made for made in app.window.findChildren(kind, name) if made.isVisible()]
    return found[-1] if found else None


async def shown(app: App, kind: type[Any], name: str) -> Any:
    return await until(lambda: part(app, kind, name))


def column(pane: Any, key: str) -> list[str]:
    model = pane.model
    number = next(number for number, column in enumerate(model.columns) if column.key == key)
    return [model.index(row, number).data() for row in range(model.rowCount())]


async def up(app: App) -> None:
    await until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) == 5)


async def test_pages_are_made_when_opened_and_read_while_shown(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        assert app.window.findChild(QWidget, "volumes_pane") is None
        app.window.show_page("volumes")
        pane = await shown(app, QWidget, "volumes_pane")
        await until(lambda: pane.model.rowCount() == 4 and "1.9 GB" in part(app, QLabel, "volumes_summary").text())
        assert column(pane, "users")[1:] == ["cache", "–", "shop-db-1"]
        app.window.show_page("networks")
        pane = await shown(app, QWidget, "networks_pane")
        await until(lambda: pane.model.rowCount() == 5)
        assert column(pane, "members")[-1].startswith("shop-api-1 172.18.")
        app.window.show_page("overview")
        assert not app.engine.objects._wishes
        app.window.show_page("volumes")
        app.machine_actions.do("kill")
        await until(lambda: part(app, QLabel, "volumes_face_what"))
        await until(lambda: not part(app, QPushButton, "volumes_create").isEnabled())


async def test_forms_refuse_nonsense_and_the_engine_the_rest(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.window.show_page("volumes")
        await until(lambda: app.engine.objects.read["volume"] == "")
        (await shown(app, QPushButton, "volumes_create")).click()
        line = await shown(app, QLineEdit, "volume_form_name")
        ok = part(app, QPushButton, "volume_form_ok")
        for name, words in (("", ""), ("-x", "Names have"), ("cache-data", "There is a volume")):
            line.setText(name)
            assert not ok.isEnabled() and part(app, QLabel, "volume_form_problem").text().startswith(words)
        line.setText("fresh")
        ok.click()
        await until(lambda: app.engine.objects.volumes.get("fresh"))
        app.object_feed.on_volumes("remove", ["cache-data"])
        (await shown(app, QPushButton, "remove_question_remove")).click()
        await until(lambda: any("volume is in use" in notice.why for notice in app.notices.kept))


async def test_what_is_not_known_is_not_said_to_be_in_use(machine: MachineFiles, logs: LogWatch) -> None:
    """An engine that refuses to list, and one that is away: the palette offers it all the same."""
    async with running_app(machine.home, logs) as app:
        await up(app)
        await play(machine, "engine-error")
        for act in (app.object_feed.on_volumes, app.object_feed.on_networks):
            act("prune", [])
            await until(lambda: any("disk quota exceeded" in notice.why for notice in app.notices.kept))
            assert app.notices.kept[-1].what == "What can be freed is not known"
            app.notices.clear()
        await play(machine, "calm")
        await app.machine.stop()
        await until(lambda: app.engine.client is None)
        app.object_feed.on_volumes("prune", [])
        await until(lambda: any(notice.why == "the engine is not connected" for notice in app.notices.kept))


async def test_unused_are_named_with_their_size_before_they_go(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.object_feed.on_volumes("prune", [])
        why = await shown(app, QLabel, "remove_question_why")
        assert "old-backup  (536.9 MB)" in why.text() and "540.0 MB are freed" in why.text()
        part(app, QPushButton, "remove_question_remove").click()
        volumes = app.engine.objects.volumes
        await until(lambda: sorted(volume.name for volume in volumes) == ["cache-data", "shop_db-data"])


async def test_who_asks_again_before_the_engine_has_answered_is_asked_once(
    machine: MachineFiles, logs: LogWatch
) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        await play(machine, "engine-slow=0.5")
        for act in (app.object_feed.on_volumes, app.object_feed.on_networks):
            for _ in range(3):
                act("prune", [])
            await shown(app, QLabel, "remove_question_why")
            await asyncio.sleep(0.7)
            assert len(app.window.findChildren(QWidget, "remove_question")) == 1
            part(app, QPushButton, "remove_question_cancel").click()
            await until(lambda: app.window.findChild(QWidget, "remove_question") is None)


async def test_files_of_a_volume_are_browsed_and_its_helper_is_not_seen(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path
) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.window.show_page("volumes")
        pane = await shown(app, QWidget, "volumes_pane")
        await until(lambda: pane.model.rowCount() == 4)
        pane.table.selectRow(column(pane, "name").index("old-backup"))
        QTest.keyClick(pane.table, Qt.Key.Key_Return)
        tab = await shown(app, QWidget, "files_tab")
        await until(lambda: tab.table.isVisible() and tab.model.rowCount() == 2)
        assert tab.model.index(0, 0).data() == "2026/" and tab.table.isColumnHidden(3)
        assert walk.faults() == []
        tab.save_wanted.emit("/readme.txt", False, str(tmp_path / "readme"), 16)
        await until(lambda: [job.state for job in app.jobs.store] == [JobState.DONE])
        assert (tmp_path / "readme").read_text() == "kept since May\n"
        assert len(app.engine.containers) == 5 and len(app.engine.images) == 5
        QTest.keyClick(tab.table, Qt.Key.Key_Escape)
        await until(lambda: part(app, QWidget, "volumes_pane"))
        await until(lambda: not [task for task in app.tasks._tasks if task.get_name() == "close files"])
        app.object_feed.on_volumes("remove", ["old-backup"])  # no helper holds it
        (await shown(app, QPushButton, "remove_question_remove")).click()
        await until(lambda: app.engine.objects.volumes.get("old-backup") is None)


async def test_notices_are_listed_with_their_time_and_counted(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.notices.clear()
        for number in range(2):
            app.notices.say(Notice(f"number {number}", "why", "next", kind="error"))
        assert part(app, QToolButton, "page_notices").text() == "Notices (2)"
        app.window.activateWindow()
        await until(app.window.isActiveWindow)
        QTest.keyClick(app.window, Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
        await shown(app, QLabel, "listed_0_what")
        assert part(app, QLabel, "listed_1_what").text() == "number 1" and part(app, QLabel, "listed_1_when").text()
        assert part(app, QToolButton, "page_notices").text() == "Notices"
        read = part(app, QLabel, "listed_0_why")
        read.setSelection(0, 3)
        app.notices.say(Notice("meanwhile"))
        await shown(app, QLabel, "listed_2_what")
        await until(lambda: part(app, QWidget, "listed_2").y() < part(app, QWidget, "listed_0").y())
        assert part(app, QLabel, "listed_2_what").text() == "meanwhile" and read.selectedText() == "why"
        for number in range(20):
            app.notices.say(Notice(f"later {number}"))
        bar = part(app, QScrollArea, "notice_list_scroll").verticalScrollBar()
        await until(lambda: bar.maximum() > 500)
        bar.setValue(bar.maximum())
        at = read.mapTo(app.window, QPoint()).y()
        app.notices.say(Notice("one more"))
        await shown(app, QLabel, "listed_23_what")
        await asyncio.sleep(0.1)
        await until(lambda: abs(read.mapTo(app.window, QPoint()).y() - at) < 3)
        for number in range(KEPT):
            app.notices.say(Notice(f"latest {number}"))
        await until(lambda: part(app, QLabel, "listed_0_what") is None)
        assert walk.faults() == []
        part(app, QPushButton, "notice_list_clear").click()
        await shown(app, QLabel, "notice_list_face_what")
        part(app, QPushButton, "notice_list_close").click()
        await until(lambda: not part(app, QWidget, "notice_list"))


def focus() -> str:
    focused = QApplication.focusWidget()
    return focused.objectName() if focused is not None else ""


class Windows(QObject):
    """Every window that comes up."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, which: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(which, QWidget) and which.isWindow():
            self.shown.append(which.objectName())
        return False


async def test_keys_lead_to_what_a_page_shows(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.window.activateWindow()
        windows = Windows()
        QApplication.instance().installEventFilter(windows)
        app.machine_actions.do("stop")
        await until(lambda: app.machine.status.state is State.STOPPED)
        for number, page in enumerate(PAGES, 1):
            QTest.keyClick(app.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
            await until(lambda page=page: app.window.page() == page)
            if page not in ("overview", "console", "settings"):
                await until(lambda page=page: focus() == ("jobs" if page == "tasks" else page) + "_face_button")
        QTest.keyClick(app.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: focus() == "containers_face_button")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
        await until(lambda: part(app, QWidget, "containers_table") and focus() == "containers_table")
        QApplication.instance().removeEventFilter(windows)
        assert windows.shown == []  # a page in the making is no window for a moment


async def test_a_clone_is_a_task(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        await app.engine.objects.refresh("volume")
        app.object_feed.on_volumes("clone", ["cache-data"])
        (await shown(app, QPushButton, "volume_clone_ok")).click()
        await until(lambda: [job.state for job in app.jobs.store] == [JobState.DONE])
        assert app.engine.objects.volumes.get("cache-data-copy")


async def test_palette_finds_pages_things_and_their_acts_by_keys(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)

        async def typed(text: str) -> QLineEdit:
            app.window.palette_requested.emit()
            line: QLineEdit = await shown(app, QLineEdit, "palette_line")
            QTest.keyClicks(line, text)
            return line

        QTest.keyClick(await typed("networ"), Qt.Key.Key_Return)
        await until(lambda: app.window.page() == "networks")
        line = await typed("stop cac")
        assert part(app, QListWidget, "palette_list").item(0).text() == "Stop: cache"
        assert line.accessibleDescription() == "Stop: cache, Containers"
        QTest.keyClick(line, Qt.Key.Key_Return)
        await until(lambda: any(each.name == "cache" and not each.running for each in app.engine.containers))
        QTest.keyClick(await typed("shpdb1"), Qt.Key.Key_Return)
        acts = await until(
            lambda: next((each for each in app.window.findChildren(Finder) if each._entries[0].title == "Logs"), None)
        )
        assert "Stop" in [entry.title for entry in acts._entries]
        acts.reject()
        await until(lambda: not app.engine.objects._wishes)
        assert await until(lambda: not part(app, QLineEdit, "palette_line"))


async def test_a_container_joins_a_network_and_leaves_it(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.window.show_page("networks")
        lab = await until(lambda: next((each for each in app.engine.objects.networks if each.name == "lab"), None))

        def holds(members: list[str]) -> bool:
            found = app.engine.objects.networks.get(lab.id)
            return found is not None and [member.name for member in found.members] == members

        for act, name in (("connect", "cache"), ("disconnect", "")):
            app.object_feed.on_networks(act, [lab.id])
            line = await shown(app, QLineEdit, f"network_{act}_line")
            QTest.keyClicks(line, name)
            QTest.keyClick(line, Qt.Key.Key_Return)
            await until(partial(holds, [name] if name else []))


async def test_sizes_are_known_again_after_the_engine_was_away(machine: MachineFiles, logs: LogWatch) -> None:
    """Also where the page is the first that is looked at, before the engine answers."""
    async with running_app(machine.home, logs) as app:
        await up(app)
        app.window.show_page("volumes")
        summary = await shown(app, QLabel, "volumes_summary")
        await until(lambda: "1.9 GB" in summary.text())
        app.machine_actions.do("kill")
        await until(lambda: app.machine.status.state is State.STOPPED and app.engine.link.link is Link.OFF)
        assert summary.text() == ""
        app.machine_actions.do("start")
        await until(lambda: "1.9 GB" in summary.text())
