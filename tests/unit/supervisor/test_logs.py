"""Last lines of a log for a user's eyes, and logs that do not grow without end."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from desktop.supervisor import logs


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "console.log"


def test_tail_is_the_last_lines_without_empty_ones(path: Path) -> None:
    path.write_bytes(b"one\r\n\r\ntwo\r\nthree\r\n\n")
    assert logs.tail(path, 2) == "two\nthree"


def test_tail_is_free_of_terminal_codes_and_shows_what_is_left(path: Path) -> None:
    path.write_bytes(b"\x1b[31mred\x1b[0m \x1b]0;title\x07plain \x1b[6n\x00 \xff")
    assert logs.tail(path) == "red plain <U+0000> \N{REPLACEMENT CHARACTER}"


def test_tail_of_a_vm_begins_where_its_lines_begin(path: Path) -> None:
    path.write_bytes(b"of an earlier boot\n")
    start = logs.size(path)
    assert logs.tail(path, start=start) == ""
    with path.open("ab") as log:
        log.write(b"of this one\n")
    assert logs.tail(path, start=start) == "of this one"


def test_tail_of_a_log_that_was_emptied_meanwhile_is_all_of_it(path: Path) -> None:
    path.write_bytes(b"new\n")
    assert logs.tail(path, start=1000) == "new"


def test_tail_of_a_huge_line_is_cut(path: Path) -> None:
    path.write_bytes(b"x" * 1_000_000)
    assert len(logs.tail(path)) <= logs.LINE_CHARS


def test_missing_log_has_no_lines(path: Path) -> None:
    assert logs.tail(path) == ""
    assert logs.size(path) == 0
    logs.rotate(path)


def test_long_log_keeps_its_end_aside_and_its_writer_goes_on(path: Path) -> None:
    writer = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(writer, b"a" * 100 + b"b" * 100)
    logs.rotate(path, 100)
    os.write(writer, b"after")
    os.close(writer)
    older = path.with_name("console.log.1")
    assert path.read_bytes() == b"after"
    assert older.read_bytes() == b"b" * 100
    assert stat.S_IMODE(older.stat().st_mode) == 0o600


def test_what_is_written_while_a_log_is_put_aside_is_kept(path: Path) -> None:
    """A pipe stands in the older part's place: what is put aside waits there until it is read."""
    path.write_bytes(b"a" * 200_000)
    older = path.with_name("console.log.1")
    os.mkfifo(older)
    rotating = threading.Thread(target=logs.rotate, args=(path, 100_000))
    rotating.start()
    with older.open("rb") as kept:
        first = kept.read(1)
        with path.open("ab") as log:
            log.write(b"meanwhile")
        assert first + kept.read() == b"a" * 100_000 + b"meanwhile"
    rotating.join()
    assert path.read_bytes() == b""


def test_short_log_is_left_alone(path: Path) -> None:
    path.write_bytes(b"short")
    logs.rotate(path, 100)
    assert path.read_bytes() == b"short"
