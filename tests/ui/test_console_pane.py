"""The console pane: what it shows when nothing can be typed, and that it costs nothing until it is opened."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.core import frames
from desktop.core.machine import MachineStatus, State
from desktop.views.console_pane import ConsolePane
from desktop.views.terminal_style import TerminalStyle

from .test_console_tabs import until


@pytest.fixture
def pane() -> Iterator[ConsolePane]:
    made = ConsolePane(TerminalStyle())
    made.resize(800, 500)
    yield made
    made.close_terminal()
    made.close()
    made.deleteLater()


def seen(pane: ConsolePane, name: str) -> str:
    label = pane.findChild(QLabel, name)
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_terminal_is_made_when_it_is_looked_at(pane: ConsolePane) -> None:
    opened: list[bool] = []
    pane.opened.connect(lambda: opened.append(True))
    assert pane.terminal is None
    pane.show()
    pane.hide()
    pane.show()
    assert pane.terminal is not None and opened == [True]


def test_failed_machine_offers_what_helps(pane: ConsolePane) -> None:
    wishes: list[str] = []
    pane.verb_requested.connect(wishes.append)
    pane.show_status(MachineStatus(state=State.FAILED, action="kill"))
    button = pane.findChild(QPushButton, "console_face_button")
    assert button is not None and button.text() == "Kill"
    button.click()
    assert wishes == ["kill"]


def test_stopped_machine_offers_to_start(pane: ConsolePane) -> None:
    wishes: list[str] = []
    pane.verb_requested.connect(wishes.append)
    pane.show()
    assert seen(pane, "console_face_what") == "The machine is stopped"
    button = pane.findChild(QPushButton, "console_face_button")
    assert button is not None
    button.click()
    assert wishes == ["start"]


def test_suspended_machine_offers_to_resume(pane: ConsolePane) -> None:
    pane.show()
    pane.show_status(MachineStatus(state=State.SUSPENDED))
    assert seen(pane, "console_face_why") == "Its console goes on where it was."
    button = pane.findChild(QPushButton, "console_face_button")
    assert button is not None
    assert button.text() == button.accessibleName() == "Resume"


def test_what_was_printed_stays_when_the_machine_stops(pane: ConsolePane) -> None:
    pane.show()
    pane.show_status(MachineStatus(state=State.RUNNING))
    assert seen(pane, "console_bar_words") == "Connecting to the console…"
    pane.show_attached(True)
    pane.receive(frames.OUTPUT, b"hello")
    assert seen(pane, "console_bar_words") == ""
    pane.show_attached(False)
    pane.show_status(MachineStatus(state=State.STOPPED))
    assert pane.terminal is not None and pane.terminal.isVisible()
    assert seen(pane, "console_bar_words") == "The machine is stopped"
    button = pane.findChild(QPushButton, "console_bar_start")
    assert button is not None and button.isVisible()


async def test_a_bar_takes_no_room_from_the_guest_and_covers_no_cursor(pane: ConsolePane) -> None:
    """The machine's console is one size, attached or not: a program in it would draw itself anew for each bar."""
    pane.show()
    assert pane.terminal is not None
    terminal, bar = pane.terminal, pane.findChild(QWidget, "console_bar")
    assert bar is not None
    sizes: list[bytes] = []
    pane.frame_typed.connect(lambda kind, payload: sizes.append(payload) if kind == frames.WINDOW else None)
    pane.show_status(MachineStatus(state=State.RUNNING))
    await until(lambda: not terminal.display._settle.isActive())
    del sizes[:]
    for where in (b"\x1b[H", b"\x1b[999H"):
        pane.show_attached(True)
        assert not bar.isVisible()
        pane.receive(frames.OUTPUT, where)
        await until(lambda: not terminal.queued_bytes and not terminal.display._refresh.isActive())
        pane.show_attached(False)
        assert seen(pane, "console_bar_words") == "Connecting to the console…"
        await until(lambda: not terminal.display._settle.isActive())
        place = bar.rect().translated(bar.mapTo(terminal, bar.rect().topLeft()))
        assert terminal.rect().contains(place) and not place.intersects(terminal.display.looked_at())
    assert not sizes


async def test_while_it_boots_nobody_is_told_to_press_enter(pane: ConsolePane) -> None:
    pane.show()
    pane.show_status(MachineStatus(state=State.STARTING))
    pane.show_attached(True)
    words = pane.findChild(QLabel, "terminal_words")
    assert words is not None
    await until(lambda: words.isVisible() and "boots" in words.text())
    pane.show_status(MachineStatus(state=State.RUNNING))
    await until(lambda: words.isVisible() and "Press Enter" in words.text())


async def test_where_lines_were_lost_the_oldest_one_says_that_they_are_in_the_log(pane: ConsolePane) -> None:
    wishes: list[bool] = []
    pane.log_requested.connect(lambda: wishes.append(True))
    pane.show()
    pane.show_status(MachineStatus(state=State.RUNNING))
    pane.show_attached(True)
    assert pane.terminal is not None
    terminal, display = pane.terminal, pane.terminal.display
    older = pane.findChild(QWidget, "older_lines")
    assert older is not None

    async def feed(first: int, end: int) -> None:
        pane.receive(frames.OUTPUT, b"".join(b"%d of many lines\r\n" % number for number in range(first, end)))
        await until(lambda: not terminal.queued_bytes)

    await feed(0, 500)
    display.scroll_to(0)
    await until(lambda: terminal.session.screen.scroll.first == 0)
    refreshes: list[bool] = []
    display.refreshed.connect(lambda: refreshes.append(True))
    display.look()
    await until(lambda: bool(refreshes))
    assert older.isHidden()  # these are all that there were
    await feed(500, 15_000)
    display.scroll_to(0)
    await until(older.isVisible)
    assert seen(pane, "older_lines_words") == "Older lines are in the log"
    pane.resize(400, 300)
    terminal.set_message("What is told at the foot of a console lies over it, and under nothing", hint=True)
    told = pane.findChild(QWidget, "terminal_words")
    assert told is not None
    await until(lambda: told.isVisible() and not told.geometry().intersects(older.geometry()))
    button = pane.findChild(QPushButton, "older_lines_open")
    assert button is not None
    button.click()
    assert wishes == [True]
    display.scroll_to(1)
    await until(older.isHidden)
