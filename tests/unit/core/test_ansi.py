"""Colours are kept, and nothing else that a sequence could do."""

from __future__ import annotations

import pytest

from desktop.core.ansi import PLAIN, TEXT_LIMIT, Look, pieces


def read(text: str) -> str:
    return "".join(part for part, _ in pieces(text)[0])


def test_colours_and_weight_are_taken_and_go_on() -> None:
    found, after = pieces("a\x1b[1;31mb\x1b[38;5;200;48;2;1;2;3mc")
    assert found == [
        ("a", PLAIN),
        ("b", Look(foreground=1, is_bold=True)),
        ("c", Look(foreground=200, background=(1, 2, 3), is_bold=True)),
    ]
    assert pieces("d\x1b[me", after)[0] == [("d", after), ("e", PLAIN)]
    assert pieces("\x1b[97;100mx\x1b[39;49my")[0] == [("x", Look(15, 8)), ("y", PLAIN)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b]0;title\x07a\x1b]8;;https://example.com\x1b\\b", "ab"),
        ("10 %\r50 %\r100 %\r", "100 %"),
        ("\x00\x07\x9b", "<U+0000><U+0007><U+009B>"),
        ("\u202egnp.exe", "<U+202E>gnp.exe"),
        ("tab\there", "tab\there"),
        ("cut \x1b[", "cut "),
        ("\x1b[999999999999;38;5mx", "x"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ],
)
def test_what_is_left_to_read(text: str, shown: str) -> None:
    assert read(text) == shown


def test_line_has_an_end() -> None:
    assert len(read("x" * 100_000)) == TEXT_LIMIT
    assert len(read("\x1b[31mab" * 100_000)) <= TEXT_LIMIT
