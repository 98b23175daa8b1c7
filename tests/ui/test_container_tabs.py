"""The tabs of one container that come later: what it uses, and its files, over a played engine."""

from __future__ import annotations

import asyncio
import stat
import tarfile
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from desktop.app import App
from desktop.core.paths import MachineFiles
from desktop.engine import container_files
from desktop.fake.samples import id_of
from tests.helpers import walk
from tests.helpers.fake import play
from tests.helpers.log_watch import LogWatch

from .test_container_detail import detail, opened, press, said
from .test_every_widget import machine, until  # noqa: F401 (a fixture)


def words(app: App, name: str) -> str:
    label = detail(app).findChild(QLabel, name)
    return label.text() if label is not None else ""


def files(app: App) -> Any:
    tab = detail(app).findChild(QWidget, "files_tab")
    assert tab is not None
    return tab


def names(app: App) -> list[str]:
    """What the table of files shows; nothing while it is not shown."""
    tab = files(app)
    return [tab.model.index(row, 0).data() for row in range(tab.model.rowCount())] if tab.table.isVisible() else []


def choose(app: App, name: str) -> None:
    files(app).table.setCurrentIndex(files(app).model.index(names(app).index(name), 0))


def go_to(app: App, path: str) -> None:
    edit = detail(app).findChild(QLineEdit, "files_path")
    edit.setText(path)
    QTest.keyClick(edit, Qt.Key.Key_Return)


async def answer(app: App, question: str, key: str) -> None:
    await until(lambda: app.window.findChild(QDialog, question) is not None)
    app.window.findChild(QPushButton, f"{question}_{key}").click()
    await until(lambda: app.window.findChild(QDialog, question) is None)


async def test_stats_are_measured_while_they_are_seen(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        assert detail(app).findChild(QLabel, "stats_cpu_now") is None  # made when it is first looked at
        detail(app).show_tab("stats")
        await until(lambda: "%" in words(app, "stats_cpu_now") and "/s" in words(app, "stats_network_now"))
        assert "MiB" in words(app, "stats_memory_now")
        await until(lambda: words(app, "stats_count") == "1 process")
        assert walk.faults() == []
        id = detail(app).id
        await app.engine.kill(id)
        await until(lambda: words(app, "stats_cpu_now") == "" and words(app, "stats_count") == "")
        assert "Exit code 137" in said(app) and words(app, "stats_broken") == ""
        press(app, "detail_situation_button")
        await until(lambda: "%" in words(app, "stats_cpu_now"))
        await app.machine.suspend()
        await until(lambda: "suspended" in said(app) and words(app, "stats_cpu_now") == "")
        press(app, "detail_situation_button")
        await until(lambda: "%" in words(app, "stats_cpu_now"))
        detail(app).show_tab("logs")
        await until(lambda: not [task for task in app.tasks._tasks if task.get_name() == "stats"])


async def test_figures_of_a_container_stay_while_another_is_looked_at(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    async with opened(machine, logs) as app:
        detail(app).show_tab("stats")
        chart = detail(app).findChild(QWidget, "stats_cpu_plot")

        def points() -> int:
            return sum(len(line.points) for line in chart._lines)

        await until(lambda: points() >= 2)
        app.containers_page.go_back()
        app._on_containers("stats", [id_of("shop-web-1")])
        assert points() == 0
        await until(lambda: points() == 1)
        app.containers_page.go_back()
        app._on_containers("stats", [id_of("cache")])
        assert points() >= 2
        await until(lambda: points() >= 3)


async def test_files_are_browsed_opened_and_marked(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: names(app) == ["bin/", "data/", "etc/", "tmp/", "usr/", "var/"])
        model = files(app).model
        await until(lambda: model.index(5, 3).data() == "Changed")
        assert walk.faults() == []
        go_to(app, "/tmp")
        await until(lambda: names(app) == ["two lines <U+001B>[31m<b>"])
        assert model.index(0, 3).data() == "New"
        go_to(app, "/etc/app")
        await until(lambda: names(app) == ["settings.conf"])
        QTest.keyClick(files(app).table, Qt.Key.Key_Return)
        preview = detail(app).findChild(QPlainTextEdit, "files_preview")
        await until(lambda: "port = 6379" in preview.toPlainText() and preview.isVisible())
        press(app, "files_up")
        await until(lambda: names(app) == ["settings.conf"])
        go_to(app, "/bin/app")
        await until(lambda: "no text" in words(app, "files_problem"))
        go_to(app, "/etc/localtime")  # a link to a file
        await until(lambda: preview.toPlainText() == "cache\n")
        go_to(app, "/no/such")
        await until(lambda: "no /no/such" in words(app, "files_problem"))
        assert not files(app).findChild(QPushButton, "files_send").isEnabled()
        assert walk.faults() == []


async def test_folder_is_listed_where_the_engine_cannot_tell_what_changed(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    async with opened(machine, logs) as app:
        await play(machine, "no-diff")
        detail(app).show_tab("files")
        await until(lambda: "Which files were changed is not known: Open" in words(app, "files_note"))
        assert names(app) == ["bin/", "data/", "etc/", "tmp/", "usr/", "var/"]
        assert words(app, "files_note").startswith("6 entries · ") and walk.faults() == []
        await play(machine, "calm")
        press(app, "files_again")
        await until(lambda: files(app).model.index(5, 3).data() == "Changed")
        await play(machine, "no-diff")
        go_to(app, "/tmp")  # asked for once
        await until(lambda: files(app).model.index(0, 3).data() == "New")
        await app.engine.kill(detail(app).id)
        await until(lambda: "is not known" in words(app, "files_note"))


async def test_a_folder_can_be_chosen_for_an_upload(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "etc/" in names(app))
        menu = detail(app).findChild(QPushButton, "files_send").menu()
        assert [action.text() for action in menu.actions()] == ["Upload files…", "Upload a folder…"]
        menu.actions()[1].trigger()
        dialog = files(app).findChild(QFileDialog, "files_send_dialog")
        assert dialog.fileMode() is QFileDialog.FileMode.Directory
        assert walk.faults() == []
        dialog.close()


async def test_the_files_that_were_seen_stay_when_the_container_is_removed(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    """It ended first, was read again for that, and "There is no / in the container" stood in their place."""
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "bin/" in names(app))
        seen = names(app)
        await app.engine.remove(detail(app).id, force=True)
        await until(lambda: "was removed" in said(app))
        await asyncio.sleep(0.5)
        assert names(app) == seen
        for name in ("files_again", "files_save", "files_send", "files_delete"):
            assert not files(app).findChild(QPushButton, name).isEnabled()
        QTest.keyClick(files(app).table, Qt.Key.Key_Return)
        await asyncio.sleep(0.2)
        assert names(app) == seen and walk.faults() == []
        app.containers_page.go_back()
        app._on_containers("files", [id_of("shop-web-1")])
        await until(lambda: "bin/" in names(app))
        assert files(app).findChild(QPushButton, "files_save").isEnabled()


async def test_files_of_a_container_that_is_gone_are_not_read(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        await app.engine.remove(detail(app).id, force=True)
        await until(lambda: "was removed" in said(app))
        detail(app).show_tab("files")
        await until(lambda: "removed before its files were read" in words(app, "files_problem"))


async def test_files_are_saved_sent_and_deleted(machine: MachineFiles, logs: LogWatch, tmp_path: Path) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "etc/" in names(app))
        saved, folder = tmp_path / "saved.conf", tmp_path / "etc.tar"
        files(app).save_wanted.emit("/etc/app/settings.conf", False, str(saved), 46)
        await until(saved.exists)
        assert b"port = 6379" in saved.read_bytes() and stat.S_IMODE(saved.stat().st_mode) == 0o600
        await until(lambda: [job.verb for job in app.jobs.store] == ["save"] and not app.jobs.running())
        files(app).save_wanted.emit("/etc", True, str(folder), 0)
        await until(folder.exists)
        with tarfile.open(folder) as archive:
            assert "etc/app/settings.conf" in archive.getnames()
        sent = tmp_path / "up"
        (sent / "inner").mkdir(parents=True)
        (sent / "inner" / "a.txt").write_text("sent\n")
        (sent / "link").symlink_to("/etc/passwd")
        files(app).send_wanted.emit("/", [str(sent)])
        await until(lambda: "up/" in names(app))
        go_to(app, "/up/inner/a.txt")
        preview = detail(app).findChild(QPlainTextEdit, "files_preview")
        await until(lambda: preview.toPlainText() == "sent\n" and preview.isVisible())
        go_to(app, "/")
        await until(lambda: "up/" in names(app))
        files(app).send_wanted.emit("/", [str(sent)])
        await answer(app, "replace_file_question", "cancel")
        choose(app, "up/")
        press(app, "files_delete")
        await answer(app, "delete_file_question", "yes")
        await until(lambda: names(app) == ["bin/", "data/", "etc/", "tmp/", "usr/", "var/"])
        assert [job.verb for job in app.jobs.store] == ["save", "save", "upload", "delete"]
        files(app).save_wanted.emit("/etc/app/settings.conf", False, str(tmp_path / "no folder" / "x"), 46)
        await until(lambda: [job.error for job in app.jobs.store if job.state == "failed"])


async def test_what_was_deleted_of_the_image_is_marked(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "etc/" in names(app))
        go_to(app, "/etc")
        await until(lambda: names(app) == ["app/", "hostname", "localtime →"])
        choose(app, "hostname")
        press(app, "files_delete")
        await answer(app, "delete_file_question", "yes")
        model = files(app).model
        await until(lambda: names(app) == ["app/", "hostname", "localtime →"] and model.index(1, 3).data() == "Deleted")
        assert words(app, "files_note") == "2 entries" and not model.has("hostname")
        choose(app, "localtime →")
        assert detail(app).findChild(QPushButton, "files_delete").isEnabled()
        choose(app, "hostname")
        for name in ("files_delete", "files_save"):
            assert not detail(app).findChild(QPushButton, name).isEnabled()
        QTest.keyClick(files(app).table, Qt.Key.Key_Return)
        assert words_of_path(app) == "/etc" and walk.faults() == []
        await app.engine.kill(detail(app).id)
        await until(lambda: "own rm" in words(app, "files_note") and model.index(1, 3).data() == "Deleted")
        assert names(app) == ["app/", "hostname", "localtime →"]


async def test_files_of_a_container_that_rests(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "etc/" in names(app))
        await app.engine.kill(detail(app).id)
        await until(lambda: words(app, "files_note").endswith("by the container's own rm: start or resume it for that"))
        go_to(app, "/etc")
        await until(lambda: names(app) == ["app/", "hostname", "localtime →"])
        delete = detail(app).findChild(QPushButton, "files_delete")
        assert not delete.isEnabled() and words(app, "files_note").endswith(delete.toolTip())
        await app.machine.suspend()
        await until(lambda: "suspended" in said(app))
        go_to(app, "/")
        await until(lambda: "not connected" in words(app, "files_problem"))
        press(app, "detail_situation_button")
        await until(lambda: "etc/" in names(app))


async def test_an_upload_that_ends_leads_nobody_back_to_its_folder(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path  # noqa: F811
) -> None:
    (tmp_path / "late.txt").write_text("late\n")
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        go_to(app, "/etc")
        await until(lambda: words_of_path(app) == "/etc" and names(app) != [])
        tab = files(app)
        await until(lambda: app.detail_feed._others[-1]._reading is None)
        await play(machine, "engine-slow=1")
        tab.send_wanted.emit("/etc", [str(tmp_path / "late.txt")])
        await until(app.jobs.running)
        await asyncio.sleep(0.15)
        go_to(app, "/tmp")
        await until(lambda: not app.jobs.running())
        assert words_of_path(app) == "/tmp"
        await play(machine, "calm")
        await until(lambda: names(app) == ["two lines <U+001B>[31m<b>"])


async def test_a_file_beside_one_that_is_looked_at_is_not_replaced_unasked(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    """What is listed is another folder then, or only a part of it."""
    (tmp_path / "hostname").write_text("mine\n")
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "etc/" in names(app))
        go_to(app, "/etc/app/settings.conf")
        await until(lambda: detail(app).findChild(QPlainTextEdit, "files_preview").isVisible())
        (tmp_path / "settings.conf").write_text("mine\n")
        files(app).send_wanted.emit("/etc/app", [str(tmp_path / "settings.conf")])
        await answer(app, "replace_file_question", "cancel")
        await app.engine.kill(detail(app).id)
        monkeypatch.setattr(container_files, "ARCHIVE_LIMIT", 1)
        go_to(app, "/etc")
        await until(lambda: "Only a part" in words(app, "files_note"))
        assert "hostname" not in names(app)
        files(app).send_wanted.emit("/etc", [str(tmp_path / "hostname")])
        await answer(app, "replace_file_question", "cancel")
        assert not list(app.jobs.store)


# A newer PySide6 has another constructor, which the older does not know.
@pytest.mark.filterwarnings("ignore:.*QDragEnterEvent:DeprecationWarning")
async def test_what_is_dropped_on_the_table_is_uploaded(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path  # noqa: F811
) -> None:
    (tmp_path / "dropped 中.txt").write_text("from the desktop\n")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "leaf").write_text("leaf\n")
    async with opened(machine, logs) as app:
        detail(app).show_tab("files")
        await until(lambda: "etc/" in names(app))
        go_to(app, "/etc")
        await until(lambda: words_of_path(app) == "/etc" and names(app) != [])
        for drag, taken in (
            (["https://example.org/x"], False),
            ([(tmp_path / name).as_uri() for name in ("dropped 中.txt", "tree")], True),
        ):
            assert drop(app, drag) == taken
        await until(lambda: {"dropped 中.txt", "tree/"} <= set(names(app)))
        go_to(app, "/etc/tree")
        await until(lambda: names(app) == ["leaf"])
        assert not [notice for notice in app.window.notices.notices() if notice.kind == "error"]


def words_of_path(app: App) -> str:
    return str(detail(app).findChild(QLineEdit, "files_path").text())


def drop(app: App, addresses: list[str]) -> bool:
    """As a file manager does it, by the events that Qt makes of it; whether the drop was taken."""
    table, mime = files(app).table.viewport(), QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    where, actions = table.rect().center(), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, actions, mime, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(table, enter)
    if not enter.isAccepted():
        return False
    drop = QDropEvent(where.toPointF(), actions, mime, Qt.MouseButton.LeftButton, none)
    QApplication.sendEvent(table, drop)
    assert drop.dropAction() is Qt.DropAction.CopyAction  # never moved: the file stays where it is
    return drop.isAccepted()
