"""A question of `moorage console`, on a screen that stands for the terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from desktop.cli.console_line import Line
from desktop.terminal.screen import Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen(20, 4)
    made.is_muted = True
    made.feed(b"\x1b[?7lone\r\ntwo\r\nthree\r\nfour")
    yield made
    made.close()


def seen(screen: Screen) -> list[str]:
    return [line.rstrip() for line in screen.text().split("\n")]


async def test_a_question_that_is_longer_than_a_row_stands_in_several(screen: Screen) -> None:
    line = Line(screen.feed, "Leave the console? Shells end. (y/n)", (20, 4))
    assert seen(screen) == ["one", "two", "Leave the console? S", "hells end. (y/n)"]
    line.feed(b"yyyyyyyyy")
    assert seen(screen) == ["one", "Leave the console? S", "hells end. (y/n) yyy", "yyyyyy"]
    line.feed(b"\x7f" * 8)
    assert seen(screen)[2:] == ["Leave the console? S", "hells end. (y/n) y"]
    line.draw((10, 3))
    assert seen(screen)[:3] == ["console? S", "hells end.", " (y/n) y"]


async def test_erasing_takes_what_was_typed_and_nothing_of_the_question(screen: Screen) -> None:
    line = Line(screen.feed, "Name:", (20, 4))
    line.feed(b"\x7f\x7f\x7f")
    assert seen(screen)[3] == "Name:"
    line.feed("漢字".encode() + b"\x7f")
    assert seen(screen)[3] == "Name: 漢"
    cursor = screen.changed_rows(full=True) and screen.cursor()
    assert cursor and cursor.column == 8
    line.feed(b"\x7f\x7fx\r")
    assert await line.answer() == "x"


@pytest.mark.parametrize("key", [b"\x1b[A", b"\x1bOB", b"\x1b[1;5C", b"\x1b[<0;3;4M", b"\x1b[200~", b"\x1bb"])
async def test_keys_without_a_character_neither_leave_nor_type(screen: Screen, key: bytes) -> None:
    line = Line(screen.feed, "Name:", (20, 4))
    assert line.feed(b"a" + key + b"b\r" + b"rest") == b"rest"
    assert await line.answer() == "ab"


@pytest.mark.parametrize("key", [b"\x1b", b"\x03", b"\x07"])
async def test_it_is_left_without_an_answer(screen: Screen, key: bytes) -> None:
    line = Line(screen.feed, "Name:", (20, 4))
    assert line.feed(b"a" + key) == b"" and line.is_done
    assert await asyncio.wait_for(line.answer(), 1) is None
