"""The terminal widget with a real program on a real pty."""

from __future__ import annotations

import base64
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QClipboard,
    QColor,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QTextCharFormat,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core import frames
from desktop.terminal.prefix import ScreenKey
from desktop.terminal.screen import Screen
from desktop.views.terminal import display, written
from desktop.views.terminal.palette import DARK, LIGHT, SCHEMES
from desktop.views.terminal.widget import TerminalWidget
from desktop.views.terminal_style import TerminalStyle
from tests.helpers.shell_pty import ShellPty, until

NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
LEFT = Qt.MouseButton.LeftButton


class Console:
    """A window with a terminal, and what came out of it."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, bytes]] = []
        self.pty: ShellPty | None = None
        self.widget = TerminalWidget(self._send)
        self.widget.resize(700, 400)
        self.widget.show()
        self.widget.activateWindow()
        self.widget.setFocus()
        until(lambda: self.sent and self.display.hasFocus())

    @property
    def display(self) -> QWidget:
        return self.widget.display

    @property
    def screen(self) -> Screen:
        return self.widget.session.screen

    @property
    def typed(self) -> bytes:
        return b"".join(payload for kind, payload in self.sent if kind == frames.TYPED)

    def run(self, *command: str) -> None:
        self.pty = ShellPty(*command)
        for kind, payload in self.sent:
            self.pty.take(kind, payload)

    def print(self, data: bytes) -> None:
        self.widget.receive(frames.OUTPUT, data)

    def keys(self, text: str) -> None:
        QTest.keyClicks(self.display, text)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.display, key, modifiers)

    def until(self, condition: Callable[[], object]) -> None:
        def check() -> object:
            if self.pty is not None:
                self.pty.pump(self.widget.receive)
            return condition()

        until(check)

    def sees(self, text: str) -> None:
        try:
            self.until(lambda: text in self.screen.text())
        except AssertionError:
            pytest.fail(f"{text!r} is not in:\n{self.screen.text()}", pytrace=False)

    def at(self, column: int, row: int) -> QPoint:
        """The middle of a cell."""
        metrics, ratio = self.widget.display.metrics, self.display.devicePixelRatioF()
        return QPointF(6 + (column + 0.5) * metrics.width / ratio, 6 + (row + 0.5) * metrics.height / ratio).toPoint()

    def end_of(self, column: int, row: int) -> QPoint:
        """Far enough into a cell that a drag takes it in."""
        return self.at(column, row) + QPoint(3, 0)

    def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.display, LEFT, modifiers, start)
        QTest.mouseMove(self.display, (start + end) / 2)
        # QTest cannot hold a modifier during a move.
        event = _mouse_move(self.display, end, modifiers)
        QApplication.sendEvent(self.display, event)
        QTest.mouseRelease(self.display, LEFT, modifiers, end)

    def picture(self) -> QImage:
        """The display as it is painted, once nothing is left to be drawn."""
        until(lambda: not self.widget.display._refresh.isActive())
        return self.display.grab().toImage()

    def _send(self, kind: bytes, payload: bytes) -> None:
        self.sent.append((kind, payload))
        if self.pty is not None:
            self.pty.take(kind, payload)

    def close(self) -> None:
        if self.pty is not None:
            self.pty.close()
        self.widget.close_terminal()
        self.widget.deleteLater()


def _mouse_move(target: QWidget, at: QPoint, modifiers: Qt.KeyboardModifier) -> QEvent:
    place = QPointF(at)
    return QMouseEvent(
        QEvent.Type.MouseMove, place, target.mapToGlobal(place), Qt.MouseButton.NoButton, LEFT, modifiers
    )


@pytest.fixture
def console() -> Iterator[Console]:
    console = Console()
    yield console
    console.close()


def test_a_shell_is_typed_to_and_seen(console: Console) -> None:
    console.run("sh")
    console.sees("$")
    console.keys("echo $((6 * 7)) answers")
    console.key(Qt.Key.Key_Return)
    console.sees("42 answers")


def test_vi_draws_its_screen_and_gives_the_old_one_back(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "poem"
    file.write_text("first\nsecond\n")
    console.run("sh")
    console.sees("$")
    console.keys(f"cd {tmp_path}\r")
    # Typed before the prompt, the line would be echoed by the tty, and the prompt come into the midst of it.
    console.until(lambda: console.screen.text().count("$") == 2)
    console.keys("vi -u NONE poem\r")
    console.sees("second\n~")
    assert console.screen.is_alternate
    console.keys("othird")
    console.key(Qt.Key.Key_BracketLeft, CTRL)
    console.keys(":wq\r")
    console.until(lambda: not console.screen.is_alternate)
    assert file.read_text() == "first\nthird\nsecond\n"
    console.sees("vi -u NONE poem")


def test_the_guest_learns_the_windows_size(console: Console) -> None:
    console.run("sh")
    console.sees("$")
    console.widget.resize(900, 500)
    console.until(lambda: len(console.sent) > 1)
    size = json.loads(console.sent[-1][1])
    console.keys("stty size\r")
    console.sees(f"{size['rows']} {size['cols']}")
    assert (console.screen.rows, console.screen.columns) == (size["rows"], size["cols"])


def test_a_resize_in_steps_tells_the_guest_once(console: Console) -> None:
    console.display._settle.setInterval(1000)  # a busy computer takes long between two steps
    for width in range(700, 900, 20):
        console.widget.resize(width, 400)
        QApplication.processEvents()
    until(lambda: len(console.sent) == 2)


def test_a_drag_selects_and_the_selection_is_copied(console: Console) -> None:
    console.print(b"one two three\r\nfour five")
    console.drag(console.at(4, 0), console.end_of(3, 1))
    console.key(Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().text() == "two three\nfour"
    assert console.typed == b""


def test_a_drag_with_alt_selects_a_block(console: Console) -> None:
    console.print(b"abcdef\r\nghijkl\r\nmnopqr")
    console.drag(console.at(1, 0), console.end_of(3, 2), ALT)
    console.widget.display.copy()
    assert QGuiApplication.clipboard().text() == "bcd\nhij\nnop"


def test_a_double_click_selects_a_word(console: Console) -> None:
    console.print(b"one two three")
    QTest.mouseClick(console.display, LEFT, NONE, console.at(5, 0))
    QTest.mouseDClick(console.display, LEFT, NONE, console.at(5, 0))
    assert console.screen.selected_text() == "two"


def test_typing_clears_the_selection_and_goes_to_the_bottom(console: Console) -> None:
    console.print(b"".join(b"line %d\r\n" % number for number in range(200)))
    console.screen.scroll_to(3)
    console.screen.select_all()
    console.keys("x")
    scroll = console.screen.scroll
    assert (console.screen.selected_text(), scroll.first) == ("", scroll.total - scroll.shown)
    assert console.typed == b"x"


def test_one_line_is_pasted_at_once(console: Console) -> None:
    QGuiApplication.clipboard().setText("ls -l")
    console.key(Qt.Key.Key_V, CTRL | SHIFT)
    assert console.typed == b"ls -l"


def test_lines_are_pasted_only_after_a_yes(console: Console) -> None:
    QGuiApplication.clipboard().setText("ls\nrm -rf x\n")
    console.key(Qt.Key.Key_V, CTRL | SHIFT)
    bar = console.widget.findChild(QWidget, "paste_bar")
    assert bar is not None and bar.isVisible()
    assert console.typed == b""
    QTest.mouseClick(console.widget.findChild(QPushButton, "paste_cancel"), LEFT)
    assert (bar.isVisible(), console.typed) == (False, b"")
    console.key(Qt.Key.Key_V, CTRL | SHIFT)
    QTest.mouseClick(console.widget.findChild(QPushButton, "paste_accept"), LEFT)
    assert (bar.isVisible(), console.typed) == (False, b"ls\rrm -rf x\r")
    until(console.display.hasFocus)


def test_enter_after_a_risky_paste_does_not_say_yes(console: Console) -> None:
    QGuiApplication.clipboard().setText("ls\n")
    console.key(Qt.Key.Key_V, CTRL | SHIFT)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert console.typed == b""


def test_a_guest_with_bracketed_paste_gets_lines_as_text(console: Console) -> None:
    console.print(b"\x1b[?2004h")
    QGuiApplication.clipboard().setText("a\nb")
    console.key(Qt.Key.Key_V, CTRL | SHIFT)
    assert console.typed == b"\x1b[200~a\nb\x1b[201~"


def test_a_guest_cannot_touch_the_clipboard(console: Console) -> None:
    QGuiApplication.clipboard().setText("mine")
    console.print(b"\x1b]52;c;ZWNobwo=\x07\x1b]52;c;?\x07")
    assert QGuiApplication.clipboard().text() == "mine"
    assert [kind for kind, _ in console.sent] == [frames.WINDOW]


def test_tab_is_the_guests_and_ctrl_tab_leaves() -> None:
    window = QWidget()
    console = Console()
    before, after = QLineEdit(), QLineEdit()
    column = QVBoxLayout(window)
    for part in (before, console.widget, after):
        column.addWidget(part)
    window.show()
    window.activateWindow()
    console.widget.setFocus()
    until(console.display.hasFocus)
    console.key(Qt.Key.Key_Tab)
    console.key(Qt.Key.Key_Backtab, SHIFT)
    assert (console.typed, console.display.hasFocus()) == (b"\t\x1b[Z", True)
    console.key(Qt.Key.Key_Tab, CTRL)
    assert after.hasFocus()
    console.widget.setFocus()
    console.key(Qt.Key.Key_Backtab, CTRL | SHIFT)
    assert before.hasFocus()
    console.close()
    window.deleteLater()


def test_shortcuts_of_the_window_go_to_the_guest_but_for_its_pages(console: Console) -> None:
    for key, modifiers, is_guests in (
        (Qt.Key.Key_Q, CTRL, True),
        (Qt.Key.Key_W, CTRL, True),
        (Qt.Key.Key_1, CTRL, False),
        (Qt.Key.Key_PageDown, CTRL, False),
        (Qt.Key.Key_PageDown, SHIFT | CTRL, True),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(console.display, event)
        assert event.isAccepted() == is_guests


def test_zoom_changes_the_cells_and_the_guests_size(console: Console) -> None:
    columns = console.screen.columns
    console.key(Qt.Key.Key_Equal, CTRL)
    console.key(Qt.Key.Key_Equal, CTRL)
    until(lambda: console.screen.columns < columns)
    console.key(Qt.Key.Key_0, CTRL)
    until(lambda: console.screen.columns == columns)
    assert console.typed == b""


def test_zoom_is_said_to_be_kept_and_a_style_is_not(console: Console) -> None:
    kept: list[int] = []
    console.widget.font_px_changed.connect(kept.append)
    columns = console.screen.columns
    console.widget.set_style(TerminalStyle(font_px=20))
    until(lambda: console.screen.columns < columns)
    console.key(Qt.Key.Key_Minus, CTRL)
    console.key(Qt.Key.Key_0, CTRL)
    console.key(Qt.Key.Key_0, CTRL)
    assert kept == [19, 14]  # and nothing of a size that it has
    until(lambda: console.screen.columns == columns)


@pytest.mark.parametrize("colours", SCHEMES)
def test_the_chosen_colours_follow_the_window_too(console: Console, colours: str) -> None:
    console.widget.set_style(TerminalStyle(colours=colours))
    for window, scheme in zip(("#101010", "#f0f0f0"), SCHEMES[colours], strict=True):
        palette = QPalette(console.widget.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(window))
        console.widget.setPalette(palette)
        assert console.picture().pixelColor(console.at(5, 5)) == QColor(*scheme.background)


def wheel(console: Console, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    place = QPointF(console.at(2, 2))
    event = QWheelEvent(
        place, console.display.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(console.display, event)


def test_the_wheel_scrolls_back_and_the_scroll_bar_follows(console: Console) -> None:
    console.print(b"".join(b"line %d\r\n" % number for number in range(200)))
    bottom = console.screen.scroll.first
    wheel(console, 2)
    assert console.screen.scroll.first == bottom - 6
    bar = console.widget._bar
    until(lambda: bar.value() == bottom - 6)
    bar.setValue(10)
    assert console.screen.text().startswith("line 10\n")
    console.key(Qt.Key.Key_End, SHIFT)
    assert console.screen.scroll.first == bottom
    assert console.typed == b""


def test_a_console_without_a_log_says_that_its_older_lines_are_gone(console: Console) -> None:
    for count, is_told in ((100, False), (15_000, True)):
        console.print(b"".join(b"line %d\r\n" % number for number in range(count)))
        until(lambda: not console.widget.queued_bytes)
        console.widget.display.scroll_to(0)
        until(lambda: not console.widget.display._refresh.isActive())
        label = console.widget.findChild(QLabel, "older_lines_words")
        button = console.widget.findChild(QPushButton, "older_lines_open")
        assert label is not None and button is not None and not button.isVisible()
        assert (label.isVisible(), label.text()) == (is_told, "Older lines are not kept")


def test_the_mouse_is_the_guests_where_it_asked_and_shift_takes_it_back(console: Console) -> None:
    console.print(b"words\x1b[?1000h\x1b[?1006h")
    QTest.mouseClick(console.display, LEFT, NONE, console.at(2, 0))
    wheel(console, 1)
    assert console.typed == b"\x1b[<0;3;1M\x1b[<0;3;1m\x1b[<64;3;3M"
    console.drag(console.at(0, 0), console.end_of(4, 0), SHIFT)
    assert console.screen.selected_text() == "words"


def test_the_wheel_moves_a_pager_that_knows_no_mouse(console: Console) -> None:
    console.print(b"\x1b[?1049h\x1b[?1007h")
    wheel(console, -1)
    assert console.typed == b"\x1b[B" * 3


def test_what_an_input_method_commits_is_typed(console: Console) -> None:
    QApplication.sendEvent(console.display, QInputMethodEvent("han", []))
    assert console.typed == b""
    event = QInputMethodEvent("", [])
    event.setCommitString("漢字")
    QApplication.sendEvent(console.display, event)
    assert console.typed == "漢字".encode()


def compose(console: Console, text: str, *attributes: QInputMethodEvent.Attribute) -> None:
    QApplication.sendEvent(console.display, QInputMethodEvent(text, list(attributes)))


def cells(console: Console, picture: QImage, column: int, row: int, count: int = 1) -> QImage:
    metrics = console.widget.display.metrics
    area = QSize(count * metrics.width, metrics.height)
    return picture.copy(QRect(QPoint(6 + column * metrics.width, 6 + row * metrics.height), area))


def composing_column(console: Console) -> float:
    """Where the input method's own window goes."""
    place = console.display.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    return (place.x() - 6) * console.display.devicePixelRatioF() / console.widget.display.metrics.width


def test_what_is_composed_stands_in_cells_at_the_cursor_and_is_gone_after(console: Console) -> None:
    console.print("漢字x\r\n漢字".encode() + b"\x1b[?25l\r")
    before = console.picture()
    compose(console, "漢e\u0301字")
    during = console.picture()
    assert cells(console, during, 0, 0, 5) == cells(console, before, 0, 0, 5)
    assert cells(console, during, 0, 1, 6) != cells(console, before, 0, 1, 6)
    assert cells(console, during, 6, 1, 4) == cells(console, before, 6, 1, 4)
    glyph = console.widget.display.metrics.height - 4  # all but the line under it
    above, below = (cells(console, during, *place, 2).copy(0, 0, 16, glyph) for place in ((0, 0), (0, 1)))
    assert above == below and composing_column(console) == pytest.approx(5, abs=0.2)
    compose(console, "")
    assert console.picture() == before and console.typed == b""


def test_clauses_and_the_caret_are_as_the_input_method_says(console: Console) -> None:
    kinds, marked = QInputMethodEvent.AttributeType, QTextCharFormat()
    marked.setBackground(QColor(1, 2, 3))
    underlined = QTextCharFormat()
    underlined.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
    compose(
        console, "漢😀字",
        QInputMethodEvent.Attribute(kinds.TextFormat, 3, 1, underlined),
        QInputMethodEvent.Attribute(kinds.TextFormat, 1, 2, marked),  # in UTF-16 units: the emoji
        QInputMethodEvent.Attribute(kinds.Cursor, 3, 1, None),
    )  # fmt: skip
    picture = console.picture()
    painted = [
        {cells(console, picture, column, 0).pixelColor(x, y).getRgb()[:3] for x in range(8) for y in range(16)}
        for column in range(6)
    ]
    assert [(1, 2, 3) in colours for colours in painted] == [False, False, True, True, False, False]
    assert composing_column(console) == pytest.approx(4, abs=0.2)
    scheme = console.widget.display._surface.scheme
    last = cells(console, picture, 5, 0)
    assert last.pixelColor(4, last.height() - 1) == QColor(*scheme.foreground)


def test_what_is_composed_at_the_edge_moves_left_and_goes_with_the_focus(console: Console) -> None:
    columns = console.screen.columns
    console.print(b"\x1b[%dG" % (columns - 1))
    before = console.picture()
    compose(console, "漢字漢")
    during = console.picture()
    assert cells(console, during, columns - 7, 0, 6) != cells(console, before, columns - 7, 0, 6)
    assert cells(console, during, 0, 0, columns - 7) == cells(console, before, 0, 0, columns - 7)
    compose(console, "漢" * columns)
    assert composing_column(console) == pytest.approx(columns - 1, abs=0.2)
    console.display.clearFocus()
    compose_free = console.picture()
    assert cells(console, compose_free, 0, 0, columns - 3) == cells(console, before, 0, 0, columns - 3)


def test_focus_is_told_only_to_a_guest_that_asked(console: Console) -> None:
    console.display.clearFocus()
    console.print(b"\x1b[?1004h")
    console.display.setFocus()
    assert [frame for frame in console.sent if frame[0] != frames.WINDOW] == [(frames.REPLY, b"\x1b[I")]


def test_a_snapshot_amid_a_drag_shows_the_new_screen(console: Console) -> None:
    source = Screen(80, 24)
    source.feed(b"from the keeper")
    console.print(b"old words")
    QTest.mousePress(console.display, LEFT, NONE, console.at(0, 0))
    console.widget.receive(frames.SNAPSHOT, source.snapshot())
    QTest.mouseMove(console.display, console.at(5, 0))
    QTest.mouseRelease(console.display, LEFT, NONE, console.at(5, 0))
    source.close()
    console.drag(console.at(0, 0), console.end_of(3, 0))
    assert console.screen.selected_text() == "from"


def test_a_hidden_console_goes_on_and_is_right_when_shown(console: Console) -> None:
    console.print(b"\x1b[41m")
    console.widget.hide()
    for _ in range(100):
        console.print(b"more and more \x1b[2J")
    until(lambda: not console.widget.queued_bytes)
    console.widget.show()
    red = QColor(*DARK.named[1]) if console.widget.display._surface.scheme is DARK else QColor(*LIGHT.named[1])
    until(lambda: console.picture().pixelColor(console.at(3, 3)) == red)


def test_scrollback_is_not_compressed_in_a_flood(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "IDLE_MS", 150)
    screen = console.display.session.screen
    console.display.receive(frames.OUTPUT, b"".join(b"%05d a line\r\n" % number for number in range(9000)))
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        console.display.receive(frames.OUTPUT, b"it goes on, on one line\r" * 3000)
        QTest.qWait(5)
    assert sum(1 for _ in iter(screen.compress_step, False)) > 8  # a page each, of which there are sixteen


def test_a_flood_is_parsed_whole(console: Console) -> None:
    console.run("seq", "-f", "%.0f of many lines", "200000")
    console.sees("200000 of many lines")


def test_a_flood_is_parsed_aside_while_keys_searches_and_looks_go_on(console: Console) -> None:
    aside: list[int] = []
    whole, screen = console.screen.feed_aside, console.screen

    def feed_aside(take: Callable[[], bytes], done: Callable[[], None]) -> None:
        def counted() -> bytes:
            aside.append(len(data := take()))
            return data

        whole(counted, done)

    screen.feed_aside = feed_aside  # type: ignore[method-assign]
    console.display.look_for("lines")
    text = b"".join(b"\x1b[38;5;%dm%d of many\x1b[m lines\r\n" % (number % 256, number) for number in range(4000))
    for _ in range(60):
        console.print(text)
        console.widget.display.scroll_to(0)
        console.keys("x")
        QTest.qWait(1)
    console.sees("3999 of many lines")
    assert sum(aside) > len(text)
    assert console.typed == b"x" * 60
    console.print(b"\x1b]2;the end\x07\x1b[6n")
    until(lambda: screen.title == "the end" and console.sent[-1][0] == frames.REPLY)


def test_a_flood_is_parsed_on_while_it_is_drawn(console: Console) -> None:
    """And the scroll bar, too, asks nothing of the screen that would stop it."""
    goes_on: list[bool] = []
    console.widget.display.refreshed.connect(lambda: goes_on.append(console.screen.is_feeding))
    text = b"".join(b"\x1b[38;5;%dm%d of many\x1b[m lines\r\n" % (number % 256, number) for number in range(4000))
    for _ in range(200):
        console.print(text)
        if len(goes_on) < 5:
            QTest.qWait(1)
    console.sees("3999 of many lines")
    assert any(goes_on)


def test_a_console_that_is_closed_in_a_flood_ends_with_it(console: Console) -> None:
    for _ in range(60):
        console.print(b"\x1b[31mit goes on\x1b[m, line by line\r\n" * 9000)
        QTest.qWait(1)
    console.widget.close_terminal()
    QTest.qWait(50)


def test_a_smaller_viewer_leaves_room_that_is_marked(console: Console) -> None:
    console.widget.receive(frames.INFO, b'{"viewers":2,"cols":20,"rows":5,"read_only":false}')
    assert (console.screen.columns, console.screen.rows) == (20, 5)
    scheme = console.widget.display._surface.scheme
    picture = console.picture()
    assert picture.pixelColor(console.at(10, 2)) == QColor(*scheme.background)
    assert picture.pixelColor(console.at(30, 10)) == QColor(*scheme.outside)


def test_words_are_plain_and_a_hint_goes_with_the_first_key(console: Console) -> None:
    console.widget.set_message("<b>Press</b> Enter for a prompt", hint=True)
    plate = console.widget.findChild(QWidget, "terminal_plate")
    words = console.widget.findChild(QWidget, "terminal_words")
    assert plate is not None and plate.isVisible()
    assert words is not None and words.text() == "<b>Press</b> Enter for a prompt"
    console.key(Qt.Key.Key_Return)
    assert not plate.isVisible()
    console.widget.set_message("The machine is stopped")
    console.key(Qt.Key.Key_Return)
    assert plate.isVisible()
    console.widget.set_message("")
    assert not plate.isVisible()


def test_a_title_a_bell_and_a_link_are_signals(console: Console) -> None:
    seen: list[object] = []
    console.widget.title_changed.connect(seen.append)
    console.widget.bell.connect(lambda: seen.append("bell"))
    console.widget.link_requested.connect(seen.append)
    console.print(b"\x1b]2;top\x07\x07\x07\x07\x1b]8;;https://example.org/\x07link\x1b]8;;\x07")
    console.print(b"\x1b]8;;file:///etc/passwd\x07file\x1b]8;;\x07")
    QTest.mouseClick(console.display, LEFT, NONE, console.at(1, 0))
    for column in (1, 5):
        QTest.mouseClick(console.display, LEFT, CTRL, console.at(column, 0))
    assert seen == ["top", "bell", "https://example.org/"]


def test_a_link_is_marked_and_tells_where_it_leads(console: Console) -> None:
    console.print(b"link \x1b]8;;https://example.org/<b>\x07link\x1b]8;;\x07 \x1b]8;;file:///etc\x07file\x1b]8;;\x07")
    picture, metrics = console.picture(), console.widget.display.metrics
    area = QSize(4 * metrics.width, metrics.height)
    words = [picture.copy(QRect(QPoint(6 + column * metrics.width, 6), area)) for column in (0, 5)]
    assert words[0] != words[1]
    for column, hint, shape in (
        (6, "https://example.org/&lt;b&gt;<br>Ctrl+click opens it", Qt.CursorShape.PointingHandCursor),
        (11, "file:///etc", Qt.CursorShape.IBeamCursor),
        (1, "", Qt.CursorShape.IBeamCursor),
    ):
        QTest.mouseMove(console.display, console.at(column, 0))
        until(lambda hint=hint: hint in console.display.toolTip() and bool(hint) == bool(console.display.toolTip()))
        assert console.display.cursor().shape() == shape
    assert console.typed == b""


def test_the_colours_follow_the_palette(console: Console) -> None:
    for window, scheme in (("#101010", DARK), ("#f0f0f0", LIGHT)):
        palette = QPalette(console.widget.palette())
        palette.setColor(QPalette.ColorRole.Window, QColor(window))
        console.widget.setPalette(palette)
        assert console.picture().pixelColor(console.at(5, 5)) == QColor(*scheme.background)
        assert console.picture().pixelColor(1, 1) == QColor(*scheme.background)


def test_a_screen_reader_hears_what_it_is_and_what_it_shows(console: Console) -> None:
    assert console.display.accessibleName() == "Console"
    QAccessible.setActive(True)
    console.print(b"moorage:/# ls\r\nbin")
    until(lambda: console.display.accessibleDescription() == "moorage:/# ls\nbin")
    QAccessible.setActive(False)


def test_a_screen_reader_is_told_what_was_typed_and_where_the_cursor_goes(console: Console) -> None:
    QAccessible.setActive(True)
    try:
        console.print("😀漢字 ls\r\nsecond\x1b[1;8H".encode())
        until(lambda: console.widget.findChild(QPlainTextEdit, "terminal_text") is not None)
        text = console.widget.findChild(QPlainTextEdit, "terminal_text")
        assert text is not None
        until(lambda: text.toPlainText() == "😀漢字 ls\nsecond")
        assert text.textCursor().position() == 5  # the emoji is two of Qt's
        told: list[tuple[int, int, int]] = []
        text.document().contentsChange.connect(lambda *change: told.append(change))
        moved: list[int] = []
        text.cursorPositionChanged.connect(lambda: moved.append(text.textCursor().position()))
        console.print(b"lx")
        until(lambda: text.toPlainText() == "😀漢字 lx\nsecond")
        until(lambda: bool(moved) and moved[-1] == 7)
        assert told == [(6, 1, 1)]
        console.print(b"\x1b[2;3H")
        until(lambda: moved[-1] == 10)
        assert len(told) == 1
    finally:
        QAccessible.setActive(False)


def test_it_is_never_mirrored(console: Console) -> None:
    console.widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert console.display.layoutDirection() == Qt.LayoutDirection.LeftToRight


def find(console: Console, text: str) -> None:
    console.key(Qt.Key.Key_F, CTRL | SHIFT)
    line = console.widget.findChild(QLineEdit, "search_line")
    assert line is not None
    until(line.hasFocus)
    QTest.keyClicks(line, text)


def count(console: Console) -> str:
    label = console.widget.findChild(QLabel, "search_count")
    assert label is not None
    return label.text()


def test_search_goes_to_the_newest_one_and_counts_them(console: Console) -> None:
    console.print(b"needle one\r\n" + b"\r\n" * 100 + b"needle two\r\n" + b"\r\n" * 100)
    find(console, "needle")
    until(lambda: count(console) == "1 of 2")
    assert "needle two" in console.screen.text()
    line = console.widget.findChild(QLineEdit, "search_line")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert (count(console), "needle one" in console.screen.text()) == ("2 of 2", True)
    QTest.keyClick(line, Qt.Key.Key_Return, SHIFT)
    assert (count(console), "needle two" in console.screen.text()) == ("1 of 2", True)
    QTest.keyClicks(line, "x")
    until(lambda: count(console) == "Nothing found")
    assert console.typed == b""


def test_what_is_found_is_marked_and_escape_takes_the_marks_away(console: Console) -> None:
    console.print(b"a needle here")
    plain = console.picture()
    find(console, "needle")
    until(lambda: count(console) == "1 of 1")
    spot = console.at(2, 0) + QPoint(-3, -7)
    assert console.picture().pixelColor(spot) != plain.pixelColor(spot)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    until(console.display.hasFocus)
    assert console.picture().pixelColor(spot) == plain.pixelColor(spot)


def test_search_goes_on_after_the_picture_was_replaced(console: Console) -> None:
    console.print(b"needle")
    find(console, "needle")
    other = Screen(80, 24)
    other.feed(b"needle needle needle")
    console.widget.receive(frames.SNAPSHOT, other.snapshot())
    other.close()
    until(lambda: count(console) == "1 of 3")


def bars(console: Console) -> QWidget:
    found = console.widget.findChild(QWidget, "terminal_bars")
    assert found is not None
    return found


def on_widget(console: Console, column: int, row: int) -> QPoint:
    return console.display.mapTo(console.widget, console.at(column, row))


def test_search_and_questions_leave_the_guests_size_and_the_cursor_in_view(console: Console) -> None:
    """However many lines are printed: a cursor at the foot sends them to the head."""
    rows, sent = console.screen.rows, len(console.sent)
    for lines in (2, rows + 5):
        console.print(b"\x1b[2J\x1b[H" + b"\r\n" * lines + b"$ ")
        until(lambda: not console.widget.display._refresh.isActive())
        for open_one in (
            lambda: console.key(Qt.Key.Key_F, CTRL | SHIFT),
            lambda: console.widget._paste_bar.ask("a\nb"),
            lambda: console.widget._copy_bar.ask("from the guest"),
        ):
            open_one()
        assert all(each.isVisible() for each in console.widget._bars._bars)
        until(lambda: not console.widget.display._settle.isActive())
        column, row = console.screen.cursor_cell()
        assert not bars(console).geometry().contains(on_widget(console, column, row))
        assert console.widget.rect().contains(bars(console).geometry())
        for each in console.widget._bars._bars:
            each.dismiss()
        assert not bars(console).isVisible()
        console.widget._copy_bar._pause.stop()
    assert (console.screen.rows, [kind for kind, _ in console.sent[sent:]]) == (rows, [])


def test_the_search_gives_way_to_what_it_found(console: Console) -> None:
    lines = [b"line %d" % number for number in range(console.screen.rows)]
    lines[0] += b" needle"
    lines[-1] += b" needle"
    console.print(b"\r\n".join(lines) + b"\x1b[H")
    find(console, "needle")
    line = console.widget.findChild(QLineEdit, "search_line")
    for newest_first, row in (("1 of 2", console.screen.rows - 1), ("2 of 2", 0)):
        until(lambda wanted=newest_first: count(console) == wanted)
        until(lambda: not console.widget.display._refresh.isActive())
        assert not bars(console).geometry().contains(on_widget(console, 9, row))
        QTest.keyClick(line, Qt.Key.Key_Return)


@pytest.fixture
def prefixed(console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """With the prefix C-a, and a home to write files into."""
    monkeypatch.setenv("HOME", str(tmp_path))
    console.widget.set_style(TerminalStyle(prefix="a"))
    return console


def press(console: Console, text: str) -> None:
    console.key(Qt.Key.Key_A, CTRL)
    console.keys(text)


def words(console: Console) -> str:
    label = console.widget.findChild(QLabel, "terminal_words")
    assert label is not None
    return label.text() if label.isVisible() else ""


def test_without_a_prefix_every_key_is_the_guests(console: Console) -> None:
    press(console, "a")
    assert console.typed == b"\x01a"


def test_the_prefix_is_typed_by_its_own_letter_and_says_that_it_waits(prefixed: Console) -> None:
    prefixed.key(Qt.Key.Key_A, CTRL)
    assert (words(prefixed), prefixed.typed) == ("Ctrl+A … and ? for help", b"")
    prefixed.keys("a")
    assert (words(prefixed), prefixed.typed) == ("", b"\x01")
    press(prefixed, "%")
    prefixed.keys("ls")
    assert prefixed.typed == b"\x01ls"


def test_keys_about_windows_are_passed_on_and_nothing_is_typed(prefixed: Console) -> None:
    passed: list[tuple[ScreenKey, str]] = []
    prefixed.widget.screen_key.connect(lambda key, typed: passed.append((key, typed)))
    for text in 'cnp3"kd':
        press(prefixed, text)
    keys = ScreenKey.NEW, ScreenKey.NEXT, ScreenKey.PREVIOUS, ScreenKey.SELECT, ScreenKey.LIST, ScreenKey.CLOSE
    assert [key for key, _ in passed] == [*keys, ScreenKey.DETACH]
    assert passed[3][1] == "3" and prefixed.typed == b""


def test_help_and_info_stand_at_the_foot_until_the_next_key(prefixed: Console) -> None:
    press(prefixed, "?")
    assert "detaches" in words(prefixed)
    prefixed.keys("x")
    assert words(prefixed) == ""
    prefixed.print(b"\x1b]0;a title\x07")
    press(prefixed, "i")
    assert words(prefixed).startswith(f"{prefixed.screen.columns}×") and "a title" in words(prefixed)


def test_log_and_hardcopy_are_files_of_the_users_alone(prefixed: Console, tmp_path: Path) -> None:
    prefixed.print(b"before ")
    press(prefixed, "H")
    (log,) = tmp_path.glob("*.log")
    assert words(prefixed) == f"What is printed is written to {log}"
    prefixed.print(b"\x1b[31mlogged\x1b[m ")
    press(prefixed, "i")
    assert words(prefixed).endswith(f"log on\n{log}")
    press(prefixed, "H")
    assert words(prefixed) == f"No longer written to {log}"
    prefixed.print(b"after")
    press(prefixed, "h")
    (copy,) = tmp_path.glob("*.txt")
    assert words(prefixed) == f"The screen is written to {copy}"
    assert log.read_bytes() == b"\x1b[31mlogged\x1b[m "
    assert copy.read_text() == "before logged after\n"
    assert {path.stat().st_mode & 0o777 for path in (log, copy)} == {0o600}


def test_a_log_that_the_disk_does_not_take_is_told_and_ends(prefixed: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    prefixed.widget.noticed.connect(said.append)
    monkeypatch.setattr(written, "_new_file", lambda _suffix: (Path("/dev/full"), os.open("/dev/full", os.O_WRONLY)))
    press(prefixed, "H")
    prefixed.print(b"much")
    assert "No space left" in said[-1] and not prefixed.widget.commands.is_logging
    prefixed.print(b"more")
    assert "more" in prefixed.screen.text()


def test_copy_mode_moves_marks_and_copies_without_a_word_to_the_guest(prefixed: Console) -> None:
    prefixed.print(b"".join(b"line %d\r\n" % number for number in range(100)) + b"$ ")
    press(prefixed, "[")
    assert words(prefixed).startswith("Copy mode")
    prefixed.keys("g")
    assert prefixed.widget.display.shown.text().startswith("line 0\n")
    prefixed.keys(" j$ ")
    assert QGuiApplication.clipboard().text() == "line 0\nline 1"
    assert (words(prefixed), prefixed.typed) == ("", b"")
    scroll = prefixed.screen.scroll
    assert scroll.first == scroll.total - scroll.shown
    prefixed.keys("x")
    assert prefixed.typed == b"x"


def ask_in_copy_mode(console: Console, key: str, text: str, *end: Qt.Key) -> None:
    console.keys(key)
    line = console.widget.findChild(QLineEdit, "search_line")
    assert line is not None
    until(line.hasFocus)
    QTest.keyClicks(line, text)
    for which in end:
        QTest.keyClick(line, which)
    until(console.display.hasFocus)


def in_line_of(console: Console) -> str:
    """What stands where copy mode's cursor is, to the end of the line."""
    copying = console.widget.display.copy_mode
    row, column = copying.spot
    return console.widget.display.shown.text().split("\n")[row][column:]


def test_copy_mode_finds_in_the_direction_asked_for(prefixed: Console) -> None:
    prefixed.print(b"needle 1" + b"\r\n" * 50 + b"middle" + b"\r\n" * 50 + b"needle 2" + b"\r\n" * 50)
    press(prefixed, "[")
    prefixed.keys("gj")
    seen = []
    for key in "/n?nN":
        if key in "/?":
            ask_in_copy_mode(prefixed, key, "NEEDLE", Qt.Key.Key_Return)
        else:
            prefixed.keys(key)
        seen.append(in_line_of(prefixed))
        assert count(prefixed) == "Found: 2"
    # Down, down round the end, up round the top, up, and down again.
    assert seen == ["needle 2", "needle 1", "needle 2", "needle 1", "needle 2"]
    prefixed.keys(" " + "l" * 5 + " ")
    assert (QGuiApplication.clipboard().text(), prefixed.typed) == ("needle", b"")


def test_copy_mode_remembers_what_was_looked_for_when_the_next_question_is_dropped(prefixed: Console) -> None:
    prefixed.print(b"one\r\ntwo\r\none\r\n")
    press(prefixed, "[")
    ask_in_copy_mode(prefixed, "?", "one", Qt.Key.Key_Return)
    before = prefixed.widget.display.copy_mode.spot
    ask_in_copy_mode(prefixed, "/", "two", Qt.Key.Key_Escape)
    assert prefixed.widget.display.copy_mode.spot == before == (2, 0)
    prefixed.keys("n")
    assert prefixed.widget.display.copy_mode.spot == (0, 0)
    ask_in_copy_mode(prefixed, "?", "nowhere", Qt.Key.Key_Return)
    assert words(prefixed) == "Not found: nowhere" and prefixed.widget.display.copy_mode.spot == (0, 0)


@pytest.mark.parametrize(
    "meanwhile", [b"\x1b[3J\x1b[2J", b"\x1bc", b"more\r\n" * 12_000, b"\x1b[?1049h\x1b[2Jvi", b"\x1b[?1003h"]
)
def test_copy_mode_keeps_its_picture_whatever_is_printed(prefixed: Console, meanwhile: bytes) -> None:
    prefixed.print(b"".join(b"line %d\r\n" % number for number in range(10_100)))
    until(lambda: not prefixed.widget.queued_bytes)
    press(prefixed, "[")
    prefixed.keys("kk ")
    prefixed.print(meanwhile)
    until(lambda: not prefixed.widget.queued_bytes)
    assert in_line_of(prefixed) == "line 10098"
    prefixed.keys("k0 ")
    assert QGuiApplication.clipboard().text() == "line 10097\nl"
    assert prefixed.typed == b"" and not prefixed.widget.display.copy_mode.is_on


def test_copy_mode_lives_through_a_new_picture_and_a_smaller_window(prefixed: Console) -> None:
    prefixed.print(b"".join(b"line %d\r\n" % number for number in range(100)) + b"x" * 70)
    press(prefixed, "[")
    prefixed.keys(" ")
    other = Screen(80, 24)
    other.feed(b"from the keeper")
    prefixed.widget.receive(frames.SNAPSHOT, other.snapshot())
    other.close()
    prefixed.widget.resize(300, 200)
    until(lambda: prefixed.screen.columns < 40)
    prefixed.keys("k")
    prefixed.picture()
    prefixed.keys(" ")
    assert QGuiApplication.clipboard().text().endswith("xx")
    until(lambda: "keeper" in prefixed.widget.display.shown.text())


def test_the_mouse_in_copy_mode_says_nothing_to_the_guest(prefixed: Console) -> None:
    prefixed.print(b"".join(b"line %d\r\n" % number for number in range(100)) + b"\x1b[?1003h\x1b[?1006h")
    until(lambda: not prefixed.widget.queued_bytes)
    press(prefixed, "[")
    QGuiApplication.clipboard().setText("pasted", QClipboard.Mode.Selection)
    QTest.mouseClick(prefixed.display, LEFT, NONE, prefixed.at(2, 2))
    QTest.mouseClick(prefixed.display, Qt.MouseButton.MiddleButton, NONE, prefixed.at(2, 2))
    first = prefixed.widget.display.shown.scroll.first
    wheel(prefixed, 1)
    assert prefixed.typed == b"" and prefixed.widget.display.shown.scroll.first == first - 3
    prefixed.drag(prefixed.at(0, 2), prefixed.end_of(3, 2))
    prefixed.widget.display.copy()
    assert QGuiApplication.clipboard().text() == "line"
    prefixed.keys("q")
    QTest.mouseMove(prefixed.display, prefixed.at(5, 5))
    until(lambda: prefixed.typed != b"")


def test_reports_of_the_mouse_leave_selection_and_view_alone(console: Console) -> None:
    console.print(b"".join(b"line %d\r\n" % number for number in range(100)) + b"\x1b[?1003h\x1b[?1006h")
    console.screen.scroll_to(10)
    console.drag(console.at(0, 0), console.end_of(3, 0), SHIFT)
    QTest.mouseMove(console.display, console.at(5, 5))
    QTest.mouseClick(console.display, LEFT, NONE, console.at(6, 6))
    wheel(console, 1)
    assert console.typed.count(b"\x1b[<") >= 3
    assert (console.screen.selected_text(), console.screen.scroll.first) == ("line", 10)


def test_clear_and_paste(prefixed: Console) -> None:
    prefixed.print(b"gone")
    press(prefixed, "C")
    assert prefixed.screen.text().strip() == ""
    QGuiApplication.clipboard().setText("pasted")
    press(prefixed, "]")
    assert prefixed.typed == b"pasted"


def osc52(text: str) -> bytes:
    return b"\x1b]52;c;" + base64.b64encode(text.encode()) + b"\x07"


def test_the_clipboard_is_written_only_after_a_yes_and_never_read(console: Console) -> None:
    QGuiApplication.clipboard().setText("mine")
    console.print(b"\x1b]52;c;?\x07")
    bar = console.widget.findChild(QWidget, "copy_bar")
    assert bar is not None and not bar.isVisible() and console.typed == b""
    console.print(osc52("<b>one</b>\n" + "x" * 89) + osc52("another"))
    assert bar.isVisible() and QGuiApplication.clipboard().text() == "mine" and console.typed == b""
    assert console.widget.display.hasFocus() or not console.widget.isActiveWindow()
    words = bar.findChild(QLabel)
    assert words is not None and words.text().splitlines()[1] == "<b>one</b>" and "100" in words.text()
    QTest.mouseClick(console.widget.findChild(QPushButton, "copy_cancel"), LEFT)
    assert QGuiApplication.clipboard().text() == "mine"
    console.print(osc52("again"))
    assert not bar.isVisible()  # not at once after a no


def test_the_clipboard_is_written_after_a_yes(console: Console) -> None:
    console.print(osc52("a\nb"))
    QTest.mouseClick(console.widget.findChild(QPushButton, "copy_accept"), LEFT)
    assert QGuiApplication.clipboard().text() == "a\nb" and console.typed == b""


def test_a_replay_asks_for_no_clipboard(console: Console) -> None:
    console.widget.receive(frames.REPLAY, osc52("old"))
    bar = console.widget.findChild(QWidget, "copy_bar")
    assert bar is not None and not bar.isVisible()
