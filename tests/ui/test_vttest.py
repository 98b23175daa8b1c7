"""Debian's vttest in the widget: what its screens say of themselves must be so. Pictures are kept."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.core import frames
from desktop.terminal.cells import Style
from desktop.terminal.render import BAR, BLOCK, UNDERLINE
from desktop.terminal.screen import Screen
from desktop.views.terminal.widget import TerminalWidget
from tests.helpers.shell_pty import ShellPty, until

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(os.environ.get("MOORAGE_ARTEFACTS") or ROOT / ".artefacts") / "screenshots" / "vttest"

SCREENS = ROOT / "tests" / "data" / "vttest"
"""Of each path through the menus the screens one after another: what the widget shows of them, read and found right
but for GAPS. A screen begins with a line about its size and its cursor."""

GAPS = {
    "3.10": "a terminal of UTF-8 has no upper half of a byte to map a set into",
    "3.11": "Latin-1 is no set that is designated: A is always the British one",
    "3.9": "as 3.11",
    "6.1": "no answerback: a guest could make it type",
    "6.7": "the parameters of a serial line are those of no line here",
    "4": "no double height and width: the letters and where they begin are right",
    "7": "no VT52: its sequences are letters",
    "9.2": "no double width, the letters are right",
    "9.8": "no double width",
    "11.1.1.1.1": "no report of a keyboard",
    "11.1.1.1.3": "no report of a printer",
    "11.1.1.1.4": "no report of keys to define",
    "11.1.3": "answers are never of eight bits",
    "11.2.2.1": "CSI 0 S scrolls by none, where it should by one",
    "11.2.5.2.6": "no report of the page",
    "11.2.5.3.1": "it says of itself that it is a VT220",
    "11.2.5.6": "no report of the window",
    "11.3.2.7": "no DECBI",
    "11.3.2.8": "no DECFI",
    "11.3.3.9": "no DECIC and DECDC",
    "11.3.3.2.3.4.12": "ICH between margins loses the letter beside the right one",
    "11.4.6.1": "no DECNCSM: a change of columns clears",
    "11.4.6.2": "CSI 0 SP q is the terminal's own cursor, which does not blink",
    "11.7.4": "no SL",
    "11.7.5": "no SR",
    "11.7.6": "as 11.2.2.1",
    "11.8.9": "a guest learns nothing of the user's window",
}
"""What vttest asks for and the library does not do, or is not let do. What is shown then is in SCREENS as it is. Not
followed are tests of pages, rectangles and soft fonts, which vttest itself offers to others, and of a user's keys (5)
those of lights, repeats, the numeric keypad (which types what is on it) and VT52."""

VERSION = "20221229"
OF_THE_VERSION = {"11.1.1.1.2", "11.2.5.2.6", "11.8.2.2", "11.8.9", "7"}
"""SCREENS are those of VERSION; these paths lead a newer vttest elsewhere, or show other words of it."""

LETTERS = [chr(code) for code in range(ord("A"), ord("X") + 1)]
GRAPHICS = "◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·"


class VtTest:
    """vttest on a pty, shown by the widget."""

    def __init__(self) -> None:
        self.widget = TerminalWidget(self._send)
        hint, cell = self.widget.sizeHint(), self.widget.display.metrics.width
        self.widget.resize(hint.width() + (132 - 80) * cell, hint.height())
        self.widget.show()
        self._refreshed = 0
        self.widget.display.refreshed.connect(self._on_refreshed)
        self._pty: ShellPty | None = None
        until(lambda: (self.screen.columns, self.screen.rows) == (132, 24))
        self.widget.receive(frames.OUTPUT, b"\x1b[?40h\x1b[?3l")  # room for 132 columns, of which 80 are used
        self._pty = ShellPty("vttest", "24x80.132")
        self.sees(lambda text: "Enter choice number" in text)

    @property
    def screen(self) -> Screen:
        return self.widget.session.screen

    def choose(self, *numbers: int) -> None:
        """Through menus, each of which is awaited; the last one's choice shows a test."""
        for number in numbers[:-1]:
            self.answer(str(number))
            self.sees(lambda text, number=number: f"Menu {number}" in text and "Enter choice" in text)
        self.answer(str(numbers[-1]))

    def follow(self, path: str) -> None:
        """Through menus and their switches, of which each shows a menu again; the last choice shows a test."""
        *menus, last = path.split(".")
        for choice in menus:
            before = self.screen.text()
            self.answer(choice)
            self.sees(lambda text, before=before: text != before and text.endswith(":") and "Enter choice" in text)
        self.answer(last)

    @property
    def shape(self) -> str:
        self.screen.changed_rows(full=True)
        cursor = self.screen.cursor()
        words = [f"{self.screen.columns} columns, "]
        if cursor is None:
            words.append("no cursor")
        else:
            words += ["blinking " if cursor.is_blinking else "", _SHAPES[cursor.shape], " cursor"]
        return "".join([*words, ", reversed" if self.screen.mode(5) else ""])

    def answer(self, text: str = "") -> None:
        self.widget.session.type(text.encode() + b"\r")

    def sees(self, is_right: Callable[[str], bool], name: str = "") -> None:
        """Waits for it, and keeps a picture under `name`."""

        def check() -> bool:
            assert self._pty is not None
            self._pty.pump(self.widget.receive)
            return is_right(self.screen.text())

        try:
            until(check)
        except AssertionError:
            pytest.fail(f"{name} is:\n{self.screen.text()}", pytrace=False)
        finally:
            if name:
                self.keep(name)

    def keep(self, name: str) -> None:
        before = self._refreshed
        self.widget.display.look()
        until(lambda: self._refreshed > before)
        PICTURES.mkdir(parents=True, exist_ok=True)
        assert self.widget.grab().save(str(PICTURES / f"{name}.png"))

    def shows(self, name: str, *lines: str) -> None:
        """Exactly these lines, beginning with the first that is not empty."""
        wanted = [line.rstrip() for line in lines]
        self.sees(lambda text: [line.rstrip() for line in text.strip("\n").split("\n")] == wanted, name)

    def skip(self, count: int) -> None:
        """The screens that show something only while they are drawn."""
        for _ in range(count):
            before = self.screen.text()
            self.answer()
            self.sees(lambda text, before=before: text != before and "Push <RETURN>" in text)

    def styles(self) -> list[tuple[int, int, str, Style]]:
        """Row, column, text and style of all that is not blank."""
        rows = self.screen.changed_rows(full=True)
        return [(row.y, run[0], str(run[2]), run[3]) for row in rows for run in row.runs if run[2].strip()]

    def close(self) -> None:
        assert self._pty is not None
        self._pty.close()
        self.widget.close_terminal()
        self.widget.deleteLater()

    def _on_refreshed(self) -> None:
        self._refreshed += 1

    def _send(self, kind: bytes, payload: bytes) -> None:
        if self._pty is not None and kind != frames.WINDOW:  # its own size, whatever column mode it asks for
            self._pty.take(kind, payload)


_SHAPES = {BAR: "bar", BLOCK: "block", UNDERLINE: "underlined"}


@pytest.fixture
def vttest() -> Iterator[VtTest]:
    opened = VtTest()
    yield opened
    opened.close()


def bordered(columns: int) -> list[str]:
    """Stars around, plusses within, and a box of E's with words in the middle."""
    words = [
        "The screen should be cleared,  and have an unbroken bor-",
        "der of *'s and +'s around the edge,   and exactly in the",
        "middle  there should be a frame of E's around this  text",
        "with  one (1) free position around it.    Push <RETURN>",
    ]
    box = ["E" * 60, *(f"E {line:56} E" for line in ["", *words, ""]), "E" * 60]
    inner = [""] * 6 + box + [""] * 6
    middle = [f"*+{line.center(columns - 4) if line else ' ' * (columns - 4)}+*" for line in inner]
    edge = ["*" * columns, "*" + "+" * (columns - 2) + "*"]
    return [*edge, *middle, *reversed(edge)]


def autowrapped(columns: int) -> list[str]:
    letters = [chr(code) for code in range(ord("I"), ord("Z") + 1)]
    return [
        "Test of autowrap, mixing control and print characters.",
        "The left/right margins should have letters in order:",
        *(f"{letter}{' ' * (columns - 2)}{letter.lower()}" for letter in letters),
        "",
        "Push <RETURN>",
    ]


def test_cursor_movements(vttest: VtTest) -> None:
    vttest.choose(1)
    for columns in (80, 132):
        vttest.shows(f"border-{columns}", *bordered(columns))
        vttest.answer()
    for columns in (80, 132):
        vttest.shows(f"autowrap-{columns}", *autowrapped(columns))
        vttest.answer()
    four = ["A B C D E F G H I"] * 4
    about = "Test of cursor-control characters inside ESC sequences."
    vttest.shows("controls", about, "Below should be four identical lines:", "", *four, "", "Push <RETURN>")
    vttest.answer()
    vttest.sees(lambda text: text.split("\n")[3] == "This is a correct sentence" and "Push" in text, "leading-zeros")


def test_screen_features(vttest: VtTest) -> None:
    vttest.choose(2)
    stars = ["*" * 80] * 3
    words = [
        "This should be three identical lines of *'s completely filling",
        "the top of the screen without any empty lines between.",
        "(Test of WRAP AROUND mode setting.)",
    ]
    vttest.shows("wrap", *stars, "", *words, "Push <RETURN>")
    vttest.answer()
    tabs = " " + "     *" * 13
    vttest.sees(lambda text: text.strip("\n").split("\n")[:2] == [tabs, tabs] and "Push" in text, "tabs")
    ruler = "1234567890" * 14
    for paper in ("light", "dark"):
        for columns in (132, 80):
            vttest.answer()
            vttest.sees(
                lambda text, columns=columns, paper=paper: (
                    text.strip().split("\n")[0] == ruler[: columns - 1]
                    and text.count(f"{columns} column mode, {paper} background.") == 18
                    and vttest.screen.columns == columns
                    and "Push <RETURN>" in text
                ),
                f"columns-{columns}-{paper}",
            )
    vttest.skip(4)
    vttest.answer()
    vttest.sees(
        lambda text: (
            text.split("\n")[22:] == [
                "This line should be the one above the bottom of the screen. Push <RETURN>",
                "Origin mode test. This line should be at the bottom of the screen.",
            ]
        ),
        "origin",
    )  # fmt: skip
    vttest.answer()
    vttest.sees(
        lambda text: text.startswith("This line should be at the top of the screen. Push <RETURN>"), "origin-absolute"
    )
    for paper in ("Dark", "Light"):
        vttest.answer()
        vttest.sees(lambda text, paper=paper: f"{paper} background. Push <RETURN>" in text, f"renditions-{paper}")
        check_renditions(vttest)
    vttest.answer()
    vttest.sees(
        lambda text: (
            text.split("\n")[:4] == ["AAAAA"] * 4
            and ["  ".join(["stars:     " + "*" * 10, *["*" * 10] * 4]) in text, "◆" * 10 in text, "─" * 10 in text]
            == [True] * 3
            and "Push <RETURN>" in text
        ),
        "saved-cursor",
    )


def check_renditions(vttest: VtTest) -> None:
    """Each phrase of the screen names its own attributes."""
    names = {"bold", "underline", "blink", "negative"}
    found = 0
    for row, _column, text, style in vttest.styles():
        words = set(text.split())
        if not 3 <= row <= 18 or not words <= names | {"vanilla"}:
            continue
        seen = {"bold": style.bold, "underline": style.underline == 1, "blink": style.blink, "negative": style.inverse}
        assert {name for name, is_set in seen.items() if is_set} == words - {"vanilla"}, text
        found += 1
    assert found == 16


def test_character_sets(vttest: VtTest) -> None:
    vttest.choose(3, 8)
    vttest.sees(lambda text: text.count(GRAPHICS) == 2 and text.count("£") == 4 and "Push" in text, "character-sets")


def test_reports(vttest: VtTest) -> None:
    vttest.choose(6, 3)
    vttest.sees(
        lambda text: "TERMINAL OK" in text and text.count("-- OK") == 2 and "Push <RETURN>" in text, "status-reports"
    )


def test_return_is_what_newline_mode_asks_for(vttest: VtTest) -> None:
    vttest.follow("6.2")
    for state, answer in (("set", "<13> <10>  -- OK"), ("reset", "<13>  -- OK")):
        vttest.sees(lambda text, state=state: text.rstrip().endswith(f"NewLine mode {state}. Push the RETURN key:"))
        QTest.keyClick(vttest.widget.display, Qt.Key.Key_Return)
        vttest.sees(lambda text, answer=answer: answer in text, f"newline-{state}")


_EDITING = {"Insert": "(Insert Here", "Delete": "(Remove", "PageUp": "(Prev", "PageDown": "(Next"}
KEYS: dict[str, dict[str, dict[str, str]]] = {
    "4": {
        f"<ANSI / Cursor key mode {state}>": {
            key: f" <27> {code} {letter}  ({key}"
            for key, letter in {"Up": "A", "Down": "B", "Right": "C", "Left": "D"}.items()
        }
        for state, code in {"RESET": "[", "SET": "O"}.items()
    },
    "6": {"<Normal mode>": _EDITING},
    "7": {"<Normal mode ": {f"F{number}": f"F{number}" for number in range(5, 21)}},
}
"""Of tests of the keyboard, by their number: in which mode which keys are found to be what."""


@pytest.mark.parametrize("test", KEYS)
def test_keys_are_what_they_should_be(vttest: VtTest, test: str) -> None:
    vttest.choose(5, int(test))
    for mode, keys in KEYS[test].items():
        vttest.sees(lambda text, mode=mode: mode in text and "Finish with TAB." in text)
        for key, wanted in keys.items():
            QTest.keyClick(vttest.widget.display, Qt.Key[f"Key_{key}"])
            vttest.sees(lambda text, wanted=wanted: wanted in text.rstrip().split("\n")[-1], f"keys-{test}-{key}")
        QTest.keyClick(vttest.widget.display, Qt.Key.Key_Tab)


def test_control_keys_are_what_they_should_be(vttest: VtTest) -> None:
    """Each that a letter makes; Ctrl+A is the prefix of keys of GNU screen, and comes when it is typed twice."""
    names = "SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB".split()
    vttest.choose(5, 9)
    vttest.sees(lambda text: "Finish with DEL" in text)
    for letter, name in zip(range(ord("A"), ord("Z") + 1), names, strict=True):
        key = Qt.Key(letter)
        for _ in range(2 if key == Qt.Key.Key_A and vttest.widget.display.prefix.letter else 1):
            QTest.keyClick(vttest.widget.display, key, Qt.KeyboardModifier.ControlModifier)
        vttest.sees(
            lambda text, name=name: text.rstrip().split("\n")[-1].split()[:1] == [name], f"control-{chr(letter)}"
        )


def test_insertion_and_deletion(vttest: VtTest) -> None:
    vttest.choose(8)
    for columns in (80, 132):
        full = [letter * columns for letter in LETTERS]
        words = "Screen accordion test (Insert & Delete Line). Push <RETURN>"
        full[3] = words + full[3][len(words) :]
        vttest.shows(f"accordion-{columns}", *full)
        vttest.answer()
        only = "Top line: A's, bottom line: X's, this line, nothing more. Push <RETURN>"
        vttest.shows(f"accordion-closed-{columns}", "A" * columns, only, *[""] * 21, "X" * columns)
        vttest.answer()
        stars = "A" + "*" * (columns - 2) + "B"
        words = "Test of 'Insert Mode'. The top line should be 'A*** ... ***B'. Push <RETURN>"
        vttest.shows(f"insert-{columns}", stars, "", "", words)
        vttest.answer()
        words = "Test of 'Delete Character'. The top line should be 'AB'. Push <RETURN>"
        vttest.shows(f"delete-{columns}", "AB", "", "", words)
        vttest.answer()
        for wide in (columns, columns // 2):  # the second in characters of double width, of which half as many fit
            vttest.sees(lambda text, wide=wide: is_staggered(text, wide), f"staggered-{columns}-{wide}")
            vttest.answer()
        line = "  A B C D E F G H I J K L M N O P Q R S T U V W X Y Z"
        vttest.sees(lambda text, line=line: text.split("\n").count(line) == 2 and "Push" in text, f"ich-{columns}")
        vttest.answer()


def is_staggered(text: str, columns: int) -> bool:
    """Of each line one character less is left than of the one above."""
    lengths = [len(line) for line in text.split("\n")]
    free = [length for number, length in enumerate(lengths) if number not in (3, 4)]
    return free == [columns - 1 - number for number in range(24) if number not in (3, 4)]


def test_colours(vttest: VtTest) -> None:
    """Eight by eight of them, twice; each is where its line and its column say."""
    vttest.answer("11")
    vttest.sees(lambda text: "Menu 11:" in text and "Enter choice" in text)
    vttest.answer("6")
    vttest.sees(lambda text: "Menu 11.6:" in text and "Enter choice" in text)
    vttest.answer("2")
    vttest.sees(lambda text: text.count("Hello") == 128 and "Push <RETURN>" in text, "colours")
    seen = [(row, column, style) for row, column, text, style in vttest.styles() if text.startswith("Hello")]
    matrix = {(row, (column - 8) // 8): style for row, column, style in seen}
    tops = sorted({row for row, _ in matrix})
    assert len(matrix) == 128 and len(tops) == 16
    for place, row in enumerate(tops):
        for column in range(8):
            style = matrix[row, column]
            assert {style.fg, style.bg} == {place % 8, column}
            assert style.bold == (place >= 8)


@pytest.mark.parametrize("path", sorted(file.stem for file in SCREENS.glob("*.txt")))
def test_screens_are_as_they_were_found_right(vttest: VtTest, path: str) -> None:
    if path in OF_THE_VERSION and VERSION not in subprocess.check_output(["vttest", "-V"], text=True):
        pytest.skip(f"this vttest is not that of {VERSION}, whose screen was read")
    wanted = [screen.rstrip("\n").split("\n") for screen in (SCREENS / f"{path}.txt").read_text().split("\f\n")]
    vttest.follow(path)
    for number, (shape, *lines) in enumerate(wanted, 1):
        vttest.sees(
            lambda text, shape=shape, lines=lines: (
                [line.rstrip() for line in text.rstrip("\n").split("\n")] == (lines or [""]) and vttest.shape == shape
            ),
            f"{path}-{number}",
        )
        vttest.answer()


def test_every_gap_is_of_a_test_that_is_there() -> None:
    assert set(GAPS) <= {file.stem for file in SCREENS.glob("*.txt")}
