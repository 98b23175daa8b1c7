"""Screens drawn into a foreign terminal, which is a screen of its own here."""

from __future__ import annotations

import re

import pytest

from desktop.terminal.drawing import MOST_LINES, Drawing
from desktop.terminal.foreign import RESTORE
from desktop.terminal.screen import Screen
from tests.helpers.noise import noise


class Foreign:
    """A terminal that showed something before."""

    def __init__(self, columns: int = 80, rows: int = 24, has_foot: bool = False) -> None:
        self.screen = Screen(columns, rows)
        self.screen.is_muted = True
        self.screen.feed(b"mine\r\n$ moorage console\r\n")
        self.drawing = Drawing(columns, rows, has_foot)
        self.screen.feed(self.drawing.begin())

    def show(self, source: Screen, foot: str = "") -> None:
        self.screen.feed(self.drawing.draw(source, foot))

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.text().split("\n")]


def picture(screen: Screen) -> tuple[object, object]:
    """Its runs, a bare background as blanks, and where the cursor is."""
    rows = [
        (row.y, [(column, cells, text or " " * cells, style) for column, cells, text, style in row.runs])
        for row in screen.changed_rows(full=True)
    ]
    cursor = screen.cursor()
    return rows, cursor and cursor[:2]


@pytest.mark.parametrize("seed", range(5))
def test_a_terminal_of_the_same_size_shows_the_same_whatever_was_printed(seed: int) -> None:
    source, there = Screen(), Foreign()
    for number, data in zip(range(120), noise(seed), strict=False):
        source.feed(data)
        there.show(source)
        if number % 10 == 9:
            assert text_of(there.screen) == text_of(source), number
            assert picture(there.screen)[1] == picture(source)[1]


def text_of(screen: Screen) -> list[str]:
    return [line.rstrip() for line in screen.text().split("\n")]


def test_styles_wide_characters_and_backgrounds_are_drawn() -> None:
    source, there = Screen(), Foreign()
    source.feed("\x1b[1;31mred\x1b[m 漢字 e\u0301 👨‍👩‍👧\r\n".encode())
    source.feed(b"\x1b[48;2;1;2;3m\x1b[K\x1b[m\r\n\x1b[4:3;7mwave\x1b[m")
    there.show(source)
    assert picture(there.screen) == picture(source)


def test_only_what_changed_is_sent() -> None:
    source, there = Screen(), Foreign()
    source.feed(b"".join(b"\x1b[%d;1Hrow %d of many" % (row, row) for row in range(1, 25)))
    there.show(source)
    source.feed(b"\x1b[7;1Hseventh")
    sent = there.drawing.draw(source)
    there.screen.feed(sent)
    assert b"seventh" in sent and b"row 8" not in sent
    assert picture(there.screen) == picture(source)


def test_lines_that_scroll_off_go_into_the_terminals_own_scrollback_once() -> None:
    source, there = Screen(rows=23), Foreign(has_foot=True)
    for number in range(MOST_LINES + 300):
        source.feed(b"old %d\r\n" % number)
    there.show(source, "the foot")
    for number in range(300):
        source.feed(b"line %d\r\n" % number)
        if number % 40 == 0:
            there.show(source, "the foot")
    there.show(source, "the foot")
    lines = there.screen.contents().split("\n")
    assert lines[:2] == ["mine", "$ moorage console"]
    assert lines[-1] == "the foot"
    assert [line for line in lines if line.startswith("line")] == [f"line {number}" for number in range(300)]
    old = [int(line[4:]) for line in lines if line.startswith("old")]
    assert old == list(range(old[0], MOST_LINES + 300)) and len(old) >= MOST_LINES
    assert "the foot" not in lines[:-1]


def lines_of(there: Foreign) -> list[int]:
    return [int(line[5:]) for line in there.screen.contents().split("\n") if line.startswith("line ")]


def test_lines_scroll_off_once_too_where_as_many_are_kept_as_may_be() -> None:
    source, there = Screen(rows=23, scrollback_lines=1500), Foreign(has_foot=True)
    there.show(source)
    for number in range(4000):
        source.feed(b"line %d\r\n" % number)
        if number % 40 == 0:
            there.show(source)
    there.show(source)
    assert source.scroll.total < 4000
    assert lines_of(there) == list(range(4000))


def test_of_a_flood_between_two_pictures_the_last_lines_scroll_off() -> None:
    """Also where the last one that was drawn is not kept any more."""
    source, there = Screen(rows=23, scrollback_lines=1500), Foreign(has_foot=True)
    source.feed(b"early\r\n" * 50)
    there.show(source)
    source.feed(b"".join(b"line %d\r\n" % number for number in range(10_000)))
    there.show(source)
    kept = min(MOST_LINES + 23, source.scroll.total)
    assert lines_of(there) == list(range(10_001 - kept, 10_000))


def test_a_screen_that_became_another_one_goes_on_scrolling_off() -> None:
    source, there = Screen(rows=23), Foreign(has_foot=True)
    source.feed(b"".join(b"line %d\r\n" % number for number in range(100)))
    there.show(source)
    source.restore(source.snapshot())
    there.show(source)
    source.feed(b"".join(b"line %d\r\n" % number for number in range(100, 200)))
    there.show(source)
    source.feed(b"\x1b[3J")
    source.feed(b"".join(b"line %d\r\n" % number for number in range(200, 300)))
    there.show(source)
    assert lines_of(there) == list(range(300))


def test_a_past_that_is_told_again_does_not_scroll_off_again() -> None:
    source, there = Screen(rows=23), Foreign(has_foot=True)
    past = b"".join(b"line %d\r\n" % number for number in range(100))
    source.feed(past)
    there.show(source)
    source.reset()
    source.feed(past + b"".join(b"line %d\r\n" % number for number in range(100, 150)))
    there.show(source)
    source.feed(b"".join(b"line %d\r\n" % number for number in range(150, 200)))
    there.show(source)
    assert lines_of(there) == list(range(200))


def test_the_title_that_the_terminal_had_is_put_aside_and_given_back() -> None:
    source, there = Screen(), Foreign()
    source.feed(b"\x1b]2;the guest's\x07")
    begun, drawn = there.drawing.begin(), there.drawing.draw(source)
    assert begun.index(b"\x1b[22;2t") >= 0 and b"\x1b]2;the guest's\x07" in drawn
    assert b"\x1b[23;2t" in RESTORE
    there.drawing.begin()  # after it was stopped, for one
    assert b"\x1b]2;the guest's\x07" in there.drawing.draw(source)


def test_a_full_screen_program_is_left_without_a_copy_of_what_was_before() -> None:
    source, there = Screen(rows=23), Foreign(has_foot=True)
    source.feed(b"".join(b"line %d\r\n" % number for number in range(100)))
    there.show(source)
    source.feed(b"\x1b[?1049hvi")
    there.show(source)
    source.resize(80, 22)
    there.show(source)
    source.restore(source.snapshot())
    there.show(source)
    source.feed(b"\x1b[?1049l")
    there.show(source)
    assert lines_of(there) == list(range(100))


def test_what_is_drawn_anew_leaves_no_copy_in_the_scrollback() -> None:
    """tmux, for one, keeps a copy of a screen that is erased as a whole."""
    source, there = Screen(rows=23), Foreign(has_foot=True)
    source.feed(b"something")
    for _ in range(3):
        there.drawing.forget()
        sent = there.drawing.draw(source, "the foot")
        there.screen.feed(sent)
        assert b"J" not in sent
    assert there.screen.contents().split("\n").count("the foot") == 1


def test_a_small_terminal_shows_the_part_where_the_cursor_is() -> None:
    source, there = Screen(100, 50), Foreign(20, 6, has_foot=True)
    source.feed(b"".join(b"\x1b[%d;1Hrow %02d %b" % (row, row, b"x" * 90) for row in range(1, 51)))
    source.feed("\x1b[50;30H漢字\x1b[50;32H".encode())
    there.show(source, "a part")
    assert there.lines[-1].strip() == "a part" and len(there.lines) == 6
    cursor = there.screen.changed_rows(full=True) and there.screen.cursor()
    assert cursor is not None and cursor.row == 4 and "字" not in there.lines[3]
    source.feed(b"\x1b[1;1H")
    there.show(source, "a part")
    assert there.lines[:5] == [f"row {row:02d} {'x' * 13}" for row in range(1, 6)]


def test_keys_and_pastes_come_as_the_guest_wants_them_and_the_pointer_where_cells_agree() -> None:
    source, there = Screen(), Foreign()
    source.feed(b"\x1b[?1h\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1049h\x1b]2;htop\x07")
    there.show(source)
    assert [there.screen.mode(mode) for mode in (1, 2004, 1002, 1006, 1049)] == [True, True, True, True, False]
    assert there.screen.title == "htop"
    source.feed(b"\x1b[?1l\x1b[?2004l")
    there.show(source)
    assert [there.screen.mode(mode) for mode in (1, 2004, 1002)] == [False, False, True]
    there.drawing.resize(40, 10)
    there.screen.resize(40, 10)
    there.show(source)
    assert not there.screen.mode(1002)


def test_while_something_else_asks_for_keys_they_are_not_as_the_guest_wants_them() -> None:
    source, there = Screen(), Foreign()
    source.feed(b"\x1b[?1h\x1b[?1000;1006;1004;2004h")
    there.show(source)
    there.screen.feed(there.drawing.rest())
    assert not any(there.screen.mode(mode) for mode in (1, 1000, 1004, 1006, 2004))
    there.show(source)
    assert all(there.screen.mode(mode) for mode in (1, 1000, 1004, 1006, 2004))


def test_wide_characters_in_the_foot_fill_the_row_and_no_more() -> None:
    source, there = Screen(), Foreign(columns=20, has_foot=True)
    there.show(source, "漢" * 8)
    assert there.lines[-1] == "漢" * 8
    there.show(source, "漢" * 12)
    assert there.lines[-1] == "漢" * 10


def test_nothing_is_asked_of_the_terminal() -> None:
    source, there = Screen(), Foreign()
    answers: list[bytes] = []
    there.screen.is_muted, there.screen.on_reply = False, answers.append
    for _, data in zip(range(60), noise(9), strict=False):
        source.feed(data + b"\x1b[6n\x1b[c\x05\x1b[?u\x1bP+q544e\x1b\\")
        sent = there.drawing.draw(source)
        there.screen.feed(sent)
        assert not re.search(rb"\x1b\[[?>]?[\d;]*[cn]", sent)
    assert not answers
