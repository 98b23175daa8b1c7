"""What the guest gets for keys, mouse and paste."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.terminal.keys import (
    ALT,
    CTRL,
    LEFT,
    MOTION,
    PRESS,
    RELEASE,
    SHIFT,
    WHEEL_DOWN,
    WHEEL_UP,
    KeyEncoder,
    MouseEncoder,
    encode_paste,
    is_paste_safe,
)
from desktop.terminal.screen import Screen


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen(80, 24)
    yield screen
    screen.close()


@pytest.mark.parametrize(
    ("key", "sent"),
    [
        (("A", 0, "a", "a"), b"a"),
        (("A", SHIFT, "A", "a"), b"A"),
        (("UNIDENTIFIED", 0, "é"), "é".encode()),
        (("UNIDENTIFIED", 0, "漢字"), "漢字".encode()),
        (("C", CTRL, "\x03", "c"), b"\x03"),
        (("C", CTRL, "", "с"), b"\x03"),  # on a Cyrillic layout
        (("BRACKET_LEFT", CTRL, "[", "["), b"\x1b"),
        (("I", CTRL, "i", "i"), b"\t"),
        (("M", CTRL, "m", "m"), b"\r"),
        (("DIGIT_2", CTRL | SHIFT, "@", "2"), b"\0"),
        (("MINUS", CTRL | SHIFT, "_", "-"), b"\x1f"),
        (("SPACE", CTRL, " ", " "), b"\0"),
        (("A", CTRL | SHIFT, "A", "a"), b"\x01"),
        (("ENTER", CTRL, "", ""), b"\r"),
        (("X", ALT, "x", "x"), b"\x1bx"),
        (("C", CTRL | ALT, "c", "c"), b"\x1b\x03"),
        (("ENTER",), b"\r"),
        (("BACKSPACE",), b"\x7f"),
        (("TAB", SHIFT), b"\x1b[Z"),
        (("ESCAPE",), b"\x1b"),
        (("ARROW_UP",), b"\x1b[A"),
        (("ARROW_UP", CTRL), b"\x1b[1;5A"),
        (("DELETE",), b"\x1b[3~"),
        (("F5", SHIFT), b"\x1b[15;2~"),
        (("NUMPAD_5", 0, "5", "5"), b"5"),
        (("CONTROL_LEFT", CTRL), b""),
    ],
)
def test_keys_send_what_a_shell_on_a_serial_line_knows(screen: Screen, key: tuple[str, int], sent: bytes) -> None:
    assert KeyEncoder(screen).encode(*key) == sent


def test_cursor_keys_follow_the_application_mode(screen: Screen) -> None:
    screen.feed(b"\x1b[?1h")
    assert KeyEncoder(screen).encode("ARROW_UP") == b"\x1bOA"


def test_a_guest_that_asks_for_it_can_tell_ctrl_i_from_tab(screen: Screen) -> None:
    screen.feed(b"\x1b[>1u")
    assert KeyEncoder(screen).encode("I", CTRL, "i", "i") == b"\x1b[105;5u"


def test_the_mouse_is_reported_only_where_it_was_asked_for(screen: Screen) -> None:
    mouse = MouseEncoder(screen)
    mouse.set_cell_size(8, 16)
    assert not screen.wants_mouse
    assert mouse.encode(PRESS, LEFT, 20, 40) == b""
    screen.feed(b"\x1b[?1002h\x1b[?1006h")
    assert screen.wants_mouse
    assert mouse.encode(PRESS, LEFT, 20, 40) == b"\x1b[<0;3;3M"
    assert mouse.encode(MOTION, LEFT, 44, 40, is_pressed=True) == b"\x1b[<32;6;3M"
    assert mouse.encode(MOTION, LEFT, 45, 40, is_pressed=True) == b""
    assert mouse.encode(RELEASE, LEFT, 44, 40) == b"\x1b[<0;6;3m"
    assert mouse.encode(PRESS, WHEEL_UP, 0, 0) == b"\x1b[<64;1;1M"
    assert mouse.encode(PRESS, WHEEL_DOWN, 0, 0, CTRL) == b"\x1b[<81;1;1M"
    assert mouse.encode(MOTION, 0, 20, 40) == b""


@pytest.mark.parametrize(
    ("text", "bare", "bracketed"),
    [
        ("ls -l", True, True),
        ("ls\n", False, True),
        ("ls\rrm", False, True),
        ("a\x1b[201~;id\n", False, False),
    ],
)
def test_a_paste_is_safe_only_if_it_cannot_run_by_itself(text: str, bare: bool, bracketed: bool) -> None:
    assert (is_paste_safe(text, False), is_paste_safe(text, True)) == (bare, bracketed)


def test_a_paste_is_sent_as_typed_or_between_marks() -> None:
    assert encode_paste("a\r\nb\nc", False) == b"a\rb\rc"
    assert encode_paste("a\nb", True) == b"\x1b[200~a\nb\x1b[201~"


@pytest.mark.parametrize("is_bracketed", [False, True])
def test_a_paste_cannot_carry_escapes(is_bracketed: bool) -> None:
    sent = encode_paste("x\x1b[201~\x1b]2;t\x07\0y", is_bracketed)
    assert sent.removeprefix(b"\x1b[200~").removesuffix(b"\x1b[201~").find(b"\x1b") == -1
