"""The allow-list of what a terminal may answer."""

from __future__ import annotations

import pytest

from desktop.terminal.replies import MAX_REPLIES_PER_S, ReplyGate, are_allowed, is_allowed


@pytest.mark.parametrize(
    "reply",
    [
        b"\x1b[24;80R",
        b"\x1b[0n",
        b"\x1b[?62;22c",
        b"\x1b[>1;0;0c",
        b"\x1bP!|00000000\x1b\\",
        b"\x1b[?2004;2$y",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b[?0u",
        b"\x1b]11;rgb:1414/1414/1414\x07",
        b"\x1bP>|libghostty\x1b\\",
        b"\x1b[?997;1n",
    ],
)
def test_answers_of_known_shapes_pass(reply: bytes) -> None:
    assert is_allowed(reply) and are_allowed(reply) and are_allowed(reply + b"\x1b[0n" + reply)


@pytest.mark.parametrize(
    "reply",
    [
        b"\x1b]lrm -rf /\x1b\\",
        b"\x1b]52;c;ZWNobwo=\x07",
        b"ls\r",
        b"\x1b[24;80R\r",
        b"\x1bP1$rrm -rf /\r\x1b\\",
        b"\x1b[" + b"1" * 80 + b";1R",
        b"",
    ],
)
def test_anything_else_does_not(reply: bytes) -> None:
    assert not is_allowed(reply) and (not reply or not are_allowed(b"\x1b[0n" + reply))


def test_a_flood_of_answers_is_cut_off_and_ends_with_its_second() -> None:
    now_s = 5.0
    gate = ReplyGate(clock=lambda: now_s)
    assert sum(gate.passes(b"\x1b[0n") for _ in range(500)) == MAX_REPLIES_PER_S
    now_s = 6.5
    assert gate.passes(b"\x1b[0n")
