"""One container in full: the whole window over a played engine, with its log and its details."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTabBar, QTreeView

from desktop.app import App
from desktop.core import frames
from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Container, EngineLink, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import MachineFiles
from desktop.fake.samples import id_of
from desktop.models.detail_tree import VALUE_ROLE
from desktop.models.job_words import title_words
from desktop.services.run_container import run_container
from desktop.views.detail.exit_words import exit_words
from desktop.views.detail.inspect_facts import facts_of
from desktop.views.detail.inspect_tab import InspectTab
from desktop.views.detail.log_tab import LogTab
from desktop.views.detail.log_view import KEPT_LINES, LogView
from desktop.views.detail.situation import situation_of
from desktop.views.stream_words import Phase
from tests.helpers import walk
from tests.helpers.fake import play
from tests.helpers.hostile import HOSTILE
from tests.helpers.log_watch import LogWatch

from .test_every_widget import machine, running_app, until  # noqa: F401 (a fixture)

RUNNING, UP = MachineStatus(state=State.RUNNING), EngineLink(Link.UP)


def test_counts_of_a_hostile_engine_are_not_shown() -> None:
    found = facts_of({"RestartCount": 10**30, "State": {"Health": {"Status": "unhealthy", "FailingStreak": 10**30}}})
    assert (found["restarts"][:1], found["health"]) == ("?", "Unhealthy")


def test_the_row_at_hand_stays_it_when_details_are_read_again() -> None:
    """A health check every half minute is reason enough to read them."""
    tab = InspectTab()
    answer = {"Config": {"Env": ["A=1", "B=2"], "Image": "web"}, "State": {"Status": "running"}}
    tab.show_answer(answer)

    def at_hand() -> tuple[str, ...]:
        return tab.model.path(tab._matches.mapToSource(tab.tree.currentIndex()))

    config = tab._matches.index(0, 0)
    tab.tree.setCurrentIndex(tab._matches.index(1, 0, tab._matches.index(0, 0, config)))
    assert at_hand() == ("Config", "Env", "B")
    tab.show_answer({**answer, "State": {"Status": "exited"}})
    assert at_hand() == ("Config", "Env", "B")
    tab._reveal.click()
    assert at_hand() == ("Config", "Env", "B") and tab.tree.currentIndex().data(VALUE_ROLE) == "2"
    tab.show_answer({"State": {"Status": "exited"}})
    assert at_hand() == ()
    tab.deleteLater()


@asynccontextmanager
async def opened(files: MachineFiles, logs: LogWatch, name: str = "cache") -> AsyncIterator[App]:
    """The window with a container's log open, as Return on its row opens it."""
    async with running_app(files.home, logs) as app:
        await play(files, "running")
        await until(lambda: app.engine.link.link is Link.UP and app.containers.model.rowCount() == 5)
        app.window.show_page("containers")
        app.window.activateWindow()
        await until(app.window.isActiveWindow)
        row = next(row for row in range(5) if app.containers.model.record(row).name == name)
        app.containers.table.selectRow(row)
        QTest.keyClick(app.containers.table, Qt.Key.Key_Return)
        await until(lambda: len(lines(app)) >= 40)
        yield app


def detail(app: App) -> Any:
    pane = app.containers_page.detail
    assert pane is not None
    return pane


def lines(app: App) -> list[str]:
    return list(detail(app).logs.view.text_lines())


def said(app: App) -> str:
    label = detail(app).findChild(QLabel, "detail_situation_words")
    return label.text() if label.isVisible() else ""


def press(app: App, name: str) -> None:
    detail(app).findChild(QPushButton, name).click()


async def test_return_opens_the_log_and_escape_leads_back(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        pane = detail(app)
        assert pane.isVisible() and said(app) == ""
        tabs = pane.findChild(QTabBar, "detail_tabs")
        assert tabs.height() >= tabs.sizeHint().height()  # or the line below the one in front is cut off
        assert pane.findChild(QLabel, "detail_name").text() == "cache"
        assert app.window.focusWidget() is pane.logs.view  # though another window may be active
        assert "\x1b" not in "".join(lines(app))
        assert walk.faults() == []
        app.window.activateWindow()
        await until(app.window.isActiveWindow)
        pane.logs.view.setFocus()
        QTest.keyClick(pane.logs.view, Qt.Key.Key_Escape)
        await until(lambda: not pane.isVisible())
        assert app.containers.isVisible() and app.window.focusWidget() is app.containers.table


async def test_what_was_not_read_yet_is_not_called_empty(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        await run_container(app.engine, "silent", {"Image": "busybox:latest", "Cmd": ["sleep", "infinity"]})
        silent = next(record.id for record in app.engine.containers if record.name == "silent")
        pane = detail(app)
        for ids in ([silent], [silent, id_of("old-report")]):
            await play(machine, "engine-hangs")
            app.containers_page.go_back()
            app._on_containers("logs", ids)
            await asyncio.sleep(0.2)
            assert pane.logs.view.placeholderText() == "Not read yet."
            await play(machine, "calm")
            await until(lambda: pane.logs.view.placeholderText().startswith("It has written nothing"))
        await play(machine, "engine-hangs")
        app._on_containers("details", [silent])
        await asyncio.sleep(0.2)
        assert pane.findChild(QLabel, "inspect_problem").text() == "Not read yet."
        await play(machine, "calm")
        await until(lambda: pane.details.tree.isVisible())
        assert app.window.focusWidget() is pane.details.tree  # though it was led there before there was one


async def test_ctrl_and_the_page_keys_turn_the_tabs_over(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        pane = detail(app)
        tabs = pane.findChild(QTabBar, "detail_tabs")
        turned = []
        for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            QTest.keyClick(app.window.focusWidget(), key, Qt.KeyboardModifier.ControlModifier)
            turned.append(pane._keys[tabs.currentIndex()])
        assert turned == ["stats", "logs", "details", "logs"]
        assert app.window.focusWidget() is pane.logs.view


async def test_search_counts_and_goes_round(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        pane = detail(app)
        edit, count = pane.findChild(QLineEdit, "log_search"), pane.findChild(QLabel, "log_count")
        total = sum("slow query" in line for line in lines(app))
        QTest.keyClicks(edit, "SLOW query")
        await until(lambda: f" of {total}" in count.text())
        seen = {count.text()}
        for _ in range(total - 1):
            QTest.keyClick(edit, Qt.Key.Key_Return)
            assert pane.logs.view.textCursor().selectedText() == "slow query"
            seen.add(count.text())
        assert seen == {f"{number} of {total}" for number in range(1, total + 1)}
        QTest.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert walk.faults() == []
        edit.setText("no such words")
        await until(lambda: count.text() == "No match")


async def test_end_suspension_and_removal_are_told_and_healed(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        id = detail(app).id
        await app.engine.kill(id)
        await until(lambda: "Exit code 137" in said(app))
        press(app, "detail_situation_button")
        await until(lambda: said(app) == "")
        await app.machine.suspend()
        await until(lambda: "suspended" in said(app))
        assert len(lines(app)) == 40
        assert walk.faults() == []
        press(app, "detail_situation_button")
        await until(lambda: said(app) == "")
        await play(machine, "chatter=50")
        await until(lambda: len(lines(app)) > 45)
        await app.engine.remove(id, force=True)
        await until(lambda: "removed" in said(app))
        assert len(lines(app)) > 45


def is_marked(view: Any) -> bool:
    return any(shown.line.source is Source.DROPPED for shown in view.shown)


async def test_window_answers_in_a_flood(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        await play(machine, "flood=100")
        view = detail(app).logs.view
        # Where the machine is too busy to read faster than can be shown, nothing is left out, and the oldest lines go.
        await until(lambda: is_marked(view) or len(view.shown) == KEPT_LINES)
        edit = detail(app).findChild(QLineEdit, "log_search")
        edit.setFocus()
        for letter in "needle":
            QTest.keyClicks(edit, letter)
            await asyncio.sleep(0.05)
            assert len(view.shown) <= KEPT_LINES
            assert view.blockCount() == len(view.shown)
        assert edit.text() == "needle"
        await play(machine, "calm")


def choose(tab: Any, path: tuple[str, ...]) -> None:
    """Makes a row of the tree the one at hand."""
    model, parent = tab.tree.model(), QModelIndex()
    for name in path:
        parent = next(
            index for row in range(model.rowCount(parent)) if (index := model.index(row, 0, parent)).data() == name
        )
    tab.tree.setCurrentIndex(parent)


async def test_details_hide_the_environment_until_asked(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        tab = detail(app).details
        detail(app).show_tab("details")
        await until(lambda: tab.tree.isVisible() and tab.model.rowCount() > 5)
        tab.show_answer({"Config": {"Env": ["PASSWORD=secret<b>", "EMPTY="], "Image": "a"}, "State": {}})
        assert "secret" not in "\n".join(walk.shown_texts())
        assert walk.faults() == []
        for path in (("Config",), ("Config", "Env"), ("Config", "Env", "PASSWORD")):
            choose(tab, path)
            tab._copy.trigger()
            assert "secret" not in QGuiApplication.clipboard().text(), path
            assert "•" in QGuiApplication.clipboard().text(), path
        press(app, "inspect_json")
        assert "secret" not in tab.raw.toPlainText() and "PASSWORD=••••••" in tab.raw.toPlainText()
        press(app, "inspect_reveal")
        assert "PASSWORD=secret<b>" in tab.raw.toPlainText()
        press(app, "inspect_json")
        tree = tab.findChild(QTreeView, "inspect_tree")
        tab.findChild(QLineEdit, "inspect_search").setText("secret")
        top = tree.model().index(0, 0)
        assert (tree.model().rowCount(), tree.model().rowCount(top)) == (1, 1)
        tree.setCurrentIndex(tree.model().index(0, 0, tree.model().index(0, 0, top)))
        tab._copy.trigger()
        assert QGuiApplication.clipboard().text() == "secret<b>"


async def test_name_has_its_room_before_the_image(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs, "shop-web-1") as app:
        name, image = (detail(app).findChild(QLabel, f"detail_{part}") for part in ("name", "image"))
        for width in (640, 760, 900, 1300):
            app.window.resize(width, 480)
            await asyncio.sleep(0.1)
            assert name.width() >= name.fontMetrics().horizontalAdvance("shop-web-1"), width
        assert image.width() >= image.fontMetrics().horizontalAdvance(image.text())


async def test_details_opened_at_once_are_read_of_each_container(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    """As the menu of a row opens them: no other tab was in front before."""
    async with running_app(machine.home, logs) as app:
        await play(machine, "running")
        await until(lambda: app.engine.link.link is Link.UP and app.containers.model.rowCount() == 5)
        app.window.show_page("containers")
        for name, state in (("old-report", "Exited"), ("cache", "Running")):
            row = next(row for row in range(5) if app.containers.model.record(row).name == name)
            app.containers.table.selectRow(row)
            act = app.containers.table.findChild(QAction, "containers_details_action")
            await until(act.isEnabled)
            act.trigger()
            await until(lambda state=state: detail(app).details._facts.value("state").startswith(state))
            assert detail(app).details.tree.isVisible()
            app.containers_page.go_back()


async def test_details_follow_the_container(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        detail(app).show_tab("details")
        facts = detail(app).details._facts
        await until(lambda: facts.value("state").startswith("Running"))
        await app.engine.kill(detail(app).id)
        await until(lambda: "killed (SIGKILL)" in facts.value("state"))
        await until(lambda: facts.value("last").endswith("customer_id = 4711") and facts.value("last").count("\n") == 5)
        assert walk.faults() == []
        await app.engine.start(detail(app).id)
        await until(lambda: facts.value("state").startswith("Running"))
        assert facts.value("last") == ""


async def test_shown_lines_are_saved_when_the_container_is_gone(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path  # noqa: F811
) -> None:
    async with opened(machine, logs) as app:
        detail(app).logs.save_requested.emit(str(tmp_path / "whole.log"), False)
        await until(lambda: (tmp_path / "whole.log").exists() and not app.jobs.running())
        (job,) = app.jobs.store
        assert title_words(job) == f"Save the log of {detail(app).name} → whole.log"
        await app.engine.remove(detail(app).id, force=True)
        await until(lambda: "removed" in said(app))
        detail(app).logs.save_requested.emit(str(tmp_path / "rest.log"), False)
        await until(lambda: (tmp_path / "rest.log").exists())
        assert (tmp_path / "rest.log").read_text() == (tmp_path / "whole.log").read_text()


async def test_hostile_lines_and_facts(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        pane = detail(app)
        pane.logs.add([LogLine(Source.STDERR, text, text) for text in HOSTILE])
        await until(lambda: len(lines(app)) == 40 + len(HOSTILE))
        pane.logs.bar._stamps.click()
        pane.show_refused(HOSTILE[0])
        facts = {text: {text: [text, 1.5, None, True]} for text in HOSTILE}
        pane.details.show_answer(facts | {"State": 7, "Config": []})
        pane.show_tab("details")
        pane.details.tree.expandAll()
        assert walk.faults() == []
        pane.details._json.click()
        assert walk.faults() == []


def log_view(count: int) -> LogView:
    view = LogView("lines", "Lines")
    view.resize(600, 300)
    view.show()
    view.add(LogLine(Source.STDOUT, f"2026-01-02T03:04:{n % 60:02}.000000000Z", f"line {n}") for n in range(count))
    end = time.monotonic() + 60
    while len(view.shown) < min(count, KEPT_LINES) and time.monotonic() < end:
        QTest.qWait(5)
    return view


def test_scrolling_up_stays_there_while_lines_come_and_go() -> None:
    view = log_view(KEPT_LINES)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    top = view.firstVisibleBlock().text()
    view.add(LogLine(Source.STDOUT, "", f"more {n}") for n in range(500))
    end = time.monotonic() + 60
    while view.shown[-1].text != "more 499" and time.monotonic() < end:
        QTest.qWait(5)
    assert len(view.shown) == KEPT_LINES
    assert view.firstVisibleBlock().text() == top
    view.set_following(True)
    assert bar.value() == bar.maximum()
    view.close()
    view.deleteLater()


def test_lines_that_a_flood_took_away_are_counted_as_those_that_went_at_the_top() -> None:
    """A search looks on from where it was, as many lines higher."""
    view = log_view(100)
    view.taken_away()
    view.add(LogLine(Source.STDOUT, "", f"more {n}") for n in range(KEPT_LINES + 1))
    assert (view.shown, view.taken_away()) == ([], 100)
    view.close()
    view.deleteLater()


def test_narrower_window_still_follows() -> None:
    view = LogView("lines", "Lines")
    view.resize(900, 300)
    view.show()
    view.add(LogLine(Source.STDOUT, "", f"{n} " + "long words " * 12) for n in range(300))
    for width in (800, 300, 200, 500):
        view.resize(width, 300)
        QTest.qWait(60)
        assert view._following
        assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    view.close()
    view.deleteLater()


@pytest.mark.parametrize("height", [0, 5, 20])
def test_log_that_is_lower_than_a_line_has_nothing_in_sight(height: int) -> None:
    view = LogView("log", "Log")
    view.resize(500, height)
    view.show()
    view.grab()
    assert list(view.in_sight()) == []
    view.add([LogLine(Source.STDOUT, "", "needle")])
    while not view.shown:
        QTest.qWait(5)
    view.grab()
    assert list(view.in_sight()) in ([], [0])
    view.close()
    view.deleteLater()


def test_letters_outside_the_basic_plane_are_found_where_they_are() -> None:
    tab = LogTab()
    tab.show()
    tab.add([LogLine(Source.STDOUT, "", "\U0001f468\U0001f469 İ needle")])
    while not tab.view.shown:
        QTest.qWait(5)
    tab._on_search("NEEDLE")
    assert tab.view.textCursor().selectedText() == "needle"
    tab.close()
    tab.deleteLater()


@pytest.mark.parametrize(
    ("status", "link", "state", "words", "wish"),
    [
        (RUNNING, UP, "running", "", ""),
        (RUNNING, UP, "exited", "It has ended. Exit code 137: killed", "start container"),
        (RUNNING, UP, "created", "not been started", "start container"),
        (RUNNING, UP, "paused", "It is paused.", "unpause"),
        (RUNNING, UP, "restarting", "the engine starts it again", ""),
        (RUNNING, UP, None, "was removed", ""),
        (RUNNING, EngineLink(Link.LOST, "why not"), "running", "Why not.", "retry"),
        (RUNNING, EngineLink(Link.CONNECTING), None, "Connecting to the engine.", "console"),
        (MachineStatus(state=State.STOPPED), EngineLink(), None, "The machine is stopped.", "start"),
        (MachineStatus(state=State.SUSPENDED), EngineLink(), None, "The machine is suspended.", "start"),
        (MachineStatus(state=State.FAILED), EngineLink(), None, "The machine failed.", "start"),
    ],
)
def test_each_situation_has_words_and_the_button_that_helps(
    status: MachineStatus, link: EngineLink, state: str | None, words: str, wish: str
) -> None:
    record = state and Container(id="a", name="a", image="a", state=state, status="Exited (137)")
    found = situation_of(status, link, record or None)
    if not words:
        assert found is None
    else:
        assert found is not None and words in found.words and found.wish == wish


def test_exit_codes_in_words() -> None:
    assert exit_words(0).startswith("Exit code 0: it ended by itself")
    assert exit_words(137, ran_out_of_memory=True) == "Exit code 137: killed, since its memory was used up"
    assert exit_words(138) == "Exit code 138: ended by SIGUSR1"
    assert exit_words(3) == "Exit code 3"


def terminal(app: App, tab: str) -> Any:
    """What is shown in the tab of that name."""
    return getattr(detail(app), tab).currentWidget()


async def test_a_shell_is_opened_at_the_first_look_and_kept(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        tab = detail(app).terminal
        assert tab.count() == 1  # no terminal is made for who looks at the log
        detail(app).show_tab("terminal")
        await until(lambda: tab.count() == 2 and terminal(app, "terminal").phase is Phase.OPEN)
        pane = terminal(app, "terminal")
        await until(lambda: "/#" in pane.terminal.session.screen.text())
        app.window.activateWindow()
        await until(app.window.isActiveWindow)
        assert app.window.focusWidget() is pane.terminal.display
        QTest.keyClicks(pane.terminal.display, "echo kept\r")
        await until(lambda: "\nkept\n" in pane.terminal.session.screen.text())
        QTest.keyClick(pane.terminal.display, Qt.Key.Key_Escape)
        assert pane.isVisible()  # Escape is the shell's
        assert walk.faults() == []
        detail(app).show_tab("logs")
        app.containers_page.go_back()
        app._on_containers("terminal", [id_of("shop-web-1")])
        await until(lambda: tab.count() == 3 and terminal(app, "terminal").phase is Phase.OPEN)
        assert terminal(app, "terminal") is not pane
        app._on_containers("terminal", [id_of("cache")])
        assert terminal(app, "terminal") is pane and "\nkept\n" in pane.terminal.session.screen.text()


async def test_terminals_of_a_container_tell_its_end_and_its_removal(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        for tab, name in (("terminal", "terminal"), ("attached", "attach")):
            detail(app).show_tab(name)
            await until(lambda tab=tab: getattr(terminal(app, tab), "phase", None) is Phase.OPEN)  # type: ignore[misc]
        assert walk.faults() == []
        await app.machine.suspend()
        await until(lambda: terminal(app, "attached").phase is Phase.LOST)
        words = terminal(app, "attached")._bar.words
        await until(lambda: words.text() == "The machine was suspended. cache goes on where it was when it resumes.")
        press(app, "detail_situation_button")
        await until(lambda: said(app) == "")
        terminal(app, "attached").again_requested.emit()
        await until(lambda: terminal(app, "attached").phase is Phase.OPEN)
        await app.engine.kill(detail(app).id)
        await until(lambda: terminal(app, "attached").phase is Phase.CONTAINER_ENDED)
        await app.engine.remove(detail(app).id, force=True)
        for tab in ("terminal", "attached"):
            await until(lambda tab=tab: terminal(app, tab).phase is Phase.CONTAINER_REMOVED)  # type: ignore[misc]
        assert words.text() == "cache was removed. This is the last that was seen of it."
        terminal(app, "attached").close_requested.emit()
        await until(lambda: terminal(app, "attached") is detail(app).attached.widget(0))
        assert walk.faults() == []


async def test_lines_for_which_there_is_no_room_leave_the_file_as_it_was(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path  # noqa: F811
) -> None:
    file = tmp_path / "rest.log"
    file.write_text("mine\n")
    async with opened(machine, logs) as app:
        await app.engine.remove(detail(app).id, force=True)
        await until(lambda: "removed" in said(app))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        try:
            detail(app).logs.save_requested.emit(str(file), False)
            await until(lambda: any(notice.kind == "error" for notice in app.window.notices.notices()))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert [path.name for path in tmp_path.iterdir()] == ["rest.log"] and file.read_text() == "mine\n"


async def test_a_shell_that_ended_gives_way_to_a_new_one_when_one_comes_back(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    async with opened(machine, logs) as app:
        detail(app).show_tab("terminal")
        await until(lambda: detail(app).terminal.count() == 2 and terminal(app, "terminal").phase is Phase.OPEN)
        ended = terminal(app, "terminal")
        await until(lambda: "/#" in ended.terminal.session.screen.text())
        ended.frame_typed.emit(frames.TYPED, b"exit\r")
        await until(lambda: ended.is_over)
        app.containers_page.go_back()
        app._on_containers("terminal", [id_of("cache")])
        await until(lambda: getattr(terminal(app, "terminal"), "phase", None) is Phase.OPEN)
        assert terminal(app, "terminal") is not ended
        terminal(app, "terminal").close_requested.emit()
        (await until_found(app, "close_shell_question_close")).click()
        await until(lambda: detail(app).terminal.count() == 1)
        await asyncio.sleep(0.1)
        assert detail(app).terminal.count() == 1  # the user has closed it


async def until_found(app: App, name: str) -> QPushButton:
    await until(lambda: app.window.findChild(QPushButton, name) is not None)
    return app.window.findChild(QPushButton, name)


async def test_escape_in_the_search_empties_it_first(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        for name in ("log_search", "log_filter"):
            edit = detail(app).findChild(QLineEdit, name)
            edit.setFocus()
            QTest.keyClicks(edit, "line")
            QTest.keyClick(edit, Qt.Key.Key_Escape)
            assert edit.text() == "" and app.containers_page.currentWidget() is detail(app)
        detail(app).show_tab("details")
        edit = detail(app).findChild(QLineEdit, "inspect_search")
        await until(edit.isEnabled)
        edit.setFocus()
        QTest.keyClicks(edit, "state")
        QTest.keyClick(edit, Qt.Key.Key_Escape)
        assert edit.text() == "" and app.containers_page.currentWidget() is detail(app)
        QTest.keyClick(edit, Qt.Key.Key_Escape)
        assert app.containers_page.currentWidget() is not detail(app)


async def test_escape_in_the_bars_of_a_shell_closes_them_and_not_the_container(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    async with opened(machine, logs) as app:
        detail(app).show_tab("terminal")
        await until(lambda: getattr(terminal(app, "terminal"), "phase", None) is Phase.OPEN)
        shell = terminal(app, "terminal").terminal
        shell._ask_for_words(older=True)
        QTest.keyClick(shell._search_bar._line, Qt.Key.Key_Escape)
        assert shell._search_bar.isHidden() and app.containers_page.currentWidget() is detail(app)
        shell._paste_bar.ask("first\nsecond")
        QTest.keyClick(shell._paste_bar._cancel, Qt.Key.Key_Escape)
        assert shell._paste_bar.isHidden() and app.containers_page.currentWidget() is detail(app)
