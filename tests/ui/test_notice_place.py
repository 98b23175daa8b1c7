"""Where notices stand in the window: above a page, and over a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.core import frames
from desktop.shell.window import MainWindow
from desktop.views.distinct import make_distinct
from desktop.views.notice_stack import Choice, Notice
from desktop.views.plain import PlainLabel
from desktop.views.terminal.widget import TerminalWidget
from tests.helpers.shell_pty import until


class Rig:
    """A window with a page of words, and one with a strip and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.window = MainWindow(QSettings(str(folder / "memory.ini"), QSettings.Format.IniFormat))
        self.words = QLabel("words")
        self.sizes: list[bytes] = []
        self.terminal = TerminalWidget(lambda kind, data: self.sizes.append(data) if kind == frames.WINDOW else None)
        console = QWidget()
        column = QVBoxLayout(console)
        column.setContentsMargins(0, 0, 0, 0)
        self.strip = QLabel("tabs")
        column.addWidget(self.strip)
        column.addWidget(self.terminal, 1)
        console.setFocusProxy(self.terminal)
        self.window.add_page("overview", self.words)
        self.window.add_page("console", console)
        self.window.resize(900, 600)
        self.window.show_page("console")
        self.window.show()
        until(lambda: self.sizes and not self.terminal.display._settle.isActive())
        make_distinct(console, 7)  # as the terminals in tabs have names of their own
        del self.sizes[:]

    def place(self, part: QWidget) -> QRect:
        """In the window."""
        return part.rect().translated(part.mapTo(self.window, part.rect().topLeft()))

    def print(self, data: bytes) -> None:
        self.terminal.receive(frames.OUTPUT, data)
        until(lambda: not self.terminal.queued_bytes and not self.terminal.display._refresh.isActive())

    def told(self) -> set[str]:
        """What notices in view say."""
        return {label.text() for label in self.window.notices.findChildren(PlainLabel) if label.isVisible()}

    def close(self) -> None:
        self.terminal.close_terminal()
        self.window.deleteLater()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def test_over_a_terminal_they_take_no_room_and_cover_no_cursor(rig: Rig) -> None:
    notices = rig.window.notices
    for where in (b"\x1b[H", b"\x1b[999H"):
        rig.print(where)
        for what in ("one", "another " * 200):
            notices.show_notice(Notice(what, kind="error", key="same"))
            until(lambda: notices.isVisible() and not rig.terminal.display._settle.isActive())
            cursor = rig.terminal.display.looked_at().translated(rig.place(rig.terminal.display).topLeft())
            assert rig.place(rig.terminal.display).contains(rig.place(notices))
            assert not rig.place(notices).intersects(cursor)
            assert not rig.place(notices).intersects(rig.place(rig.strip))
        notices.put_away("same")
    until(lambda: not rig.terminal.display._settle.isActive())
    assert not rig.sizes


def test_they_give_way_to_the_cursor_and_stay_below_the_mouse(rig: Rig) -> None:
    """Else who clears the screen, or types on to its foot, types below them."""
    notices = rig.window.notices
    rig.print(b"\x1b[999H")
    notices.show_notice(Notice("one", kind="error"))
    until(notices.isVisible)
    before = notices.pos()
    rig.print(b"\x1b[2J\x1b[H")
    until(lambda: notices.pos() != before)
    rig.print(b"\x1b[999H")
    until(lambda: notices.pos() == before)
    notices.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    rig.print(b"\x1b[2J\x1b[H")
    assert notices.pos() == before


def test_over_a_terminal_none_of_their_words_are_cut(rig: Rig) -> None:
    """The terminal's own bar takes some of the width."""
    notices = rig.window.notices
    notices.show_notice(Notice("one", "words that are wrapped somewhere " * 4, kind="error"))
    until(notices.isVisible)
    column = notices.layout()
    assert column is not None
    for width in range(700, 900, 4):
        rig.window.resize(width, 600)
        assert notices.height() >= column.totalHeightForWidth(notices.width()), width


def test_a_terminal_that_comes_into_view_below_them_has_its_cursor_in_view(rig: Rig) -> None:
    rig.terminal.hide()
    rig.window.notices.show_notice(Notice("one", kind="error"))
    rig.terminal.show()
    rig.strip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    rig.strip.setFocus()
    rig.terminal.display.setFocus()
    until(lambda: rig.place(rig.terminal.display).contains(rig.place(rig.window.notices)))
    cursor = rig.terminal.display.looked_at().translated(rig.place(rig.terminal.display).topLeft())
    assert not cursor.isEmpty() and not rig.place(rig.window.notices).intersects(cursor)


def test_any_other_page_goes_down_for_them(rig: Rig) -> None:
    rig.window.notices.show_notice(Notice("one", kind="error", key="one"))
    rig.window.show_page("overview")
    until(lambda: rig.place(rig.words).top() == rig.place(rig.window.notices).bottom() + 1)
    rig.window.show_page("console")
    until(lambda: rig.place(rig.strip).top() == rig.place(rig.window.header).bottom() + 1)
    until(lambda: rig.place(rig.terminal.display).contains(rig.place(rig.window.notices)))
    until(lambda: not rig.terminal.display._settle.isActive())
    assert not rig.sizes
    rig.window.show_page("overview")
    rig.window.notices.put_away("one")
    until(lambda: rig.place(rig.words).top() == rig.place(rig.window.header).bottom() + 1)


def test_a_question_that_can_wait_lies_over_no_terminal(rig: Rig) -> None:
    """It covers lines that are read just now; another page shows it, and what cannot wait is shown at once."""
    notices = rig.window.notices
    notices.show_notice(Notice("later", kind="note", choices=(Choice("Yes", lambda: None),), key="later", waits=True))
    assert notices.isHidden()
    rig.window.show_page("overview")
    until(notices.isVisible)
    until(lambda: rig.place(rig.words).top() == rig.place(notices).bottom() + 1)
    rig.window.show_page("console")
    until(notices.isHidden)
    notices.show_notice(Notice("now", kind="error", key="now"))
    until(notices.isVisible)
    assert rig.told() == {"now"}
    rig.window.show_page("overview")
    until(lambda: rig.told() == {"now", "later"})
