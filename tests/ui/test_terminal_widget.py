"""The terminal widget with a real program on a real pty."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core import frames
from desktop.terminal.prefix import ScreenKey
from desktop.terminal.screen import Screen
from desktop.views.terminal import written
from desktop.views.terminal.palette import DARK, LIGHT
from desktop.views.terminal.widget import TerminalWidget
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
    console.widget.display.clipboard.copy()
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


def test_a_flood_is_parsed_whole(console: Console) -> None:
    console.run("seq", "-f", "%.0f of many lines", "200000")
    console.sees("200000 of many lines")


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


@pytest.fixture
def prefixed(console: Console, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    """With the prefix C-a, and a home to write files into."""
    monkeypatch.setenv("HOME", str(tmp_path))
    console.widget.set_prefix("a")
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
    prefixed.print(b"\x1b[31mlogged\x1b[m ")
    press(prefixed, "H")
    prefixed.print(b"after")
    press(prefixed, "h")
    (log,), (copy,) = tmp_path.glob("*.log"), tmp_path.glob("*.txt")
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
    assert prefixed.screen.text().startswith("line 0\n")
    prefixed.keys(" j$ ")
    assert QGuiApplication.clipboard().text() == "line 0\nline 1"
    assert (words(prefixed), prefixed.typed) == ("", b"")
    scroll = prefixed.screen.scroll
    assert scroll.first == scroll.total - scroll.shown
    prefixed.keys("x")
    assert prefixed.typed == b"x"


def test_copy_mode_finds_and_goes_there(prefixed: Console) -> None:
    prefixed.print(b"a needle here" + b"\r\n" * 100)
    press(prefixed, "[")
    prefixed.keys("/")
    line = prefixed.widget.findChild(QLineEdit, "search_line")
    assert line is not None
    until(line.hasFocus)
    QTest.keyClicks(line, "needle")
    until(lambda: count(prefixed) == "1 of 1")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    until(prefixed.display.hasFocus)
    prefixed.keys(" lllll ")
    assert (QGuiApplication.clipboard().text(), prefixed.typed) == ("needle", b"")


def test_clear_and_paste(prefixed: Console) -> None:
    prefixed.print(b"gone")
    press(prefixed, "C")
    assert prefixed.screen.text().strip() == ""
    QGuiApplication.clipboard().setText("pasted")
    press(prefixed, "]")
    assert prefixed.typed == b"pasted"
