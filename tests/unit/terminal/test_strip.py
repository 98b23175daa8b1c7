"""The filter of raw replays: nothing that is left asks, resets or copies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desktop.terminal.screen import Screen
from desktop.terminal.strip import QueryFilter, strip_queries

KEPT = [
    b"text \xe6\xbc\xa2\r\n\t\x08\x07",
    b"\x1b[1;31mred\x1b[m",
    b"\x1b[2J\x1b[H\x1b[3;4H\x1b[K",
    b"\x1b[?1049h\x1b[?25l\x1b[?2004h",
    b"\x1b7\x1b8\x1b(B\x1bM\x1b[s\x1b[u\x1b[3S",
    b"\x1b[4 q",
    b"\x1b[2 q",
    b"\x1b[>1u\x1b[<u",
    b"\x1b]0;title\x07",
    b"\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\",
    b"\x1b]4;1;rgb:00/00/00\x07",
]
DROPPED = [
    b"\x05",
    b"\x1b[6n",
    b"\x1b[?6n",
    b"\x1b[5n",
    b"\x1b[c",
    b"\x1b[>c",
    b"\x1b[=c",
    b"\x1bZ",
    b"\x1b[?2026$p",
    b"\x1b[20$p",
    b"\x1b[>q",
    b"\x1b[?u",
    b"\x1b[18t",
    b"\x1b[2t",
    b"\x1b[x",
    b"\x1b[!p",
    b"\x1bc",
    b"\x1bP$qm\x1b\\",
    b"\x1bP+q544e\x1b\\",
    b"\x1b]11;?\x07",
    b"\x1b]4;1;?\x1b\\",
    b"\x1b]52;c;ZWNobwo=\x07",
    b"\x1b]777;notify;a;b\x07",
    b"\x1b_Ga=q;\x1b\\",
    b"\x1b^private\x1b\\",
    b"\x1b\x9a",
    b"\x1b[1\x9a",
    b"\x1b[\x7f6n",
    b"\x1b\x7fZ",
]


@pytest.mark.parametrize("sequence", KEPT)
def test_what_only_draws_is_kept(sequence: bytes) -> None:
    assert strip_queries(sequence) == sequence


@pytest.mark.parametrize("sequence", DROPPED)
def test_what_asks_or_resets_is_dropped(sequence: bytes) -> None:
    assert strip_queries(b"a" + sequence + b"b") == b"ab"


@given(some.lists(some.sampled_from(KEPT + DROPPED), max_size=12), some.integers(1, 9))
def test_it_does_not_matter_how_the_stream_is_cut(parts: list[bytes], step: int) -> None:
    stream = b"".join(parts)
    cut = QueryFilter()
    assert b"".join(cut.feed(stream[at : at + step]) for at in range(0, len(stream), step)) == strip_queries(stream)


@given(some.lists(some.one_of(some.sampled_from(KEPT + DROPPED), some.binary(max_size=6)), max_size=30))
def test_a_terminal_never_answers_what_is_left(parts: list[bytes]) -> None:
    screen, replies = Screen(20, 5), []
    screen.on_reply = replies.append
    screen.feed(strip_queries(b"".join(parts)))
    screen.close()
    assert replies == []


def test_a_control_character_within_a_sequence_is_obeyed_as_terminals_do() -> None:
    assert strip_queries(b"\x1b[3\n1m") == b"\n\x1b[31m"
    assert strip_queries(b"\x1b[3\x181m") == b"1m"


def test_a_string_that_is_too_long_is_dropped_up_to_its_end() -> None:
    cut = QueryFilter()
    assert cut.feed(b"\x1b]0;") == b""
    for _ in range(20):
        assert cut.feed(b"x" * 10_000) == b""
    assert cut.feed(b"\x07after") == b"after"
