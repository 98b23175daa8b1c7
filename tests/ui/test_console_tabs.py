"""Terminals beside the machine's own: real tabs, service and SDK, and the fake's engine in a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import tty
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import docker
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QPushButton, QStackedWidget, QTabBar, QToolButton, QWidget

from desktop.client.console import ConsoleConnection
from desktop.core import frames
from desktop.core.control import ConsoleRequest, decode_request, result_line
from desktop.core.engine import Link
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.engine import helper
from desktop.engine.convert import HELPER_LABEL
from desktop.fake.samples import id_of
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.services.other_consoles import OtherConsoles
from desktop.shell.asking import Asking
from desktop.shell.console_link import ConsoleLink
from desktop.shell.stream_tabs import StreamTabs
from desktop.shell.streams import Streams
from desktop.shell.tasks import Tasks
from desktop.views.console_pane import ConsolePane
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.question import Answer
from desktop.views.stream_pane import StreamPane
from desktop.views.stream_words import MACHINE_SHELL, Kind, Phase, Target
from desktop.views.terminal_style import TerminalStyle
from desktop.views.words import state_word
from tests.helpers import walk
from tests.helpers.fake import fake_machine, play
from tests.helpers.hostile import HOSTILE
from tests.helpers.log_watch import LogWatch
from tests.helpers.shell_pty import until as until_painted

CACHE, WEB = id_of("cache"), id_of("shop-web-1")


class AlwaysYes(Asking):
    """Answers as who presses Enter would; what was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says = ""

    async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
        self.asked.append(what)
        return self.says or default


class Rig:
    """The console page of an app whose machine runs."""

    def __init__(self, home: Home) -> None:
        self.errors: list[Exception] = []
        self.machine = MachineService(home.machine())
        self.engine = EngineService()
        self.tasks = Tasks(lambda _name, error: self.errors.append(error))
        self.page = ConsoleTabs(ConsolePane(TerminalStyle()), lambda: self.streams.running())
        self.asking = AlwaysYes()
        others = OtherConsoles()
        self.streams = Streams(self.engine, others, self.tasks, self.asking, TerminalStyle(prefix="a"))
        self.tabs_of = StreamTabs(self.page, self.streams, self.engine, others, self.tasks)
        self.machine.changed.connect(self.streams.show_status)
        self.machine.changed.connect(self.page.machine.show_status)
        self.page.resize(800, 500)
        self.page.show()

    @property
    def tabs(self) -> list[str]:
        bar = self.page.findChild(QTabBar, "console_tabs")
        assert bar is not None
        return [bar.tabText(index) for index in range(bar.count())]

    async def open(self, container: str = CACHE) -> StreamPane:
        self.tabs_of.open(Kind.SHELL, container)
        pane = self.page.panes()[-1]
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
            await rig.tasks.close(60)
            rig.streams.close_terminals()
            rig.page.machine.close_terminal()
            rig.page.close()
            rig.page.deleteLater()
            threads.shutdown()
        assert rig.errors == []


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.02)


def screen(pane: StreamPane) -> str:
    return pane.terminal.session.screen.text()


def bar(pane: StreamPane) -> str:
    label = part(pane, QLabel, "stream_bar_words")
    return label.text() if label.isVisible() else ""


W = TypeVar("W", bound=QWidget)


def part(pane: StreamPane, kind: type[W], name: str) -> W:
    """Of one pane among several."""
    found = pane.findChild(kind, f"{name}_{pane.number}")
    assert found is not None
    return found


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
        for _ in range(600):  # the size is told beside what is typed
            QTest.keyClicks(pane.terminal.display, "stty size\r")
            await asyncio.sleep(0.1)
            columns, rows = pane.size_in_cells()
            if f"\n{rows} {columns}\n" in screen(pane):
                break
        assert f"\n{rows} {columns}\n" in screen(pane)


async def test_ctrl_and_the_page_keys_turn_the_tabs_over_and_are_the_guests_where_there_is_one(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        rig.page.activateWindow()
        await until(rig.page.isActiveWindow)
        before = screen(pane)
        QTest.keyClick(pane.terminal.display, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        assert rig.page.machine.isVisible()
        terminal = rig.page.machine.terminal
        assert terminal is not None
        QTest.keyClick(terminal.display, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
        assert pane.isVisible()
        await asyncio.sleep(0.2)
        assert screen(pane) == before
        pane.close_requested.emit()
        await until(lambda: rig.tabs == ["Machine"])
        typed = list[bytes]()
        rig.page.machine.frame_typed.connect(lambda kind, data: typed.append(data) if kind == frames.TYPED else None)
        QTest.keyClick(terminal.display, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
        assert typed == [b"\x1b[5;5~"]


async def test_a_shell_that_ends_says_so_and_opens_again(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        assert bar(pane) == ""
        QTest.keyClicks(pane.terminal.display, "exit\r")
        await until(lambda: bar(pane) == "The shell has ended.")
        again = part(pane, QPushButton, "stream_again")
        again.click()
        await until(lambda: pane.phase is Phase.OPEN)


async def test_a_shell_is_opened_again_as_soon_as_it_is_said_to_have_ended(home: Home) -> None:
    """It was not hung up yet, and the button did nothing."""
    async with running(home) as rig:
        pane = await rig.open()
        again = part(pane, QPushButton, "stream_again")
        phases: list[Phase] = []
        pane.phase_changed.connect(lambda: phases.append(pane.phase))
        pane.phase_changed.connect(lambda: again.click() if pane.phase is Phase.EXITED else None)
        QTest.keyClicks(pane.terminal.display, "exit\r")
        await until(lambda: phases == [Phase.EXITED, Phase.OPENING, Phase.OPEN])


async def test_a_container_that_ends_is_told(home: Home) -> None:
    async with running(home) as rig:
        pane = await rig.open()
        await rig.engine.kill(CACHE)
        await until(lambda: pane.phase is Phase.CONTAINER_ENDED)
        assert bar(pane) == "cache does not run any more, and its shell ended with it."
        again = part(pane, QPushButton, "stream_again")
        phases: list[Phase] = []
        pane.phase_changed.connect(lambda: phases.append(pane.phase))
        again.click()
        await until(lambda: phases == [Phase.OPENING, Phase.CONTAINER_ENDED])


async def test_a_shell_that_is_refused_says_why(home: Home) -> None:
    async with running(home) as rig:
        await rig.engine.pause(CACHE)
        rig.tabs_of.open(Kind.SHELL, CACHE)
        pane, = rig.page.panes()
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
        rig.streams.close(first)
        await until(lambda: rig.tabs == ["Machine", "shop-web-1"])
        assert rig.asking.asked == ["Close the shell in cache?"]
        QTest.keyClicks(other.terminal.display, "echo on\r")
        await until(lambda: "\non\n" in screen(other))
        assert await rig.engine.is_running(CACHE)
        QTest.keyClicks(other.terminal.display, "exit\r")
        await until(lambda: other.phase is Phase.EXITED)
        rig.streams.close(other)
        await until(lambda: rig.tabs == ["Machine"])
        assert len(rig.asking.asked) == 1


async def test_the_plus_offers_what_runs(home: Home) -> None:
    async with running(home) as rig:
        menu = offered(rig)
        names = [action.text() for action in menu.actions()]
        machine, look = "A shell in the machine", "Only look at the machine's console"
        assert names == [
            machine, "A shell in:", "cache", "shop-api-1", "shop-db-1", "shop-web-1", "", "Attach to", "", look
        ]  # fmt: skip
        menu.actions()[2].trigger()
        menu.close()
        await until(lambda: len(rig.page.panes()) == 1)


def offered(rig: Rig) -> QMenu:
    plus = rig.page.findChild(QToolButton, "console_new")
    assert plus is not None
    QTest.mouseClick(plus, Qt.MouseButton.LeftButton)
    menu = rig.page.findChildren(QMenu, "console_new_menu")[-1]
    assert menu.isVisible()
    return menu


def helpers(engine: docker.DockerClient) -> tuple[int, int]:
    """Their containers and images."""
    wanted = {"label": HELPER_LABEL}
    return len(engine.api.containers(all=True, filters=wanted)), len(engine.api.images(filters=wanted))


async def test_a_second_shell_in_the_machine(home: Home) -> None:
    """As many as are wanted; what makes one is not seen, and goes with its tab and with its shell."""
    address = f"unix://{home.machine().docker_socket}"
    async with running(home) as rig:
        with contextlib.closing(await asyncio.to_thread(docker.DockerClient, base_url=address)) as engine:
            for _ in range(2):
                menu = offered(rig)
                menu.actions()[0].trigger()
                menu.close()
            await until(lambda: len(rig.page.panes()) == 2)
            first, other = rig.page.panes()
            assert rig.tabs == ["Machine", "Machine, shell", "Machine, shell"]
            await until(lambda: all("moorage:~#" in screen(pane) for pane in (first, other)))
            QTest.keyClicks(other.terminal.display, "ps\r")
            await until(lambda: "dockerd" in screen(other))
            assert await asyncio.to_thread(helpers, engine) == (2, 2)
            assert len(rig.streams.running()) == 4
            rig.streams.close(first)
            await until(lambda: len(rig.tabs) == 2)
            assert rig.asking.asked == ["Close the shell in the machine?"]
            QTest.keyClicks(other.terminal.display, "exit\r")
            await until(lambda: bar(other) == "The shell has ended.")
            async with asyncio.timeout(60):
                while await asyncio.to_thread(helpers, engine) != (0, 0):
                    await asyncio.sleep(0.02)
            part(other, QPushButton, "stream_again").click()
            await until(lambda: other.phase is Phase.OPEN)
            await rig.streams.hang_up_all()
            assert await asyncio.to_thread(helpers, engine) == (0, 0)


async def test_a_second_shell_that_is_closed_while_it_is_opened_leaves_nothing(home: Home) -> None:
    address = f"unix://{home.machine().docker_socket}"
    async with running(home) as rig:
        with contextlib.closing(await asyncio.to_thread(docker.DockerClient, base_url=address)) as engine:
            for delay_s in (0.0, 0.005, 0.02):
                rig.tabs_of.open_target(MACHINE_SHELL)
                await asyncio.sleep(delay_s)
                rig.streams.close(rig.page.panes()[-1])
                await until(lambda: not rig.page.panes())
            async with asyncio.timeout(60):
                while await asyncio.to_thread(helpers, engine) != (0, 0) or helper._held:
                    await asyncio.sleep(0.02)


async def test_a_machine_that_does_not_run_has_no_second_shell(home: Home) -> None:
    async with running(home) as rig:
        rig.tabs_of.open_target(MACHINE_SHELL)
        pane, = rig.page.panes()
        await until(lambda: pane.phase is Phase.OPEN)
        await rig.machine.suspend()
        await until(lambda: bar(pane) == "The machine was suspended, which cut off this shell.")
        menu = offered(rig)
        assert menu.actions()[0].text() == "A shell in the machine: it does not run"
        assert not menu.actions()[0].isEnabled()
        menu.close()
        await until(lambda: rig.engine.link.link is not Link.UP)
        rig.tabs_of.open_target(MACHINE_SHELL)
        refused = rig.page.panes()[-1]
        await until(lambda: refused.phase is Phase.REFUSED)
        assert bar(refused) == "No shell can be opened in the machine: the engine is not connected"


def test_a_tab_made_while_the_page_is_hidden_has_room_when_it_is_shown() -> None:
    page = ConsoleTabs(ConsolePane(TerminalStyle()), list)
    page.resize(800, 500)
    pages = QStackedWidget()
    for part in (QWidget(), page):
        pages.addWidget(part)
    pages.show()
    QTest.qWait(20)
    page.add(Target(Kind.SHELL, "id", "some-container"))
    pages.setCurrentWidget(page)
    bar = page.findChild(QTabBar, "console_tabs")
    assert bar is not None
    until_painted(lambda: bar.width() >= bar.tabRect(0).width() + bar.tabRect(1).width() > 120)
    for pane in page.panes():
        pane.close_terminal()
    page.machine.close_terminal()
    pages.deleteLater()


def test_the_page_says_when_it_is_looked_at() -> None:
    page = ConsoleTabs(ConsolePane(TerminalStyle()), list)
    said: list[bool] = []
    page.looked_at.connect(said.append)
    page.show()
    page.hide()
    page.show()
    assert said == [True, False, True] and page.machine.terminal is not None
    page.machine.close_terminal()
    page.deleteLater()


def press(pane: QWidget, text: str) -> None:
    terminal = pane.terminal  # type: ignore[attr-defined]
    QTest.keyClick(terminal.display, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(terminal.display, text)


async def test_keys_of_screen_move_between_tabs_rename_and_close(home: Home) -> None:
    async with running(home) as rig:
        rig.page.machine.set_style(TerminalStyle(prefix="a"))
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
        told: list[str] = []
        rig.page.machine.noticed.connect(told.append)
        press(pane, "b")
        assert told == ["A break does nothing here: only the machine's own console has a line."]
        press(pane, "k")
        await until(lambda: rig.tabs == ["Machine"])
        press(rig.page.machine, "A")
        line = rig.page.findChildren(QLineEdit, "console_rename")[-1]
        QTest.keyClicks(line, "mine")
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert rig.tabs == ["mine"]
        sent: list[tuple[bytes, bytes]] = []
        rig.page.machine.frame_typed.connect(lambda kind, payload: sent.append((kind, payload)))
        press(rig.page.machine, "b")
        assert sent == [(frames.BREAK, b"")]


async def test_detaching_ends_the_viewer_and_attaching_takes_it_up_again(home: Home) -> None:
    async with running(home) as rig:
        link = ConsoleLink(rig.machine, rig.page)
        rig.page.machine.set_style(TerminalStyle(prefix="a"))
        rig.tasks.spawn("console", link.run())
        console = rig.page.machine
        assert console.terminal is not None
        console.show_status(rig.machine.status)
        await until(lambda: console.terminal is not None and "help" in console.terminal.session.screen.text())
        press(console, "d")
        label, attach = console.findChild(QLabel, "console_bar_words"), console.findChild(QPushButton, "console_attach")
        assert label is not None and attach is not None
        await until(lambda: label.isVisible() and label.text() == "Detached. The console goes on.")
        assert console.info_line == f"default · {state_word(State.RUNNING)}"  # of viewers it knows no more
        QTest.keyClicks(console.terminal.display, "echo unheard\r")
        await asyncio.sleep(0.5)
        attach.click()
        await until(lambda: not label.isVisible())
        QTest.keyClicks(console.terminal.display, "echo heard\r")
        await until(lambda: console.terminal is not None and "\nheard\n" in console.terminal.session.screen.text())
        assert "unheard" not in console.terminal.session.screen.contents()


async def test_a_console_that_is_laid_out_while_it_is_attached_to_has_the_size_of_its_window(home: Home) -> None:
    async with running(home) as rig:
        page, attach, begun, may_go_on = rig.page, rig.machine.console, asyncio.Event(), asyncio.Event()

        async def slowly(request: ConsoleRequest) -> ConsoleConnection:
            connection = await attach(request)
            begun.set()
            await may_go_on.wait()
            return connection

        rig.machine.console = slowly  # type: ignore[method-assign]
        rig.tasks.spawn("console", ConsoleLink(rig.machine, page).run())
        assert page.machine.terminal is not None
        session, display = page.machine.terminal.session, page.machine.terminal.display
        await asyncio.wait_for(begun.wait(), 30)
        before = session.window
        page.resize(page.width() - 200, page.height() - 100)
        await until(lambda: session.window != before)
        may_go_on.set()
        await until(lambda: session.info is not None and (session.info.cols, session.info.rows) == display.room())


async def test_a_console_that_others_made_small_is_attached_to_with_the_size_that_its_window_has(home: Home) -> None:
    async with running(home) as rig:
        rig.tasks.spawn("console", ConsoleLink(rig.machine, rig.page).run())
        console = rig.page.machine
        console.show_status(rig.machine.status)
        assert console.terminal is not None
        session, display = console.terminal.session, console.terminal.display
        await until(lambda: session.info is not None)
        other = await rig.machine.console(ConsoleRequest(replay="none", cols=30, rows=9))
        await until(lambda: session.screen.columns == 30)
        console.detach_requested.emit(True)
        await other.close()
        attach = console.findChild(QPushButton, "console_attach")
        assert attach is not None
        await until(attach.isVisible)
        attach.click()
        await until(lambda: (session.screen.columns, session.screen.rows) == display.room())


async def test_only_looking_types_nothing_says_so_once_and_may_end(home: Home) -> None:
    async with running(home) as rig:
        link = ConsoleLink(rig.machine, rig.page)
        rig.tasks.spawn("console", link.run())
        console, told = rig.page.machine, list[str]()
        console.show_status(rig.machine.status)
        console.noticed.connect(told.append)
        assert console.terminal is not None
        session, display = console.terminal.session, console.terminal.display
        await until(lambda: "help" in session.screen.text())
        assert console.info_line.startswith(f"default · {state_word(rig.machine.status.state)} · ")
        for is_so, word in ((True, "unheard"), (False, "heard")):
            rig.page.choose()
            menu = rig.page.findChildren(QMenu, "console_new_menu")[-1]
            menu.actions()[-1].trigger()
            menu.close()
            await until(lambda is_so=is_so: session.info is not None and session.info.read_only is is_so)  # type: ignore[misc]
            QTest.keyClicks(display, f"echo {word}\r")
        await until(lambda: "\nheard\n" in session.screen.text())
        assert "unheard" not in session.screen.contents()
        assert told == ["You only look at this console. To type, untick Only look under the plus."]


def test_names_and_titles_from_a_guest_are_shown_as_text() -> None:
    page = ConsoleTabs(ConsolePane(TerminalStyle()), lambda: [("id", text) for text in HOSTILE])
    page.show()
    for text in HOSTILE:
        pane = page.add(Target(Kind.SHELL, text, text))
        pane.show_phase(Phase.CONTAINER_ENDED)
        pane.receive(frames.OUTPUT, b"\x1b]2;" + text.encode(errors="replace") + b"\x07")
        page.choose()
        faults = [fault for fault in walk.faults() if "controls are called ''" not in fault]  # a menu's actions
        for menu in page.findChildren(QMenu):
            menu.close()
        assert faults == []
        pane.close_terminal()
        pane.closed.emit()
    page.machine.close_terminal()
    page.deleteLater()


async def container(rig: Rig, **wish: bool) -> str:
    """One that runs, made as `docker run` makes it."""

    def make() -> str:
        with contextlib.closing(docker.APIClient(f"unix://{rig.machine.files.engine_socket}")) as sdk:
            made = sdk.create_container("redis:7-alpine", ["sh"], name="one", **wish)["Id"]
            sdk.start(made)
            return str(made)

    made = await asyncio.to_thread(make)
    await until(lambda: (made, "one") in rig.streams.running())
    return made


async def attached(rig: Rig, id: str) -> StreamPane:
    rig.tabs_of.open(Kind.ATTACHED, id)
    pane = rig.page.panes()[-1]
    await until(lambda: pane.phase is Phase.OPEN)
    return pane


async def test_a_containers_own_terminal_is_attached_to_once_and_left_without_a_trace(home: Home) -> None:
    async with running(home) as rig:
        one = await container(rig, tty=True, stdin_open=True)
        pane = await attached(rig, one)
        assert rig.tabs == ["Machine", "one, attached"]
        QTest.keyClicks(pane.terminal.display, "hello\r")
        QTest.keyClick(pane.terminal.display, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(pane.terminal.display, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(pane.terminal.display, "still\r")
        await until(lambda: "hello\n" in screen(pane) and "still" in screen(pane))
        rig.page.show_tab(0)
        rig.tabs_of.open(Kind.ATTACHED, one)
        assert rig.page.panes() == [pane] and pane.isVisible()
        rig.streams.close(pane)
        await until(lambda: rig.tabs == ["Machine"])
        assert rig.asking.asked == [] and await rig.engine.is_running(one)


async def test_a_key_that_may_end_the_container_is_asked_about_once(home: Home) -> None:
    async with running(home) as rig:
        pane = await attached(rig, await container(rig, tty=True, stdin_open=True))
        for _ in range(2):
            QTest.keyClick(pane.terminal.display, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: rig.asking.asked == ["Send Ctrl+C to one?"])
        QTest.keyClicks(pane.terminal.display, "on\r")
        await until(lambda: "on" in screen(pane))
        rig.asking.asked.clear()
        rig.asking.says = "send"
        for _ in range(2):
            QTest.keyClick(pane.terminal.display, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: rig.asking.asked == ["Send Ctrl+D to one?"])


async def test_without_a_terminal_lines_are_typed_and_no_key_is_asked_about(home: Home) -> None:
    async with running(home) as rig:
        pane = await attached(rig, await container(rig, stdin_open=True, detach=True))
        QTest.keyClicks(pane.terminal.display, "onw")
        QTest.keyClick(pane.terminal.display, Qt.Key.Key_Backspace)
        QTest.keyClick(pane.terminal.display, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(pane.terminal.display, "e\rtwo")
        await until(lambda: screen(pane) == "one\ntwo")
        assert rig.asking.asked == []


@pytest.mark.parametrize("wish", [{}, {"stdin_open": True}], ids=["no input", "input that ends with who has it"])
async def test_a_container_without_input_says_that_it_takes_none(home: Home, wish: dict[str, bool]) -> None:
    async with running(home) as rig:
        pane = await attached(rig, await container(rig, **wish))
        words = part(pane, QLabel, "terminal_words")
        assert words.isVisible() and words.text().startswith("It takes no input here")
        QTest.keyClicks(pane.terminal.display, "x")
        await until(words.isVisible)
        assert screen(pane) == ""


async def test_an_attached_container_that_ends_and_is_removed_is_told(home: Home) -> None:
    async with running(home) as rig:
        one = await container(rig, tty=True, stdin_open=True)
        pane = await attached(rig, one)
        await rig.engine.kill(one)
        await until(lambda: pane.phase is Phase.CONTAINER_ENDED)
        assert bar(pane) == "one does not run any more."
        await rig.engine.remove(one)
        await until(lambda: pane.phase is Phase.CONTAINER_REMOVED)
        assert bar(pane) == "one was removed. This is the last that was seen of it."


async def test_an_empty_console_says_press_enter_and_sends_nothing(home: Home) -> None:
    async with running(home) as rig:
        pane = await attached(rig, await container(rig, tty=True, stdin_open=True))
        words = part(pane, QLabel, "terminal_words")
        await until(lambda: words.isVisible() and "Press Enter" in words.text())
        assert screen(pane) == ""
        QTest.keyClicks(pane.terminal.display, "\r")
        assert not words.isVisible()


async def test_another_products_console_that_is_silent_may_be_anothers(home: Home) -> None:
    path = home.base / "serial.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(path))
        listener.listen(1)  # and nobody is let in, as while another has it
        async with running(home) as rig:
            rig.tabs_of.open_target(Target(Kind.OTHER, os.fspath(path), "Lima"))
            pane, = rig.page.panes()
            words = part(pane, QLabel, "terminal_words")
            await until(lambda: words.isVisible() and "another program may have this console" in words.text())


async def test_another_products_console_is_opened_for_this_reader_alone(home: Home) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    target = Target(Kind.OTHER, os.ttyname(slave), "Docker Desktop")
    async with running(home) as rig:
        rig.tabs_of.open_target(target)
        pane, = rig.page.panes()
        await until(lambda: pane.phase is Phase.OPEN)
        os.write(master, b"linuxkit login: ")
        await until(lambda: screen(pane) == "linuxkit login:")
        QTest.keyClicks(pane.terminal.display, "root\r")
        assert await asyncio.to_thread(os.read, master, 100) == b"root\r"
        second = rig.page.add(target)
        rig.streams.serve(second)
        await until(lambda: second.phase is Phase.REFUSED)
        assert "another program" in bar(second)
        os.close(slave)
        os.close(master)
        await until(lambda: pane.phase is Phase.EXITED)
        rig.page.show_pane(pane)
        assert bar(pane) == "The console of Docker Desktop was closed from its side."


async def test_of_two_sizes_the_later_one_holds(home: Home) -> None:
    """A window that is dragged larger while the engine is slow: the earlier size came after the later one."""
    async with running(home) as rig:
        pane = await rig.open()
        await play(home.machine(), "engine-slow=0.5")
        pane.frame_typed.emit(frames.WINDOW, b'{"cols":100,"rows":30}')
        await asyncio.sleep(0.1)
        await play(home.machine(), "calm")
        pane.frame_typed.emit(frames.WINDOW, b'{"cols":90,"rows":20}')
        async with asyncio.timeout(60):
            while await size_told(pane) != "20 90":
                await asyncio.sleep(0.1)
        await asyncio.sleep(0.8)
        assert await size_told(pane) == "20 90"


async def size_told(pane: StreamPane) -> str:
    """Rows and columns, as the shell has them now."""
    pane.frame_typed.emit(frames.TYPED, b"clear\r")
    await until(lambda: "stty size" not in screen(pane) and "/#" in screen(pane))
    pane.frame_typed.emit(frames.TYPED, b"stty size\r")
    await until(lambda: re.search(r"stty size\n\d+ \d+\n", screen(pane)))
    return screen(pane).partition("stty size\n")[2].partition("\n")[0]


async def test_a_shell_in_a_container_that_is_closed_while_it_is_opened_leaves_nothing(home: Home) -> None:
    address = f"unix://{home.machine().docker_socket}"
    async with running(home) as rig:
        with contextlib.closing(await asyncio.to_thread(docker.APIClient, base_url=address)) as engine:
            await play(home.machine(), "engine-slow=0.1")
            for delay_s in (0.05, 0.15, 0.25):
                rig.tabs_of.open(Kind.SHELL, CACHE)
                await asyncio.sleep(delay_s)
                rig.streams.close(rig.page.panes()[-1])
                await until(lambda: not rig.page.panes())
            await play(home.machine(), "calm")
            await asyncio.sleep(0.5)  # what was asked for by then is most likely done
            async with asyncio.timeout(60):
                while await asyncio.to_thread(running_execs, engine):
                    await asyncio.sleep(0.02)


async def test_a_console_is_attached_to_again_after_an_error_that_nobody_expected(home: Home, logs: LogWatch) -> None:
    """Such as of a supervisor of another version, whose words are others."""
    logs.expect("console failed")
    served = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        if line := await reader.readline():  # else somebody sees whether it answers
            served += 1
            info = b'{"viewers": "many"}' if served == 1 else b'{"viewers": 1, "cols": 80, "rows": 24}'
            writer.write(result_line(decode_request(line).id, {}))
            writer.write(frames.encode(frames.INFO, info) + frames.encode(frames.OUTPUT, b"hello"))
            await reader.read()
        writer.close()

    home.machine().control_socket.parent.mkdir(parents=True)
    server = await asyncio.start_unix_server(serve, home.machine().control_socket)
    machine, errors = MachineService(home.machine()), list[Exception]()
    tasks = Tasks(lambda _name, error: errors.append(error))
    page = ConsoleTabs(ConsolePane(TerminalStyle()), list)
    machine.status = MachineStatus(state=State.RUNNING)
    link = ConsoleLink(machine, page)
    page.machine.begin()
    tasks.keep("console", link.run)
    try:
        await until(lambda: page.machine.terminal and "hello" in page.machine.terminal.session.screen.text())
        assert served == 2 and len(errors) == 1
        machine.changed.emit(MachineStatus(state=State.STOPPED))
        assert not link._live.is_set()  # it is still told
    finally:
        await tasks.close(60)
        page.machine.close_terminal()
        page.deleteLater()
        server.close()


async def test_a_shell_that_is_opened_again_twice_is_opened_once(home: Home) -> None:
    """By a double click."""
    address = f"unix://{home.machine().docker_socket}"
    async with running(home) as rig:
        pane = await rig.open()
        pane.frame_typed.emit(frames.TYPED, b"exit\r")
        await until(lambda: pane.is_over)
        for _ in range(2):
            pane.again_requested.emit()
        await until(lambda: pane.phase is Phase.OPEN)
        await asyncio.sleep(0.3)
        with contextlib.closing(await asyncio.to_thread(docker.APIClient, base_url=address)) as engine:
            assert len(await asyncio.to_thread(running_execs, engine)) == 1


def running_execs(engine: docker.APIClient) -> list[str]:
    found = engine.inspect_container(CACHE).get("ExecIDs") or []
    return [id for id in found if engine.exec_inspect(id)["Running"]]
