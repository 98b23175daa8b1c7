"""Acts on many containers: real actions and service over the fake's engine in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
from collections.abc import AsyncIterator, Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from desktop.core.engine import Container, Link
from desktop.core.paths import Home
from desktop.core.store import Delta
from desktop.fake.samples import id_of
from desktop.services.engine import EngineService
from desktop.shell.asking import Asking
from desktop.shell.container_actions import ContainerActions
from desktop.shell.notices import Notices
from desktop.views.question import Answer
from desktop.views.text_question import TextQuestion
from tests.helpers.fake import fake_machine

CACHE, WEB, API, DB, OLD = (
    id_of(name) for name in ("cache", "shop-web-1", "shop-api-1", "shop-db-1", "old-report")
)  # fmt: skip
ALL = (CACHE, WEB, API, DB, OLD)


class Answering(Asking):
    """Gives one answer to all; what was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.why = ""
        self.answer = ""
        self.text = ""

    async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
        self.asked.append(what)
        self.why = why
        return self.answer

    async def ask_text(
        self, name: str, what: str, label: str, text: str, word: str, fits: Callable[[str], bool]
    ) -> str:
        self.asked.append(what)
        return self.text if fits(self.text) else ""


class Rig:
    def __init__(self) -> None:
        self.engine, self.notices, self.asking = EngineService(), Notices(), Answering()
        self.actions = ContainerActions(self.engine, self.notices, self.asking)

    def record(self, id: str) -> Container:
        found = self.engine.containers.get(id)
        assert found is not None
        return found


@contextlib.asynccontextmanager
async def rig(home: Home) -> AsyncIterator[Rig]:
    with fake_machine(home, "--scenario", "running") as files:
        made = Rig()
        following = asyncio.create_task(made.engine.follow(files.engine_socket))
        try:
            await until(lambda: made.engine.link.link is Link.UP)
            yield made
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.02)


async def test_many_are_asked_once_and_each_that_failed_is_named_in_one_notice(home: Home) -> None:
    async with rig(home) as made:
        await made.actions.do("pause", [WEB, OLD])
        assert made.record(WEB).state == "paused"
        assert [notice.what for notice in made.notices.kept] == ["old-report could not be paused"]
        made.notices.kept.clear()
        await made.actions.do("pause", ALL)
        (notice,) = made.notices.kept
        assert notice.what == "2 of 5 failed"
        lines = notice.why.splitlines()
        assert [line.split(" could not be paused: ")[0] for line in lines] == ["shop-web-1", "old-report"]
        assert all(line.split(": ", 1)[1] for line in lines)
        await made.actions.do("unpause", [CACHE, WEB, API, DB])
        await made.actions.do("stop", ALL)
        assert made.asking.asked == ["Stop these containers? (5)"]
        assert made.record(CACHE).running
        made.asking.answer = "stop"
        await made.actions.do("stop", ALL)
        await until(lambda: not any(made.record(id).running for id in ALL))


async def test_remove_asks_and_a_signal_does_not(home: Home) -> None:
    async with rig(home) as made:
        await made.actions.do("signal-USR1", [CACHE])
        assert made.asking.asked == []
        assert not made.notices.kept
        await made.actions.do("remove", [CACHE])
        assert len(made.engine.containers) == 5
        made.asking.answer = "volumes"
        await made.actions.do("remove", [CACHE, OLD])
        assert sorted(record.id for record in made.engine.containers) == sorted((WEB, API, DB))


async def test_a_project_is_started_and_stopped_in_the_order_of_its_services(home: Home) -> None:
    async with rig(home) as made:
        begun: list[str] = []

        def note(delta: Delta[Container]) -> None:
            """One is under way at a time."""
            busy = [record for record in made.engine.containers if record.busy]
            assert len(busy) <= 1
            if busy and (words := f"{busy[0].busy} {busy[0].service}") not in begun:
                begun.append(words)

        made.engine.containers.changed.connect(note)
        await made.actions.do("stop", [DB, API, WEB])
        await until(lambda: not any(made.record(id).running for id in (DB, API, WEB)))
        assert begun == ["stopping web", "stopping api", "stopping db"]
        await made.actions.do("start", [WEB, DB, API])
        assert begun[3:] == ["starting db", "starting api", "starting web"]
        assert not made.notices.kept


async def test_a_whole_project_is_removed_with_its_networks(home: Home) -> None:
    async with rig(home) as made:
        made.asking.answer = "remove"

        async def names() -> set[str]:
            await made.engine.objects.refresh("network")
            return {network.name for network in made.engine.objects.networks}

        await made.actions.do("remove", [DB])
        assert "shop_default" in await names() and "networks" not in made.asking.why
        await made.actions.do("remove", [WEB, API, CACHE])
        assert "The networks of the whole project go along: shop_default" in made.asking.why
        assert await names() == {"bridge", "host", "none", "lab"}
        assert not made.notices.kept
        assert [record.name for record in made.engine.containers] == ["old-report"]


async def test_rename_and_commit_take_no_name_that_the_engine_would_refuse(home: Home) -> None:
    async with rig(home) as made:
        made.asking.text = "no name/"
        await made.actions.do("rename", [CACHE])
        assert made.record(CACHE).name == "cache"
        made.asking.text = "front-cache"
        await made.actions.do("rename", [CACHE])
        assert made.record(CACHE).name == "front-cache"
        made.asking.text = "Team/App"
        await made.actions.do("commit", [CACHE])
        made.asking.text = "localhost:5000/team/app:1.0"
        await made.actions.do("commit", [CACHE])
        await until(lambda: any(made.asking.text in image.tags for image in made.engine.images))
        assert not made.notices.kept


async def test_run_lines_are_copied(home: Home) -> None:
    async with rig(home) as made:
        await made.actions.do("copy_run", [WEB, CACHE])
        lines = QGuiApplication.clipboard().text().splitlines()
        assert [shlex.split(line)[:2] for line in lines] == [["docker", "run"]] * 2
        words = shlex.split(lines[0])
        assert words[words.index("--name") + 1] == "shop-web-1"
        assert "nginx:1.27" in words
        assert words[words.index("-p") + 1].endswith("8080:80")


def test_text_question_takes_only_what_fits() -> None:
    parent = QWidget()
    answers: list[str] = []
    words = ("rename_question", "Rename <b>x</b>", "New name", "x", "Rename")
    question = TextQuestion(parent, *words, lambda text: text == "yes")
    question.answered.connect(answers.append)
    edit, done = question.findChild(QLineEdit), question.findChild(QPushButton, "rename_question_done")
    assert edit is not None and done is not None
    assert not done.isEnabled()
    edit.clear()
    QTest.keyClicks(edit, " yes ")
    assert done.isEnabled()
    done.click()
    assert answers == ["yes"]
    parent.deleteLater()


async def test_one_that_was_started_while_it_was_asked_about_is_not_killed(home: Home) -> None:
    """The question said how many run, and this one did not."""
    async with rig(home) as made:

        class Meanwhile(Answering):
            async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
                await made.engine.start(OLD)
                return "remove"

        actions = ContainerActions(made.engine, made.notices, Meanwhile())
        await actions.do("remove", [CACHE, OLD])
        assert made.engine.containers.get(CACHE) is None and made.record(OLD).running
        (notice,) = made.notices.kept
        assert notice.what == "old-report could not be removed" and "running" in notice.why


async def test_one_that_went_while_it_was_asked_about_is_no_failure(home: Home) -> None:
    async with rig(home) as made:

        class Meanwhile(Answering):
            async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
                await made.engine.remove(CACHE, force=True)
                return "remove"

        actions = ContainerActions(made.engine, made.notices, Meanwhile())
        await actions.do("remove", [CACHE, OLD])
        assert made.engine.containers.get(OLD) is None and not made.notices.kept
