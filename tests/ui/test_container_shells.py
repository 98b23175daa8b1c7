"""Shells in containers: real tabs, the real service and SDK, and the fake's engine in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QStackedWidget, QTabBar, QToolButton, QWidget

from desktop.core import frames
from desktop.core.engine import Link
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.fake.samples import id_of
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.shell.asking import Asking
from desktop.shell.console_link import ConsoleLink
from desktop.shell.container_shells import ContainerShells
from desktop.shell.tasks import Tasks
from desktop.views.console_pane import ConsolePane
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.question import Answer
from desktop.views.shell_pane import Phase, ShellPane
from tests.helpers import walk
from tests.helpers.fake import fake_machine, play
from tests.helpers.hostile import HOSTILE

CACHE, WEB = id_of("cache"), id_of("shop-web-1")


class AlwaysYes(Asking):
    """Answers as who presses Enter would; what was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
        self.asked.append(what)
        return default


class Rig:
    """The console page of an app whose machine runs."""

    def __init__(self, home: Home) -> None:
        self.errors: list[Exception] = []
        self.machine = MachineService(home.machine())
        self.engine = EngineService()
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        self.page = ConsoleTabs(ConsolePane(14), lambda: self.shells.running())
        self.asking = AlwaysYes()
        self.shells = ContainerShells(self.engine, self.page, self.tasks, self.asking)
        self.machine.changed.connect(self.page.show_status)
        self.page.resize(800, 500)
        self.page.show()

    @property
    def tabs(self) -> list[str]:
        bar = self.page.findChild(QTabBar, "console_tabs")
        assert bar is not None
        return [bar.tabText(index) for index in range(bar.count())]

    async def open(self, container: str = CACHE) -> ShellPane:
        self.shells.open(container)
        pane = self.page.shells()[-1]
        await until(lambda: pane.phase is Phase.OPEN and "/#" in screen(pane))
        return pane


@contextlib.asynccontextmanager
async def running(home: Home) -> AsyncIterator[Rig]:
    with fake_machine(home) as files:
        threads = ThreadPoolExecutor(2)
        asyncio.get_running_loop().set_default_executor(threads)
        rig = Rig(home)
        try:
            rig.tasks.spawn("machine", rig.machine.follow())
            await play(files, "running")
            await until(lambda: rig.machine.status.state is State.RUNNING)
            rig.tasks.spawn("engine", rig.engine.follow(files.engine_socket))
            await until(lambda: rig.engine.link.link is Link.UP)
            yield rig
        finally:
            await rig.tasks.close(5)
            rig.page.close_terminals()
            rig.page.close()
            rig.page.deleteLater()
            threads.shutdown()
        assert rig.errors == []


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.02)


def screen(pane: ShellPane) -> str:
    return pane.terminal.session.screen.text()


def bar(pane: ShellPane) -> str:
    label = pane.findChild(QLabel, "shell_bar_words")
    assert label is not None
    return label.text() if label.isVisible() else ""


async def test_a_shell_opens_in_a_tab_and_is_kept_when_one_leaves_it(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        assert rig.tabs == ["Machine", "cache"] and pane.isVisible()
        QTest.keyClicks(pane.terminal.display, "echo one\r")
        await until(lambda: "\none\n" in screen(pane))
        rig.page.show_tab(0)
        assert rig.page.machine.isVisible()
        rig.page.show_tab(1)
        QTest.keyClicks(pane.terminal.display, "echo two\r")
        await until(lambda: "\none\n" in screen(pane) and "\ntwo\n" in screen(pane))
        for _ in range(50):  # the size is told beside what is typed
            QTest.keyClicks(pane.terminal.display, "stty size\r")
            await asyncio.sleep(0.1)
            columns, rows = pane.size_in_cells()
            if f"\n{rows} {columns}\n" in screen(pane):
                break
        assert f"\n{rows} {columns}\n" in screen(pane)


async def test_a_shell_that_ends_says_so_and_opens_again(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        assert bar(pane) == ""
        QTest.keyClicks(pane.terminal.display, "exit\r")
        await until(lambda: bar(pane) == "The shell has ended.")
        again = pane.findChild(QPushButton, "shell_again")
        assert again is not None
        again.click()
        await until(lambda: pane.phase is Phase.OPEN)


async def test_a_container_that_ends_is_told(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        await rig.engine.kill(CACHE)
        await until(lambda: pane.phase is Phase.CONTAINER_ENDED)
        assert bar(pane) == "cache does not run any more, and its shell ended with it."
        again = pane.findChild(QPushButton, "shell_again")
        assert again is not None
        phases: list[Phase] = []
        pane.phase_changed.connect(lambda: phases.append(pane.phase))
        again.click()
        await until(lambda: phases == [Phase.OPENING, Phase.CONTAINER_ENDED])


async def test_a_shell_that_is_refused_says_why(home: Home) -> None:
    async with running(home) as rig:
        await rig.engine.pause(CACHE)
        rig.shells.open(CACHE)
        pane, = rig.page.shells()
        await until(lambda: pane.phase is Phase.REFUSED)
        assert bar(pane).startswith("The engine refused: Container") and "paused" in bar(pane)


async def test_a_machine_that_is_suspended_or_stopped_is_told(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        await rig.machine.suspend()
        await until(lambda: pane.phase is Phase.LOST)
        await until(lambda: bar(pane) == "The machine was suspended, which cut off this shell.")
        pane.show_status(MachineStatus(state=State.STOPPED))
        assert bar(pane) == "The machine was stopped, and this shell ended with it."


async def test_closing_a_tab_asks_and_ends_the_shell_and_not_the_container(home: Home) -> None:
    async with running(home) as rig:
        first, other = await rig.open(), await rig.open(WEB)
        assert rig.tabs == ["Machine", "cache", "shop-web-1"]
        rig.shells.close(first)
        await until(lambda: rig.tabs == ["Machine", "shop-web-1"])
        assert rig.asking.asked == ["Close the shell in cache?"]
        QTest.keyClicks(other.terminal.display, "echo on\r")
        await until(lambda: "\non\n" in screen(other))
        assert await rig.engine.is_running(CACHE)
        QTest.keyClicks(other.terminal.display, "exit\r")
        await until(lambda: other.phase is Phase.EXITED)
        rig.shells.close(other)
        await until(lambda: rig.tabs == ["Machine"])
        assert len(rig.asking.asked) == 1


async def test_the_plus_offers_what_runs(home: Home) -> None:
    async with running(home) as rig:
        plus = rig.page.findChild(QToolButton, "console_new")
        assert plus is not None
        QTest.mouseClick(plus, Qt.MouseButton.LeftButton)
        menu = rig.page.findChild(QMenu, "console_new_menu")
        assert menu is not None
        names = [action.text() for action in menu.actions()]
        assert names == ["cache", "shop-api-1", "shop-db-1", "shop-web-1"]
        menu.actions()[0].trigger()
        menu.close()
        await until(lambda: len(rig.page.shells()) == 1)


def test_a_tab_made_while_the_page_is_hidden_has_room_when_it_is_shown() -> None:
    page = ConsoleTabs(ConsolePane(14), list)
    page.resize(800, 500)
    pages = QStackedWidget()
    for part in (QWidget(), page):
        pages.addWidget(part)
    pages.show()
    QTest.qWait(20)
    page.add_shell("id", "some-container")
    pages.setCurrentWidget(page)
    QTest.qWait(50)
    bar = page.findChild(QTabBar, "console_tabs")
    assert bar is not None and bar.width() >= bar.tabRect(0).width() + bar.tabRect(1).width() > 120
    page.close_terminals()
    pages.deleteLater()


def test_the_page_says_when_it_is_looked_at() -> None:
    page = ConsoleTabs(ConsolePane(14), list)
    said: list[bool] = []
    page.looked_at.connect(said.append)
    page.show()
    page.hide()
    page.show()
    assert said == [True, False, True] and page.machine.terminal is not None
    page.close_terminals()
    page.deleteLater()


def press(pane: QWidget, text: str) -> None:
    terminal = pane.terminal  # type: ignore[attr-defined]
    QTest.keyClick(terminal.display, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(terminal.display, text)


async def test_keys_of_screen_move_between_tabs_rename_and_close(home: Home) -> None:
    async with running(home) as rig:
        rig.page.set_prefix("a")
        pane, bar = await rig.open(), rig.page.findChild(QTabBar, "console_tabs")
        assert bar is not None
        for text, index in (("n", 0), ("p", 1), ("0", 0), ("1", 1), ("7", 1)):
            press(rig.page.machine if bar.currentIndex() == 0 else pane, text)
            assert bar.currentIndex() == index, text
        press(pane, "A")
        line = rig.page.findChild(QLineEdit, "console_rename")
        assert line is not None
        QTest.keyClicks(line, "a&b")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert rig.tabs == ["Machine", "a&&b"]
        press(pane, '"')
        menu = rig.page.findChild(QMenu, "console_list_menu")
        assert menu is not None and [action.text() for action in menu.actions()] == ["0  Machine", "1  a&&b"]
        menu.close()
        press(pane, "k")
        await until(lambda: rig.tabs == ["Machine"])


async def test_detaching_ends_the_viewer_and_attaching_takes_it_up_again(home: Home) -> None:
    async with running(home) as rig:
        link = ConsoleLink(rig.machine, rig.page)
        rig.page.set_prefix("a")
        rig.tasks.spawn("console", link.run())
        console = rig.page.machine
        assert console.terminal is not None
        console.show_status(rig.machine.status)
        await until(lambda: console.terminal is not None and "help" in console.terminal.session.screen.text())
        press(console, "d")
        label, attach = console.findChild(QLabel, "console_bar_words"), console.findChild(QPushButton, "console_attach")
        assert label is not None and attach is not None
        await until(lambda: label.isVisible() and label.text() == "Detached. The console goes on.")
        QTest.keyClicks(console.terminal.display, "echo unheard\r")
        await asyncio.sleep(0.5)
        attach.click()
        await until(lambda: not label.isVisible())
        QTest.keyClicks(console.terminal.display, "echo heard\r")
        await until(lambda: console.terminal is not None and "\nheard\n" in console.terminal.session.screen.text())
        assert "unheard" not in console.terminal.session.screen.contents()


def test_names_and_titles_from_a_guest_are_shown_as_text() -> None:
    page = ConsoleTabs(ConsolePane(14), lambda: [("id", text) for text in HOSTILE])
    page.show()
    for text in HOSTILE:
        pane = page.add_shell("id", text)
        pane.show_phase(Phase.CONTAINER_ENDED)
        pane.receive(frames.OUTPUT, b"\x1b]2;" + text.encode(errors="replace") + b"\x07")
        # Several consoles are of one make, their parts' names included.
        faults = [fault for fault in walk.faults() if "controls are called" not in fault]
        page.choose()
        faults += [fault for fault in walk.faults() if "controls are called" not in fault]
        for menu in page.findChildren(QMenu):
            menu.close()
        assert faults == []
        page.remove_shell(pane)
    page.close_terminals()
    page.deleteLater()
