"""The whole window, its tray menu and its questions, with the worst texts that could come from outside."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSystemTrayIcon,
    QTextEdit,
    QToolButton,
    QWidget,
)

from desktop.app import App
from desktop.core.engine import Container, EngineLink, Image, Link
from desktop.core.errors import EngineError
from desktop.core.host import OtherVm
from desktop.core.machine import BootStep, Engine, Hypervisor, MachineStatus, State
from desktop.core.paths import Home, MachineFiles
from desktop.shell.crash import CrashLog
from desktop.shell.overview_feed import detail_of, title_of
from desktop.shell.single_instance import SingleInstance
from desktop.views.images_card import ImagesState
from desktop.views.notice_stack import Choice, Notice
from desktop.views.plain import plain_tooltip
from desktop.views.side_bar import PAGES
from tests.helpers import walk
from tests.helpers.fake import fake_machine, play
from tests.helpers.hostile import HOSTILE
from tests.helpers.log_watch import LogWatch

ALL = "\n".join(HOSTILE)
MENU_PAGE = 15


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    home.settings_file.write_text('"<b>\\u202e\\u0007x</b>" = 1\n')
    with fake_machine(home) as files:
        files.config.write_text('"<img src=x>\\u202e" = 1\n')
        yield files


@contextlib.asynccontextmanager
async def running_app(home: Home, logs: LogWatch) -> AsyncIterator[App]:
    """Built and run as `moorage app` does it. Not a fixture: between those qasync turns Qt's loop without its own."""
    logs.expect("systemTrayWindowChanged")  # without a screen Qt has no tray to connect its icon to, and says so
    qt = QApplication.instance()
    assert isinstance(qt, QApplication)
    palette, direction, locale = qt.palette(), qt.layoutDirection(), QLocale()
    instance = SingleInstance(home)
    assert instance.acquire()
    threads = ThreadPoolExecutor(2)
    asyncio.get_running_loop().set_default_executor(threads)
    made = App(qt, home, instance, CrashLog(home.base / "crash.log"))
    running = asyncio.create_task(made.main(hidden=False, page=None))
    try:
        await until(lambda: made.window.isVisible() and bool(made.machine.status.since))
        yield made
    finally:
        made.quitting.at_once()
        await running
        threads.shutdown()
        instance.close()
        asyncio.get_running_loop().set_exception_handler(None)
        made.appearance.deleteLater()
        for translator in made._translators:
            qt.removeTranslator(translator)
        qt.setStyleSheet("")
        qt.setPalette(palette)
        qt.setLayoutDirection(direction)
        QLocale.setDefault(locale)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.02)


async def seen(app: App) -> None:
    """Every page, as it is now."""
    for page in PAGES:
        app.window.show_page(page)
        await asyncio.sleep(0.02)
        assert walk.faults() == [], page


def records() -> tuple[list[Container], list[Image]]:
    containers = [
        Container(
            id=f"{number + 16:x}".ljust(64, "0"), name=text, image=text, image_id=text, command=text, state=text,
            status=text, labels=((text, text), ("com.docker.compose.project", text)), busy=text if number % 2 else "",
        )
        for number, text in enumerate(HOSTILE)
    ]  # fmt: skip
    images = [
        Image(id=f"sha256:{number + 16:x}".ljust(71, "0"), tags=(text, text)) for number, text in enumerate(HOSTILE)
    ]
    return containers, images


def hostile_status(state: State) -> MachineStatus:
    return MachineStatus(
        state=state, detail=ALL, next_step=ALL, since=ALL, warnings=tuple(HOSTILE),
        hypervisor=Hypervisor(name=ALL, version=ALL, accelerator=ALL, accelerator_reason=ALL, pid=1, executable=ALL),
        engine=Engine(reachable=True, version=ALL, api_version=ALL, containers_running=1),
        boot_steps=(BootStep(ALL, 0.1),),
    )  # fmt: skip


async def test_every_state_of_the_machine(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await seen(app)  # stopped, with a settings file and a machine file that are broken
        await until(lambda: any("U+202E" in text for text in walk.shown_texts()))
        for state in State:
            app.machine.changed.emit(hostile_status(state))
            await seen(app)
        app.window.show_page("overview")
        lines = app.window.findChild(QPlainTextEdit, "failure_lines")
        assert isinstance(lines, QPlainTextEdit) and "<h1>BIG" not in lines.toPlainText().splitlines()[0]
        assert "&lt;" in lines.toPlainText()


async def test_rows_menus_and_what_goes_wrong_with_them(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        app.engine.look = lambda: None  # type: ignore[method-assign]  # or it reads what there really is
        await play(machine, "running")
        await until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) > 0)
        containers, images = records()
        app.engine.containers.replace(containers)
        app.engine.images.replace(images)
        await until(lambda: app.containers.model.rowCount() == app.images.model.rowCount() == len(HOSTILE))
        await seen(app)
        for page, pane in (("containers", app.containers), ("images", app.images)):
            app.window.show_page(page)
            pane.table.selectAll()
            pane.table.customContextMenuRequested.emit(QPoint(5, 5))
            assert walk.faults() == []
            app.window.findChild(QMenu, f"{page}_menu").close()
            app.window.findChild(QPushButton, f"{page}_remove").click()
            await until(lambda: app.window.findChild(QWidget, "remove_question") is not None)
            assert any("<h1>BIG" in text for text in walk.shown_texts())
            assert walk.faults() == []
            app.window.findChild(QPushButton, "remove_question_cancel").click()
            await until(lambda: app.window.findChild(QWidget, "remove_question") is None)
        for text in HOSTILE:
            for pane in (app.containers, app.images):
                pane.show_situation(app.machine.status, EngineLink(Link.LOST, text))
            assert walk.faults() == []
        app.engine.containers.replace([])
        app.engine.images.replace([])
        await seen(app)


async def test_nothing_matches_a_filter(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await play(machine, "running")
        await until(lambda: app.containers.model.rowCount() > 0)
        app.window.show_page("containers")
        for text in HOSTILE:
            app.window.findChild(QWidget, "containers_filter").setText(text)
            assert walk.faults() == [], repr(text[:30])


async def test_engine_that_refuses_in_markup(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        await play(machine, "running")
        await until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) > 0)
        await play(machine, "refuses")
        for container in list(app.engine.containers):
            app.engine_actions.on_containers("restart", [container.id])
        await until(lambda: any("disk quota" in notice.why for notice in app.window.notices.notices()))
        await seen(app)


async def test_notices_and_questions(machine: MachineFiles, monkeypatch: pytest.MonkeyPatch, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        for text in HOSTILE:
            app.notices.error(EngineError(text, text, text), Choice(text, lambda: None))
            app.notices.say(Notice(text, f"{text}\n" * 4, text, choices=(Choice(text, lambda: None),) * 3))
            assert walk.faults() == []
        asked = asyncio.create_task(app.machine_actions.may_kill(EngineError(ALL, ALL, ALL)))  # type: ignore[arg-type]
        await until(lambda: app.window.findChild(QWidget, "kill_question") is not None)
        assert walk.faults() == []
        app.window.findChild(QPushButton, "kill_question_wait").click()
        assert await asked is False
        await play(machine, "running")
        await until(lambda: app.machine.status.state is State.RUNNING)
        app.quitting.request()
        await until(lambda: app.window.findChild(QWidget, "quit_question") is not None)
        assert walk.faults() == []
        app.window.findChild(QPushButton, "quit_question_cancel").click()
        said: list[tuple[str, str]] = []
        monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, title, body, *_: said.append((title, body)))
        monkeypatch.setattr(app.tray, "_available", True)
        monkeypatch.setattr(app.tray, "available", lambda: True)
        app.window.hide()
        app.notices.error(EngineError(ALL, ALL, ALL))
        await until(lambda: bool(said))  # gathered for a moment, with what else comes
        (title, body), = said
        assert "\n" not in title and "\u202e" not in title + body and "<" not in body


async def test_guest_image_products_and_the_console(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        app.window.show_page("settings")  # made by this
        for state in (
            ImagesState(checked=True, problem=ALL, asks_mirror=True),
            ImagesState(checked=True, versions=ALL),
            ImagesState(building=True, step=ALL),
        ):
            for card in (app.overview.images, app.settings.images):
                card.show_state(state)
            await seen(app)
        vms = [OtherVm(product=text, hypervisor=text, name=text, pid=1, command=text) for text in HOSTILE]
        app.overview.show_products([(title_of(vm), detail_of(vm)) for vm in vms])
        app.overview.connect_card.show_context(False, ALL)
        for key in ("cpus", "language"):
            app.settings.show_problem(key, ALL)
        await seen(app)
        await play(machine, "running")
        app.window.show_page("console")
        terminal = app.console.terminal
        assert terminal is not None
        terminal.set_message(ALL)
        terminal._paste_bar.ask(ALL)
        terminal._open_menu(QPoint(5, 5))
        assert walk.faults() == []
        terminal.findChild(QMenu, "terminal_menu").close()


async def test_tray_menu(machine: MachineFiles, logs: LogWatch) -> None:
    async with running_app(machine.home, logs) as app:
        containers, _ = records()
        for begin in range(0, len(containers), MENU_PAGE):
            app.tray.show_containers(containers[begin : begin + MENU_PAGE])
            await asyncio.sleep(0.02)  # the menus before are let go
            assert walk.faults() == []


def label(text: str) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def named(made: QWidget, accessible: str = "Name") -> QWidget:
    made.setObjectName("named")
    made.setAccessibleName(accessible)
    return made


def two_buttons() -> QWidget:
    both = QWidget()
    for _ in range(2):
        named(QPushButton("OK", both))
    return both


def tipped(text: str) -> QWidget:
    made = label("x")
    made.setToolTip(text)
    return made


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: QLabel("x"), "could show markup"),
        (lambda: label("a\x1bb"), "U+001B"),
        (lambda: label("a\u202eb"), "U+202E"),
        (lambda: label("one\ntwo"), "U+000A"),
        (lambda: tipped("<b>x</b>"), "read as markup"),
        (lambda: tipped("<span><b>x</b></span>"), "read as markup"),
        (lambda: named(QPushButton("OK"), ""), "no accessible name"),
        (lambda: named(QToolButton(), ""), "no accessible name"),
        (lambda: named(QTextEdit()), "shows markup"),
        (two_buttons, "2 controls"),
    ],
)
def test_walk_finds_what_is_wrong(make: Callable[[], QWidget], words: str) -> None:
    made = make()
    found = walk.faults()
    made.deleteLater()
    assert any(words in fault for fault in found)


def test_walk_is_content_with_what_is_right() -> None:
    made = tipped(plain_tooltip("<b>x</b>\ny"))
    found = walk.faults()
    made.deleteLater()
    assert found == []
