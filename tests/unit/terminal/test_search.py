"""Finding text in a screen of the real library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.terminal.screen import Screen
from desktop.terminal.search import Match, Search


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen(40, 10)
    yield made
    made.close()


@pytest.fixture
def search(screen: Screen) -> Iterator[Search]:
    made = Search(screen)
    yield made
    made.close()


def look(search: Search, text: str) -> int:
    search.look_for(text)
    while search.work(0.01):
        pass
    return search.total


def test_screen_and_scrollback_are_searched_whatever_the_case(screen: Screen, search: Search) -> None:
    screen.feed(b"".join(b"line %d needle%d\r\n" % (number, number % 7) for number in range(700)))
    assert look(search, "NEEDLE3") == 100
    assert look(search, "no such") == 0
    assert (search.index, search.in_view()) == (None, [])


def test_a_search_of_much_goes_in_steps(screen: Screen, search: Search) -> None:
    screen.feed(b"needle\r\n" * 9_000)
    search.look_for("needle")
    steps = 1
    while search.work(0.0):
        steps += 1
    assert steps > 1 and search.total == 9_000


def test_going_on_moves_the_viewport_from_the_newest_to_older_ones_and_round(screen: Screen, search: Search) -> None:
    screen.feed(b"needle old" + b"\r\n" * 50 + b"needle new")
    assert look(search, "needle") == 2
    search.go(older=True)
    assert (search.index, search.in_view()) == (0, [Match(9, 0, 5, True)])
    search.go(older=True)
    assert search.index == 1 and "needle old" in screen.text()
    search.go(older=True)
    assert search.index == 0 and "needle new" in screen.text()


def test_only_what_is_in_view_is_marked(screen: Screen, search: Search) -> None:
    screen.feed(b"needle\r\n" * 100)
    assert look(search, "needle") == 100
    assert search.in_view() == [Match(row, 0, 5, False) for row in range(9)]


def test_one_that_goes_over_the_lines_end_is_marked_on_both_lines(screen: Screen, search: Search) -> None:
    screen.feed(b"x" * 37 + b"needle")
    assert look(search, "needle") == 1
    assert search.in_view() == [Match(0, 37, 39, False), Match(1, 0, 2, False)]


def test_wide_characters_are_marked_whole(screen: Screen, search: Search) -> None:
    screen.feed("中文 and 中文".encode())
    assert look(search, "中文") == 2
    assert search.in_view() == [Match(0, 0, 3, False), Match(0, 9, 12, False)]


def test_what_is_printed_later_is_found_too_and_what_is_cleared_is_not(screen: Screen, search: Search) -> None:
    look(search, "needle")
    screen.feed(b"needle needle")
    search.follow()
    search.work(1)
    assert search.total == 2
    screen.feed(b"\x1b[H\x1b[2J")
    search.follow()
    search.work(1)
    assert (search.total, search.in_view()) == (0, [])


def test_a_search_outlives_resize_and_the_other_screen(screen: Screen, search: Search) -> None:
    screen.feed(b"needle\r\n" * 30)
    look(search, "needle")
    for change in (lambda: screen.resize(7, 3), lambda: screen.feed(b"\x1b[?1049h"), lambda: screen.resize(80, 24)):
        change()
        search.follow()
        search.work(1)
        search.in_view()
    screen.feed(b"\x1b[?1049l")
    search.follow()
    search.work(1)
    assert search.total == 30
