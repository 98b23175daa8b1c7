"""Selecting by character, word, line and block."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.terminal.screen import Screen
from desktop.terminal.selection import SelectionGesture

WIDTH, HEIGHT = 8, 16
SECOND_NS = 10**9


class Mouse:
    """Clicks in the middle of cells, a second apart where it is not said otherwise."""

    def __init__(self, screen: Screen) -> None:
        self.gesture = SelectionGesture(screen)
        self.gesture.set_cell_size(WIDTH, HEIGHT)
        self.now_ns = 0

    def press(self, column: int, row: int, after_ns: int = SECOND_NS) -> None:
        self.now_ns += after_ns
        self.gesture.press(*self.at(column, row), self.now_ns)

    def drag(self, column: int, row: int, as_block: bool = False) -> None:
        x, y = self.at(column, row)
        self.gesture.drag(x + WIDTH / 2 - 1, y, as_block)

    def click(self, column: int, row: int, times: int) -> None:
        for number in range(times):
            self.press(column, row, SECOND_NS if number == 0 else 1000)
            self.gesture.release(*self.at(column, row))

    def at(self, column: int, row: int) -> tuple[float, float]:
        return (column + 0.5) * WIDTH, (row + 0.5) * HEIGHT


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen(20, 4)
    screen.feed(b"hello brave world\r\nsecond line\r\nthird")
    yield screen
    screen.close()


@pytest.fixture
def mouse(screen: Screen) -> Iterator[Mouse]:
    mouse = Mouse(screen)
    yield mouse
    mouse.gesture.close()


def test_a_click_alone_selects_nothing(screen: Screen, mouse: Mouse) -> None:
    mouse.click(3, 0, times=1)
    assert screen.selected_text() == ""


def test_a_drag_selects_the_characters_between(screen: Screen, mouse: Mouse) -> None:
    mouse.press(6, 0)
    mouse.drag(10, 0)
    assert screen.selected_text() == "brave"
    mouse.drag(5, 1)
    assert screen.selected_text() == "brave world\nsecond"
    assert [row.selected for row in screen.changed_rows()] == [(6, 19), (0, 5), None, None]


def test_two_clicks_select_a_word_and_three_a_line(screen: Screen, mouse: Mouse) -> None:
    mouse.click(8, 0, times=2)
    assert screen.selected_text() == "brave"
    mouse.click(8, 0, times=3)
    assert screen.selected_text() == "hello brave world"


def test_a_drag_after_two_clicks_goes_on_by_words(screen: Screen, mouse: Mouse) -> None:
    mouse.click(8, 0, times=1)
    mouse.press(8, 0, after_ns=1000)
    mouse.drag(2, 1)
    assert screen.selected_text() == "brave world\nsecond"


def test_a_block_takes_the_same_columns_of_each_line(screen: Screen, mouse: Mouse) -> None:
    mouse.press(1, 0)
    mouse.drag(3, 2, as_block=True)
    assert screen.selected_text() == "ell\neco\nhir"


@pytest.mark.parametrize(
    ("begin", "end", "as_block", "text"),
    [
        ((1, 0), (2, 2), True, "漢\nd漢\ngh"), ((2, 0), (3, 2), True, "漢b\n漢\nhi"),
        ((1, 0), (2, 0), False, "漢"), ((2, 0), (2, 1), False, "漢b\ncd漢"),
    ],
)  # fmt: skip
def test_a_wide_character_is_copied_whole_where_half_of_it_is_selected(
    screen: Screen, mouse: Mouse, begin: tuple[int, int], end: tuple[int, int], as_block: bool, text: str
) -> None:
    screen.feed("\x1b[2J\x1b[Ha漢b\r\ncd漢e\r\nfghij".encode())
    mouse.press(*begin)
    mouse.drag(*end, as_block=as_block)
    assert screen.selected_text() == text


@pytest.mark.parametrize("text", ["漢字 e\u0301👨\u200d👩\u200d👧x", "👍🏽 ok"])
def test_clusters_are_copied_as_they_were_printed(screen: Screen, text: str) -> None:
    screen.feed(f"\x1b[2J\x1b[H{text}".encode())
    screen.select_all()
    assert screen.selected_text() == text


def test_a_drag_beyond_the_edges_stays_on_the_screen(screen: Screen, mouse: Mouse) -> None:
    mouse.press(2, 1)
    mouse.gesture.drag(9999, 9999)
    assert screen.selected_text() == "cond line\nthird"
    mouse.gesture.drag(-9999, -9999)
    assert screen.selected_text().startswith("hello brave world\n")


def test_lines_that_wrapped_are_copied_as_one(mouse: Mouse, screen: Screen) -> None:
    screen.feed(b"\x1b[2J\x1b[H" + b"0123456789" * 3)
    screen.select_all()
    assert screen.selected_text() == "0123456789" * 3
    screen.clear_selection()
    assert screen.selected_text() == ""


def test_the_gesture_can_be_closed_twice_and_amid_a_drag(mouse: Mouse) -> None:
    mouse.press(2, 1)
    mouse.gesture.close()
    mouse.gesture.close()
