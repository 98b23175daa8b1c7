"""Bytes of a log to lines, however they are cut."""

from __future__ import annotations

import struct

import pytest

from desktop.core.container_log import Source
from desktop.engine.errors import EngineGone
from desktop.engine.log_lines import LINE_LIMIT, LogLines, seconds_of

STAMP = "2026-01-02T03:04:05.000000678Z"


def frame(kind: int, text: bytes) -> bytes:
    return struct.pack(">BxxxL", kind, len(text)) + text


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
def test_frames_are_told_apart_wherever_they_are_cut(step: int) -> None:
    data = frame(1, f"{STAMP} one\n".encode()) + frame(2, f"{STAMP} zwei ä\n".encode()) + frame(1, b"plain\n")
    lines = LogLines(has_terminal=False)
    found = [line for at in range(0, len(data), step) for line in lines.feed(data[at : at + step])]
    assert [(line.source, line.text) for line in found] == [
        (Source.STDOUT, "one"), (Source.STDERR, "zwei ä"), (Source.STDOUT, "plain")
    ]  # fmt: skip
    assert {line.stamp for line in found} == {STAMP}


def test_terminal_has_no_frames() -> None:
    lines = LogLines(has_terminal=True)
    found = lines.feed(f"{STAMP} a\r\n{STAMP} $ ".encode())
    assert [line.text for line in found] == ["a\r"]
    assert [line.text for line in lines.rest()] == ["$ "]


def test_pieces_of_a_long_line_are_one_line_without_moments_in_it() -> None:
    lines = LogLines(has_terminal=False)
    assert lines.feed(frame(1, f"{STAMP} begin".encode())) == []
    (line,) = lines.feed(frame(1, f"{STAMP}  end\n".encode()))
    assert line.text == "begin end"


def test_endless_line_is_cut_and_not_kept() -> None:
    lines = LogLines(has_terminal=True)
    found = lines.feed(b"x" * (LINE_LIMIT * 3 + 5))
    assert [len(line.text) for line in found] == [LINE_LIMIT] * 3


@pytest.mark.parametrize("garbage", [b"HTTP/1.1 500 no log at all", frame(9, b"x"), b"\x01\0\0\0\xff\xff\xff\xff"])
def test_garbage_is_no_log(garbage: bytes) -> None:
    with pytest.raises(EngineGone):
        LogLines(has_terminal=False).feed(garbage)


def test_bytes_that_are_no_text_are_shown() -> None:
    (line,) = LogLines(has_terminal=True).feed(b"\xff\xfe a\x00\n")
    assert line.text == "\ufffd\ufffd a\x00"


def test_moment_as_the_engine_takes_it() -> None:
    assert seconds_of(STAMP) == "1767323045.000000678"
    assert seconds_of("2026-01-02T03:04:05Z") == "1767323045.000000000"
    assert seconds_of("") == ""


def test_a_moment_that_is_in_no_calendar_is_no_answer() -> None:
    """Its reader would end without a word."""
    with pytest.raises(EngineGone):
        seconds_of("2026-99-99T99:99:99Z")
