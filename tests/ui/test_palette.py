"""The command palette over the whole window: its key, and that every act and every thing is found there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QMenu

from desktop.app import App
from desktop.core.engine import Link
from desktop.core.paths import MachineFiles
from desktop.services.job_report import Report
from desktop.views.finder import Finder
from desktop.views.stream_words import Phase
from tests.helpers.fake import play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import machine, running_app, until  # noqa: F401 (a fixture)


@asynccontextmanager
async def running(files: MachineFiles, logs: LogWatch) -> AsyncIterator[App]:
    async with running_app(files.home, logs) as app:
        await play(files, "running")
        await until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) == 5)
        app.window.activateWindow()
        await until(app.window.isActiveWindow)
        yield app


def shown(app: App) -> list[Finder]:
    return [each for each in app.window.findChildren(Finder) if each.isVisible()]


async def opened(app: App) -> Finder:
    async with asyncio.timeout(60):
        while not shown(app):  # one that was left a moment ago may still be on its way out
            app.window.activateWindow()  # as the desktop does when a dialog goes
            QTest.keyClick(app.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
            await asyncio.sleep(0.02)
    return shown(app)[0]


async def titles(app: App, text: str) -> list[str]:
    """What is found for `text`; the palette is left."""
    palette = await opened(app)
    edit = palette.findChild(QLineEdit)
    assert edit is not None
    edit.setText(text)
    rows = palette.findChild(QListWidget)
    found = [rows.item(number).text() for number in range(rows.count())]
    palette.reject()
    await until(lambda: not palette.isVisible())
    return found


async def chosen(app: App, *texts: str) -> None:
    """Opens it by its key, and takes the first that is found for each text."""
    palette = await opened(app)
    for number, text in enumerate(texts):
        if number:
            await until(lambda before=palette: shown(app) and before not in shown(app))
            (palette,) = shown(app)
        edit = palette.findChild(QLineEdit)
        assert edit is not None
        edit.setText(text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
    await until(lambda: not shown(app))


FOUND = (
    ("pull", "Images: Pull…"), ("build", "Images: Build…"), ("load", "Images: Load…"), ("clean", "Images: Clean up…"),
    ("delete engine", "Delete engine data…"), ("theme", "Theme"), ("stats cache", "Stats: cache"),
    ("files cache", "Files: cache"), ("terminal cache", "Terminal: cache"), ("copy cache", "Copy name: cache"),
    ("stop", "Stop: shop"), ("stop", "Stop: cache"), ("stop", "Stop the machine"), ("pause", "Pause: cache"),
    ("group compose", "Group by Compose project"), ("copy cache", "Copy ID: cache"),
    ("open cache", "Open http://127.0.0.1:6379/: cache"), ("stop shop", "Stop: shop"),
)  # fmt: skip


async def test_every_act_is_found(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with running(machine, logs) as app:
        for text, title in FOUND:
            assert title in await titles(app, text), (text, title)
        for _, title in app.settings.titles():
            assert title in await titles(app, title)


FOUND_IN_CHINESE = (
    ("logs", "日志: cache"), ("logs cache", "日志: cache"), ("start", "启动: old-report"), ("start", "重启虚拟机"),
    ("remove cache", "删除: cache"), ("sto", "停止虚拟机"), ("sto", "停止: cache"), ("copy cache", "复制名称: cache"),
    ("open cache", "打开 http://127.0.0.1:6379/: cache"), ("networks", "网络"), ("pull", "镜像: 拉取…"),
    ("images pull", "镜像: 拉取…"), ("theme", "主题"), ("shell in the machine", "在虚拟机中打开 shell"),
    ("delete engine", "删除引擎数据…"), ("containers cache", "cache"), ("日志", "日志: cache"), ("容器", "容器"),
)  # fmt: skip


async def test_a_chinese_window_finds_english_too(
    machine: MachineFiles,  # noqa: F811
    logs: LogWatch,
    speak: Callable[[str], None],
) -> None:
    speak("")  # for where the compiled words are
    machine.home.settings_file.write_text('language = "zh_CN"\n')
    async with running(machine, logs) as app:
        for text, title in FOUND_IN_CHINESE:
            assert title in await titles(app, text), (text, title)
        await chosen(app, "cache", "logs")
        await until(lambda: app.containers_page.currentWidget() is app.containers_page.detail)


async def test_every_act_of_a_group_is_found(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with running(machine, logs) as app:
        app.window.show_page("containers")
        app.containers._view.group.setChecked(True)
        model, table = app.containers.model, app.containers.table
        row = next(n for n in range(model.rowCount()) if (group := model.group(n)) is not None and group.name == "shop")
        table.selectRow(row)
        table.customContextMenuRequested.emit(table.visualRect(model.index(row, 0)).center())
        (menu,) = [each for each in table.findChildren(QMenu) if each.isVisible()]
        offered = [action.text() for action in leaves(menu) if action.isEnabled() and action.text()]
        menu.close()
        assert {"Logs", "Restart", "SIGHUP", "Open http://127.0.0.1:8080/", "Copy ID"} <= set(offered)
        for words in offered:
            assert f"{words}: shop" in await titles(app, f"{words.split()[0]} shop"), words
        await chosen(app, "logs shop")
        await until(lambda: app.containers_page.currentWidget() is app.containers_page.detail)
        assert app.containers_page.detail is not None and app.containers_page.detail.name == "shop"
        await chosen(app, "project shop", "copy id")
        ids = {record.id for record in app.engine.containers if record.project == "shop"}
        await until(lambda: set(QGuiApplication.clipboard().text().split()) == ids)


def leaves(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from leaves(inner)
        else:
            yield action


async def test_what_is_chosen_is_done(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with running(machine, logs) as app:
        await chosen(app, "theme")
        await until(lambda: app.window.page() == "settings")
        assert app.window.focusWidget().objectName() == "setting_theme"
        await chosen(app, "cache", "copy id")
        (cache,) = [record for record in app.engine.containers if record.name == "cache"]
        await until(lambda: QGuiApplication.clipboard().text() == cache.id)
        await chosen(app, "stats cache")
        await until(lambda: app.containers_page.currentWidget() is app.containers_page.detail)
        await chosen(app, "group compose")
        await until(lambda: app.containers_page.currentWidget() is app.containers)
        assert any(app.containers.model.group(row) for row in range(app.containers.model.rowCount()))
        await chosen(app, "shell in the machine")
        await until(lambda: [pane.phase for pane in app.consoles.panes()] == [Phase.OPEN])
        assert app.window.page() == "console"
        await chosen(app, "project shop", "stop")
        await until(lambda: not any(record.running for record in app.engine.containers if record.project == "shop"))
        assert any(record.running for record in app.engine.containers)


async def test_task_is_found_and_cancelled(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async def work(report: Report) -> None:
        await asyncio.sleep(60)

    async with running(machine, logs) as app:
        app.job_feed.begin("pull", "team/app:1", work)
        await until(app.jobs.running)
        await chosen(app, "pull team", "cancel")
        await until(lambda: not app.jobs.running())
