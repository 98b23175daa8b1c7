"""A minimised window costs as little as a hidden one: nobody sees it, though Qt calls its parts visible."""

from __future__ import annotations

import asyncio

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.app import App
from desktop.core.paths import MachineFiles
from desktop.services.job_report import Report
from desktop.shell import job_feed
from desktop.views.on_screen import OnScreen
from tests.helpers.fake import play
from tests.helpers.log_watch import LogWatch

from .test_container_detail import detail, lines, opened
from .test_every_widget import machine, running_app, until  # noqa: F401 (a fixture)


class Part(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.on_screen = OnScreen(self)

    def showEvent(self, event: QShowEvent) -> None:
        self.on_screen.tell()

    def hideEvent(self, event: QHideEvent) -> None:
        self.on_screen.tell()


def test_a_part_is_seen_while_its_window_is() -> None:
    window, part = QWidget(), Part()
    told: list[bool] = []
    part.on_screen.changed.connect(told.append)
    QVBoxLayout(window).addWidget(part)
    window.show()
    assert told == [True]
    window.showMinimized()
    assert told == [True, False]
    part.hide()
    window.showNormal()
    assert told == [True, False]
    part.show()
    window.hide()
    assert told == [True, False, True, False]
    window.showMinimized()
    assert told[4:] == []
    window.close()
    window.deleteLater()


def measured(app: App) -> bool:
    return any(record.memory_bytes is not None for record in app.engine.containers)


async def test_nothing_is_measured_or_followed_while_minimised(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        app.containers_page.go_back()
        await until(lambda: measured(app))
        app.window.showMinimized()
        await until(lambda: not measured(app))
        app.window.showNormal()
        await until(lambda: measured(app))
        app._on_containers("logs", [app.containers.selected()[0].id])
        await until(lambda: len(lines(app)) >= 40)
        app.window.showMinimized()
        names = ("log", "stats")
        await until(lambda: not [task for task in app.tasks._tasks if task.get_name() in names])
        await play(machine, "chatter=50")
        detail(app).show_tab("stats")
        detail(app).show_tab("logs")
        before = len(lines(app))
        await asyncio.sleep(0.3)
        assert len(lines(app)) == before
        assert not [task for task in app.tasks._tasks if task.get_name() in names]
        app.window.showNormal()
        await until(lambda: len(lines(app)) > before)


async def test_what_ends_while_minimised_is_told_though_its_page_is_in_front(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    async def work(report: Report) -> None:
        pass

    async with running_app(machine.home, logs) as app:
        app.window.show_page(job_feed.PAGE)
        app.window.showMinimized()
        app.job_feed.begin("save", "a.tar", work)
        await until(lambda: any("a.tar" in notice.what for notice in app.notices.kept))
