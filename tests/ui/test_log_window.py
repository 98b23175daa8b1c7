"""How a log looks and what of it is shown: several containers as one, the filter, wrapping, colours and marks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from docker import APIClient
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTabBar

from desktop.app import App
from desktop.core.container_log import LogLine, Source
from desktop.core.engine import Link
from desktop.core.paths import MachineFiles
from desktop.fake.samples import id_of
from desktop.models.job_words import title_words
from desktop.views.detail.inspect_facts import facts_of
from desktop.views.detail.log_filter import LogFilter
from desktop.views.detail.log_tab import LogTab
from desktop.views.detail.log_view import BAR_PX, KEPT_CHARACTERS, KEPT_LINES, LogView
from desktop.views.theme import colours_of
from tests.helpers import walk
from tests.helpers.fake import play
from tests.helpers.log_watch import LogWatch

from .test_container_detail import detail, lines, opened, said
from .test_every_widget import machine, running_app, until  # noqa: F401 (a fixture)

STAMP = "2026-01-02T03:04:05.000000000Z"


def out(*texts: str, source: Source = Source.STDOUT, name: str = "") -> list[LogLine]:
    return [LogLine(source, STAMP, text, name) for text in texts]


def wait_for(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        QTest.qWait(5)


@pytest.fixture
def tab() -> Iterator[LogTab]:
    made = LogTab()
    made.resize(700, 400)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def shown_tabs(app: App) -> list[str]:
    bar = detail(app).findChild(QTabBar, "detail_tabs")
    return [bar.tabText(number) for number in range(bar.count()) if bar.isTabVisible(number)]


async def test_a_group_opens_the_logs_of_the_whole_project(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with running_app(machine.home, logs) as app:
        await play(machine, "running")
        await until(lambda: app.engine.link.link is Link.UP and app.containers.model.rowCount() == 5)
        app.window.show_page("containers")
        app.containers._view.group.setChecked(True)
        model, table = app.containers.model, app.containers.table
        row = next(n for n in range(model.rowCount()) if (group := model.group(n)) is not None and group.name == "shop")
        table.selectRow(row)
        app.window.findChild(QPushButton, "containers_logs").click()
        await until(lambda: app.containers_page.detail is not None and len(lines(app)) == 120)
        pane = detail(app)
        assert pane.findChild(QLabel, "detail_name").text() == "shop"
        assert pane.findChild(QLabel, "detail_state").text() == "3 of 3 running"
        assert shown_tabs(app) == ["Logs"]
        assert {text[:3] for text in pane.logs.view.toPlainText().splitlines()} == {"web", "api", "db "}
        assert walk.faults() == []
        await app.engine.kill(id_of("shop-db-1"))
        await until(lambda: pane.findChild(QLabel, "detail_state").text() == "2 of 3 running")
        pane.findChild(QPushButton, "detail_start").click()
        await until(lambda: pane.findChild(QLabel, "detail_state").text() == "3 of 3 running")
        await app.machine.suspend()
        await until(lambda: "suspended" in said(app))
        app.containers_page.go_back()
        app._on_containers("logs", [id_of("cache"), id_of("old-report")])
        assert pane.findChild(QLabel, "detail_name").text() == "shop"  # neither is there while it is suspended
        await app.machine.start()
        await until(lambda: app.engine.link.link is Link.UP and app.containers.model.rowCount() > 4)
        app._on_containers("logs", [id_of("cache"), id_of("old-report")])
        assert pane.findChild(QLabel, "detail_name").text() == "2 containers"
        await until(lambda: len(lines(app)) == 80)
        app._on_containers("logs", [id_of("cache")])
        await until(lambda: len(lines(app)) == 40)
        assert len(shown_tabs(app)) == 6


async def test_lines_that_waited_for_their_order_come_into_no_other_log(
    machine: MachineFiles, logs: LogWatch  # noqa: F811
) -> None:
    async with opened(machine, logs) as app:
        await play(machine, "flood=40")
        view = detail(app).logs.view
        app._on_containers("logs", [id_of(f"shop-{service}-1") for service in ("api", "db", "web")])
        await until(lambda: len({shown.line.name for shown in view.shown}) == 3)
        await until(lambda: app.detail_feed._log._waiting)
        app._on_containers("logs", [id_of("cache")])
        await until(lambda: view.shown)
        assert {shown.line.name for shown in view.shown} == {""}
        await play(machine, "calm")


async def test_save_of_a_project_writes_all_that_the_engine_keeps(
    machine: MachineFiles, logs: LogWatch, tmp_path: Path  # noqa: F811
) -> None:
    """More than is shown, compared with what an SDK reads of each."""
    members = [id_of(f"shop-{service}-1") for service in ("api", "db", "web")]
    async with opened(machine, logs) as app:
        await play(machine, "flood=40")
        app._on_containers("logs", members)
        await until(lambda: any(shown.line.source is Source.DROPPED for shown in detail(app).logs.view.shown))
        await play(machine, "calm")
        await until(lambda: app.engine.link.link is Link.UP)
        expected = await asyncio.to_thread(merged, machine, dict(zip(members, ("api", "db", "web"), strict=True)))
        detail(app).logs.save_requested.emit(str(tmp_path / "all.log"), True)
        await until(lambda: app.jobs.store and not app.jobs.running())
        assert (tmp_path / "all.log").read_bytes() == expected
        assert expected.count(b"\n") > 2 * KEPT_LINES
        (job,) = app.jobs.store
        assert title_words(job) == "Save the log of shop → all.log" and job.done_bytes == len(expected)


def merged(files: MachineFiles, names: dict[str, str]) -> bytes:
    """What the engine has of containers, in the order of its moments, with their names."""
    client, lines = APIClient(f"unix://{files.engine_socket}"), list[tuple[bytes, bytes]]()
    with closing(client):
        for id, name in names.items():
            for line in client.logs(id, timestamps=True).splitlines(keepends=True):
                stamp, _, text = line.partition(b" ")
                lines.append((stamp, b"%s %s %s" % (stamp, name.encode(), text)))
    return b"".join(line for _, line in sorted(lines, key=lambda found: found[0]))


async def test_filter_hides_what_does_not_match_and_what_comes(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        before = lines(app)
        edit, note = detail(app).findChild(QLineEdit, "log_filter"), detail(app).findChild(QLabel, "log_note")
        QTest.keyClicks(edit, "slow query|error ")
        wanted = [line for line in before if "slow query" in line or "ERROR" in line]
        await until(lambda: lines(app) == wanted)
        assert note.text() == f"{len(wanted)} of 40 lines pass the filter"
        assert walk.faults() == []
        await play(machine, "chatter=50")
        await until(lambda: len(lines(app)) > len(wanted) + 3)
        await play(machine, "calm")
        assert all("slow query" in line or "ERROR" in line for line in lines(app))
        edit.clear()
        await until(lambda: len(lines(app)) > 50)
        assert lines(app)[:40] == before


def test_what_is_looked_for_is_marked_in_the_lines_that_come_and_in_none_that_went(tab: LogTab) -> None:
    tab.add(out(*(f"a word {number}" for number in range(50))))
    wait_for(lambda: len(tab.view.shown) == 50)
    tab.bar.findChild(QLineEdit, "log_search").setText("word")
    wait_for(tab.view.extraSelections)
    tab.view.set_following(True)
    seen: list[tuple[int, int]] = []

    def look() -> None:
        seen.append((len(tab.view.in_sight()), len(tab.view.extraSelections())))

    tab.view.lines_changed.connect(look)
    tab.add(out(*(f"a word {number}" for number in range(50, 100))))
    wait_for(lambda: len(tab.view.shown) == 100)
    assert seen[-1][0] > 10 and seen[-1][0] == seen[-1][1]
    tab.begin("another")  # Qt would say that there are no such places in it
    assert not tab.view.extraSelections()


def test_a_wrong_filter_is_told_and_one_that_takes_for_ever_given_up(tab: LogTab) -> None:
    tab.add(out("a" * 3000 + "b", "one", "two"))
    wait_for(lambda: len(tab.view.shown) == 3)
    edit, wrong = tab.findChild(QLineEdit, "log_filter"), tab.findChild(QLabel, "log_filter_wrong")
    edit.setText("t(w")
    wait_for(wrong.isVisible)
    assert wrong.text() == "This is no regular expression: it goes wrong at character 3."
    assert edit.property("kind") == "wrong" and len(tab.view.shown) == 3
    edit.setText("tw")
    wait_for(lambda: tab.view.text_lines() == ["two"])
    assert not wrong.isVisible() and edit.property("kind") == ""
    edit.setText("(a+)+$")
    wait_for(lambda: "too long" in wrong.text())
    wait_for(lambda: len(tab.view.shown) == 3)
    assert edit.property("kind") == "wrong"


def test_filter_finds_without_regard_to_case_and_in_any_script() -> None:
    assert LogFilter("ERR.r").passes("an error")
    assert LogFilter("^zoë").passes("Zoë bezahlt") and LogFilter("已付款$").passes("订单已付款")
    assert not LogFilter("^b").passes("ab")
    assert LogFilter("").passes("") and LogFilter("(").wrong_at == 1 and LogFilter("a[").wrong_at == 2
    assert LogFilter("a|b").wrong_at is None


def colours_at(view: LogView, number: int) -> set[str]:
    """Of the words of one line."""
    block = view.document().findBlockByNumber(number)
    found, iterator = set(), block.begin()
    while not iterator.atEnd():
        found.add(iterator.fragment().charFormat().foreground().color().name())
        iterator += 1
    return found


def test_colours_of_a_terminal_are_shown_and_go_on_per_stream(tab: LogTab) -> None:
    tab.add(out("\x1b[31mred \x1b[0mplain", "\x1b[32mgreen and"))
    tab.add(out("calm", source=Source.STDERR) + out("still green"))
    wait_for(lambda: len(tab.view.shown) == 4)
    assert tab.view.text_lines() == ["red plain", "green and", "calm", "still green"]
    assert len(colours_at(tab.view, 0)) == 2
    assert colours_at(tab.view, 1) == colours_at(tab.view, 3) != colours_at(tab.view, 2)


def test_lines_of_stderr_have_a_bar_and_no_others(tab: LogTab) -> None:
    tab.add(out("one") + out("two", source=Source.STDERR) + out("three"))
    wait_for(lambda: len(tab.view.shown) == 3)
    picture = tab.view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    danger = QColor(colours_of(tab.view.palette()).danger_text)

    def beside(number: int) -> QColor:
        block = tab.view.document().findBlockByNumber(number)
        top = tab.view.blockBoundingGeometry(block).translated(tab.view.contentOffset()).center().y()
        return picture.pixelColor(round(BAR_PX // 2 * ratio), round(top * ratio))

    assert [beside(number) == danger for number in range(3)] == [False, True, False]


def test_wrap_is_switched_off_and_on(tab: LogTab) -> None:
    tab.add(out("word " * 100))
    wait_for(lambda: len(tab.view.shown) == 1)
    wrap, across = tab.findChild(QPushButton, "log_wrap"), tab.view.horizontalScrollBar()
    layout = tab.view.document().firstBlock().layout()
    assert layout.lineCount() > 1 and across.maximum() == 0
    wrap.click()
    wait_for(lambda: across.maximum() > 0)
    assert layout.lineCount() == 1
    wrap.click()
    wait_for(lambda: across.maximum() == 0)


def test_a_flood_is_held_within_bounds(tab: LogTab) -> None:
    long = "x" * 4000
    tab.bar.filtered.emit("7|x")
    for number in range(40):
        tab.add(out(*(f"{number} {part} {long}" for part in range(500))))
        QTest.qWait(20)
        assert len(tab.view.shown) <= KEPT_LINES and tab.view.kept <= KEPT_LINES
        assert tab.view.document().characterCount() < 2 * KEPT_CHARACTERS
    wait_for(lambda: "".join(tab.view.text_lines()[-1:]).startswith("39 499 "))
    assert tab.view.kept * len(long) <= 2 * KEPT_CHARACTERS + 4 * len(long)


def test_newest_lines_are_there_where_all_is_put_anew_while_many_wait(tab: LogTab) -> None:
    tab.add(out("first"))
    wait_for(lambda: tab.view.kept == 1)
    tab.add(out(*(f"line {number}" for number in range(KEPT_LINES))))
    tab.view.set_stamps(True)
    wait_for(lambda: len(tab.view.shown) == KEPT_LINES)
    assert tab.view.text_lines()[-1] == f"line {KEPT_LINES - 1}"


async def test_since_begins_anew_with_younger_lines(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs, "shop-db-1") as app:
        await until(lambda: len(lines(app)) == 40)  # three hours old
        await play(machine, "chatter=20")
        detail(app).logs.bar._choose_since(5, "Last 5 minutes")
        await until(lambda: 0 < len(lines(app)) < 40)
        await play(machine, "calm")
        button = detail(app).findChild(QPushButton, "log_since")
        assert button.text() == "Last 5 minutes"
        app._on_containers("logs", [id_of("shop-web-1"), id_of("shop-db-1")])
        await until(lambda: 0 < len(lines(app)) < 80)
        detail(app).logs.bar._choose_since(0, "Newest lines")
        await until(lambda: len(lines(app)) > 80)


async def test_window_answers_in_a_flood_of_a_whole_project(machine: MachineFiles, logs: LogWatch) -> None:  # noqa: F811
    async with opened(machine, logs) as app:
        app._on_containers("logs", [id_of(f"shop-{service}-1") for service in ("web", "api", "db")])
        await until(lambda: len(lines(app)) >= 120)
        view, edit = detail(app).logs.view, detail(app).findChild(QLineEdit, "log_filter")
        await play(machine, "flood=60")
        await until(lambda: any(shown.line.source is Source.DROPPED for shown in view.shown))
        edit.setFocus()
        for letter in "99 x|7":
            QTest.keyClicks(edit, letter)
            await asyncio.sleep(0.1)
            assert len(view.shown) <= KEPT_LINES and view.kept <= KEPT_LINES
        assert edit.text() == "99 x|7"
        await play(machine, "calm")

        def filtered() -> bool:
            texts = [shown.text for shown in view.shown if not shown.line.is_mark]
            return bool(texts) and all("99 x" in text or "7" in text for text in texts)

        await until(filtered)


def test_a_moment_that_the_users_clock_does_not_have_is_shown_as_it_is(
    tab: LogTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The year 1, which Go has for no time at all, west of Greenwich: the log stood still from then on."""
    monkeypatch.setenv("TZ", "EST5")
    time.tzset()
    try:
        tab.bar._stamps.click()
        tab.add([LogLine(Source.STDOUT, "0001-01-01T00:00:00.000000000Z", "first"), *out("second")])
        wait_for(lambda: len(tab.view.shown) == 2)
        assert tab.view.toPlainText().splitlines()[0].startswith("0001-01-01T00:00:00")
        assert facts_of({"State": {"Status": "exited", "FinishedAt": "0000-12-31T23:00:00Z"}})["state"]
    finally:
        monkeypatch.undo()
        time.tzset()
