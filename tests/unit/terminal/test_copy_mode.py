"""Copy mode over a screen of the real library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.terminal.copy_mode import END, PAGE_UP, UP, CopyMode, CopyWish
from desktop.terminal.foreign import RESTORE
from desktop.terminal.screen import Screen
from desktop.terminal.sgr import row_as_vt, selection_as_vt


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen(20, 5)
    made.feed("".join(f"line {number} 漢 Needle{number % 7}\r\n" for number in range(30)).encode() + b"prompt")
    made.changed_rows(full=True)
    yield made
    made.close()


def test_it_begins_at_the_cursor_and_stays_within_the_lines_there_are(screen: Screen) -> None:
    mode = CopyMode(screen)
    assert (mode.column, mode.line, mode.row) == (6, 30, 4)
    for key in ("j", "G", "0", "h", PAGE_UP):
        assert mode.obey(key) is None
    assert (mode.column, mode.line, screen.scroll.first) == (0, 25, 25)
    mode.obey("g")
    mode.obey(UP)
    assert (mode.line, screen.scroll.first) == (0, 0)


def test_the_ends_of_a_line_are_those_of_its_text(screen: Screen) -> None:
    screen.feed(b"\x1b[H\x1b[2J   indented \xe6\xbc\xa2  \r\n")
    screen.changed_rows(full=True)
    mode, seen = CopyMode(screen), []
    for key in ("$", UP, "$", "^", "0"):
        mode.obey(key)
        seen.append(mode.column)
    assert seen == [0, 0, 12, 3, 0]


@pytest.mark.parametrize("second", [" ", "\r"])
def test_the_first_mark_begins_and_the_second_copies_in_either_direction(screen: Screen, second: str) -> None:
    mode = CopyMode(screen)
    mode.obey(UP)
    mode.obey(END)
    mode.obey(" ")
    mode.obey(UP)
    mode.obey("0")
    assert mode.obey(second) is CopyWish.COPY
    assert screen.selected_text() == "line 28 漢 Needle0\nline 29 漢 Needle1"


def test_words_are_found_to_both_sides_round_and_round_whatever_the_case(screen: Screen) -> None:
    mode, seen = CopyMode(screen), []
    for older in (True, True, False, False, False):
        assert mode.find("needle3", older)
        seen.append((mode.column, mode.line))
    assert seen == [(11, 24), (11, 17), (11, 24), (10, 3), (11, 10)]
    assert not mode.find("nowhere", older=True)
    assert (mode.column, mode.line) == (11, 10)


def test_a_word_that_comes_twice_in_a_line_is_gone_to_twice(screen: Screen) -> None:
    screen.feed(b"\x1b[H\x1b[2Jtwice twice")
    screen.changed_rows(full=True)
    mode = CopyMode(screen)
    columns = [(mode.find("twice", older=True), mode.column)[1] for _ in range(3)]
    assert columns == [6, 0, 6]


def test_a_selection_is_drawn_in_reverse_blanks_and_wide_characters_too(screen: Screen) -> None:
    screen.feed("\x1b[H\x1b[2Jab\x1b[31m漢\x1b[m  c".encode())
    screen.select((1, screen.scroll.first), (9, screen.scroll.first))
    (row,) = [row for row in screen.changed_rows(full=True) if row.selected]
    there = Screen(20, 5)
    there.feed(row_as_vt(row) + selection_as_vt(row))
    runs = there.changed_rows(full=True)[0].runs
    assert "".join(text for _, _, text, style in runs if style.inverse) == "b漢  c   "
    assert there.text().rstrip() == "ab漢  c"
    there.close()


@pytest.mark.parametrize("size", [(6, 3), (60, 20)])
def test_a_mark_lives_through_another_size(screen: Screen, size: tuple[int, int]) -> None:
    mode = CopyMode(screen)
    mode.obey(" ")
    screen.resize(*size)
    mode.go(mode.column, mode.line)
    mode.obey("g")
    mode.obey(END)
    assert mode.obey(" ") is CopyWish.COPY
    assert screen.selected_text()


def test_a_copy_is_a_screen_of_its_own(screen: Screen) -> None:
    screen.scroll_to(4)
    copy = screen.copy()
    screen.feed(b"\x1bc")
    assert (copy.scroll.first, copy.text().split("\n")[0]) == (4, "line 4 漢 Needle4")
    copy.close()


def test_a_copy_of_a_full_scrollback_has_all_its_lines_and_shows_the_same() -> None:
    screen = Screen(80, 24)
    screen.feed(b"".join(b"%d\r\n" % number for number in range(15_000)))
    screen.scroll_to(3000)
    copy = screen.copy()
    assert (copy.scroll, copy.text()) == (screen.scroll, screen.text())
    copy.close()
    screen.close()


@pytest.mark.parametrize("before", [b"", b"\x1b[?1049h"])
def test_a_terminal_that_is_given_back_goes_on_where_it_was(before: bytes) -> None:
    there = Screen(20, 5)
    there.feed(b"one\r\ntwo" + before + RESTORE + b"!")
    assert there.text().rstrip() == "one\ntwo!"
    there.close()
