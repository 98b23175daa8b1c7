"""The images pane in the whole app against the fake: pull, build, tag, history, cleaning up, and the list of tasks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)

from desktop.app import App
from desktop.core.engine import Link
from desktop.core.job import JobState
from desktop.core.paths import Home, MachineFiles
from desktop.models.record_table import HINT_ROLE
from desktop.shell import job_feed
from tests.helpers import walk
from tests.helpers.fake import fake_machine, play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import running_app, until


class Hands:
    """What a user does in the window."""

    def __init__(self, app: App) -> None:
        self.app = app

    def part(self, kind: type[Any], name: str) -> Any:
        found = self.app.window.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str) -> None:
        button = self.part(QPushButton, name)
        assert button.isEnabled(), name
        button.click()

    async def fill(self, form: str, **fields: str) -> None:
        await until(lambda: self.app.window.findChild(QPushButton, f"{form}_ok") is not None)
        assert walk.faults() == []
        for key, text in fields.items():
            box = self.app.window.findChild(QComboBox, f"{form}_{key}")
            box.setCurrentText(text) if box is not None else self.part(QLineEdit, f"{form}_{key}").setText(text)
        self.press(f"{form}_ok")
        await until(lambda: self.app.window.findChild(QPushButton, f"{form}_ok") is None)

    async def ended(self) -> JobState:
        await until(lambda: len(self.app.jobs.store) > 0 and not self.app.jobs.running())
        return list(self.app.jobs.store)[-1].state

    def tags(self) -> set[str]:
        return {tag for image in self.app.engine.images for tag in image.tags}


async def ready(app: App, files: MachineFiles) -> Hands:
    await play(files, "running")
    await play(files, "registry")
    await until(lambda: app.engine.link.link is Link.UP and len(app.engine.images) > 0)
    app.window.show_page("images")
    return Hands(app)


async def test_from_pull_to_tag_to_history_and_the_list_of_tasks(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            app.window.show_page("images")
            assert not Hands(app).part(QPushButton, "images_pull").isEnabled()  # no engine
            hands = await ready(app, files)
            hands.press("images_pull")
            assert not hands.part(QPushButton, "pull_ok").isEnabled()
            await hands.fill("pull", reference="team/app:1", platform="linux/arm64")
            assert await hands.ended() is JobState.DONE
            await until(lambda: "team/app:1" in hands.tags())
            (pulled,) = [image for image in app.engine.images if "team/app:1" in image.tags]
            app.images.table.selectRow(app.images.model.place(pulled.id) or 0)
            app.image_actions.on_act("tag", [pulled.id])
            await hands.fill("tag", reference="team/app:2")
            await until(lambda: "team/app:2" in hands.tags())
            hands.press("images_history")
            await until(lambda: hands.part(QLabel, "history_summary").text() == "2 layers, 12.0 MB")
            assert walk.faults() == []
            hands.press("history_close")
            app.window.show_page("tasks")
            hands.press("job_1_details")
            assert "Pull complete" in hands.part(QPlainTextEdit, "job_1_log").toPlainText()
            assert hands.part(QLabel, "job_1_words").text().startswith("Done")
            assert walk.faults() == []
            hands.press("jobs_clear")
            assert list(app.jobs.store) == []


async def test_push_asks_which_tags_where_there_are_several(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            nginx, redis = (next(i for i in app.engine.images if i.tags[0].startswith(n)) for n in ("nginx", "redis"))
            model, table = app.images.model, app.images.table
            await app.engine.tag_image(nginx.id, "localhost:5000/mine:1")
            table.selectRow(model.place(nginx.id) or 0)
            hands.press("images_push")
            assert list(app.jobs.store) == []
            names = hands.part(QListView, "push_list")
            shown = [names.model().index(row, 0).data() for row in range(names.model().rowCount())]
            assert shown == ["localhost:5000/mine:1", "nginx:1.27"]
            assert walk.faults() == []
            assert not hands.part(QPushButton, "push_done").isEnabled()
            QTest.keyClick(names, Qt.Key.Key_Space)
            hands.press("push_done")
            await until(lambda: [job.subject for job in app.jobs.store] == ["localhost:5000/mine:1"])
            await hands.ended()
            app.images.table.selectRow(model.place(redis.id) or 0)
            hands.press("images_push")
            await until(lambda: [job.subject for job in app.jobs.store][1:] == ["redis:7-alpine"])
            await hands.ended()


async def test_what_takes_one_image_is_not_offered_for_several_and_users_have_names(
    home: Home, logs: LogWatch
) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            app.images.table.selectAll()
            assert not hands.part(QPushButton, "images_history").isEnabled()
            tag = next(each for each in app.images.table.actions() if each.objectName() == "images_tag_action")
            assert not tag.isEnabled()
            app.images.table.selectRow(0)
            assert hands.part(QPushButton, "images_history").isEnabled() and tag.isEnabled()
            model = app.images.model
            use = next(number for number, column in enumerate(model.columns) if column.key == "use")
            hints = {model.record(row).tags[0]: model.index(row, use).data(HINT_ROLE) for row in range(5)}
            assert hints["redis:7-alpine"] == "cache" and hints["postgres:16"] == "shop-db-1"


async def test_cancel_in_the_list_and_a_failure_that_stays(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            await play(files, "registry=5")
            hands.press("images_pull")
            await hands.fill("pull", reference="slow")
            app.window.show_page("tasks")
            assert hands.part(QToolButton, "page_tasks").text() == "Tasks (1)"
            await until(lambda: hands.part(QLabel, "job_1_words").text() != "")
            hands.press("job_1_cancel")
            assert await hands.ended() is JobState.CANCELLED
            assert hands.part(QPushButton, "job_1_forget").isVisible()
            await play(files, "registry-login")
            app.window.show_page("images")
            hands.press("images_pull")
            await hands.fill("pull", reference="ghcr.io/a/b")
            assert await hands.ended() is JobState.FAILED
            await until(lambda: any(notice.kind == "error" for notice in app.window.notices.notices()))
            assert "docker login ghcr.io" in app.window.notices.notices()[0].next_step
            app.window.show_page("tasks")
            assert "`docker login ghcr.io`" in hands.part(QLabel, "job_2_error").text()


async def test_a_history_that_is_given_up_does_not_come_later(home: Home, logs: LogWatch) -> None:
    """Nothing was to be seen of it while an engine hung, and then it stood over another page."""
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            app.images.table.selectRow(0)
            await play(files, "engine-slow=1")
            hands.press("images_history")
            assert hands.part(QLabel, "history_summary").text() == "Reading…"
            hands.press("history_close")
            await asyncio.sleep(1.5)
            assert app.window.findChild(QLabel, "history_summary") is None
            await play(files, "calm")
            await play(files, "engine-error")
            hands.press("images_history")
            await until(lambda: any(notice.kind == "error" for notice in app.window.notices.notices()))
            await until(lambda: app.window.findChild(QLabel, "history_summary") is None)


async def test_what_can_be_freed_is_said_before_it_goes(home: Home, logs: LogWatch) -> None:
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            hands.press("images_pull")
            await hands.fill("pull", reference="unused:1")
            await until(lambda: "unused:1" in hands.tags())
            app.images._which.setCurrentIndex(1)
            assert [record.tags for record in (app.images.model.record(0),)] == [("unused:1",)]
            assert app.images.model.rowCount() == 1
            hands.press("images_prune")
            await until(lambda: app.window.findChild(QCheckBox, "prune_unused") is not None)
            assert hands.part(QLabel, "prune_unused_size").text() == "12.0 MB"
            assert not hands.part(QPushButton, "prune_confirm").isEnabled()
            hands.part(QCheckBox, "prune_unused").setChecked(True)
            assert hands.part(QLabel, "prune_sum").text() == "Gives back about 12.0 MB"
            assert walk.faults() == []
            hands.press("prune_confirm")
            await until(lambda: [job.verb for job in app.jobs.store] == ["pull", "prune"])
            assert await hands.ended() is JobState.DONE
            await until(lambda: "unused:1" not in hands.tags())
            job = list(app.jobs.store)[-1]
            assert (job.freed_bytes, job.host_bytes) == (12_000_000, 40 << 20)


async def test_build_of_a_folder(home: Home, tmp_path: Path, logs: LogWatch) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            hands = await ready(app, files)
            hands.press("images_build")
            await hands.fill("build", folder=str(tmp_path), tag="mine:1")
            assert await hands.ended() is JobState.DONE
            await until(lambda: "mine:1" in hands.tags())
            hands.press("images_build")
            await hands.fill("build", folder="~nobody-here/app", tag="mine:2")  # nobody's home
            await until(lambda: len(app.jobs.store) == 2)
            assert await hands.ended() is JobState.FAILED
            assert list(app.jobs.store)[-1].why.endswith("~nobody-here/app cannot be read: there is no such folder")


async def test_what_ends_while_the_window_is_hidden_is_one_notice(
    home: Home, monkeypatch: pytest.MonkeyPatch, logs: LogWatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(job_feed, "TOGETHER_S", 0.3)
    with fake_machine(home) as files:
        async with running_app(home, logs) as app:
            await ready(app, files)
            app.window.hide()
            app.notices.said.connect(lambda notice: said.append(notice.what))
            for name in "abc":
                app.job_feed.begin("pull", name, lambda report: asyncio.sleep(0.05))
            await until(lambda: any("task" in what for what in said))
            assert [what for what in said if "task" in what] == ["3 tasks have ended"]  # others may have come meanwhile
            assert [job.state for job in app.jobs.store] == [JobState.DONE] * 3
