"""A screen rebuilt in a foreign terminal looks, and goes on, as the one that it came from."""

from __future__ import annotations

import pytest

from desktop.terminal.cells import PLAIN, Glyph, Style
from desktop.terminal.foreign import RESTORE
from desktop.terminal.replay import as_vt
from desktop.terminal.screen import Screen

SHELL = (
    b"".join(b"line %d \x1b[3%dmcolour\x1b[m\r\n" % (n, n % 8) for n in range(30))
    + "漢e\u0301👨\u200d👩\u200d👧x ".encode()
    + b"a" * 50
    + b"\x1b[2;5r\x1b[3;4H\x1b[1;31;44m"
)
EDITOR = (
    b"\x1b[?1049h\x1b[2J\x1b[2;3Hedit \x1b[7mstatus\x1b[m\x1b[44m wide \x1b[m\x1b[?1h\x1b[?1002h\x1b[?1006h\x1b[4;4H"
)
INSERTING = "漢abc\x1b[2;1H\x1b[4:3;58;5;9mcurly\x1b[m\x1b[4h\x1b[?6h\x1b[1;2H".encode()
MODES = (1, 7, 25, 1002, 1006, 1049, 2004)


def screen_of(*parts: bytes, rows: int = 6) -> Screen:
    screen = Screen(40, rows)
    for part in parts:
        screen.feed(part)
    return screen


def look(screen: Screen) -> list[dict[int, tuple[str, Style]]]:
    """What is seen in each cell. A blank on a colour, or a cell of nothing but the colour, are the same."""
    return [dict(cell for run in row.runs for cell in cells_of(*run)) for row in screen.changed_rows(full=True)]


def cells_of(x: int, cells: int, text: str, style: Style) -> list[tuple[int, tuple[str, Style]]]:
    if isinstance(text, Glyph):
        return [(x, (text, style))]
    return [(x + at, (char, style)) for at, char in enumerate(text or " " * cells) if char != " " or style != PLAIN]


@pytest.mark.parametrize("rows", [6, 11])
@pytest.mark.parametrize(
    "parts", [(SHELL,), (SHELL, EDITOR), (b"$ ",), (EDITOR,), (INSERTING,), (SHELL, b"\x1b[?1047hold style")]
)
def test_the_picture_cursor_and_modes_are_the_same(parts: tuple[bytes, ...], rows: int) -> None:
    here, there = screen_of(*parts), screen_of(b"mine\r\n$ moorage console\r\n", rows=rows)
    there.feed(as_vt(here, viewer_rows=rows))
    for ending in (b"", b"X", b"\x1b[?1049l\x1b[?1047l"):
        here.feed(ending)
        there.feed(ending)
        assert look(there)[:6] == look(here)
        assert there.cursor() == here.cursor()
        assert [there.mode(mode) for mode in MODES] == [here.mode(mode) for mode in MODES]
    here.close()
    there.close()


def test_scrollback_comes_first_and_what_was_there_is_not_lost() -> None:
    here, there = screen_of(SHELL), screen_of(b"mine\r\n$ moorage console\r\n", rows=11)
    there.feed(as_vt(here, limit_lines=10, viewer_rows=11))
    lines = there.contents().split("\n")
    assert lines[:2] == ["mine", "$ moorage console"]
    history = [line for line in lines if line.startswith("line ")]
    assert history == [f"line {number} colour" for number in range(16, 30)]
    here.close()
    there.close()


def test_a_sequence_that_is_under_way_goes_on() -> None:
    here, there = screen_of(b"abc\x1b[3"), screen_of(b"")
    there.feed(as_vt(here))
    for each in (here, there):
        each.feed(b"1mred")
    assert there.changed_rows(full=True) == here.changed_rows(full=True)
    here.close()
    there.close()


def test_it_asks_the_terminal_nothing() -> None:
    here, there = screen_of(SHELL, b"\x1b[6n\x1b[c", EDITOR), screen_of(b"")
    replies: list[bytes] = []
    there.on_reply = replies.append
    there.feed(as_vt(here))
    assert replies == []
    here.close()
    there.close()


def test_leaving_restores_what_the_guest_has_set() -> None:
    there = screen_of(SHELL, EDITOR, b"\x1b[?25l\x1b[?2004h\x1b[>1u\x1b[5 q\x1b[?7l\x1b]half a string")
    there.feed(RESTORE)
    assert [there.mode(mode) for mode in (1, 7, 25, 1002, 1006, 2004)] == [False, True, True, False, False, False]
    assert not there.is_alternate
    there.feed(b"\x1b[6;1H\r\n\r\nplain")
    assert "plain" in there.text()
    there.close()
