"""The console's log and QEMU's spare copy of it: what is put aside, what is found again, and what is told apart."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from desktop.supervisor.console_log import MARK, ConsoleLog
from desktop.supervisor.ring import Ring
from desktop.supervisor.spare import Spare, length_of_known


@pytest.fixture
def log(tmp_path: Path) -> ConsoleLog:
    return ConsoleLog(tmp_path / "console.log", tmp_path / "console.spare")


def write(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_what_was_read_and_logged_is_not_taken_again(log: ConsoleLog, tmp_path: Path) -> None:
    log.mark_power_on()
    log.append(b"booted\r\n")
    write(tmp_path / "console.spare", b"booted\r\nunread\r\n")
    assert log.take_unread() == b"unread\r\n"
    assert log.take_unread() == b""
    assert log.since_power_on(1000) == b"booted\r\nunread\r\n"


def test_the_same_words_printed_twice_are_two(log: ConsoleLog, tmp_path: Path) -> None:
    log.mark_power_on()
    log.append(b"# \r\n")
    log.empty_spare()
    write(tmp_path / "console.spare", b"# \r\n")
    assert log.take_unread() == b"# \r\n"


def test_bytes_that_qemu_wrote_twice_are_known_again(log: ConsoleLog, tmp_path: Path) -> None:
    printed = b"".join(b"line %d\r\n" % number for number in range(2000))
    log.mark_power_on()
    log.append(printed)
    doubled = b"".join(printed[at : at + 277] + printed[at + 276 : at + 277] for at in range(0, len(printed), 277))
    write(tmp_path / "console.spare", doubled.removesuffix(printed[-1:]) + b"unread")
    assert log.take_unread() == b"unread"


@given(some.binary(max_size=2000), some.lists(some.integers(0, 1999), max_size=30), some.binary(max_size=50))
def test_doubled_bytes_never_hide_what_is_new(known: bytes, doubled: list[int], new: bytes) -> None:
    """Where a byte was followed by its like already, nobody can tell which one was doubled: some is shown twice."""
    held = bytearray()
    for at, byte in enumerate(known):
        held += bytes((byte,)) * (2 if at in doubled and at < len(known) - 1 else 1)
    left = bytes(held + new)[length_of_known(bytes(held + new), known) :]
    assert len(left) >= len(new)
    if all(one != other for one, other in pairwise(known)):
        assert left == new


def test_what_qemu_wrote_before_the_header_counts(tmp_path: Path) -> None:
    write(tmp_path / "log", b"0123456789abc")
    write(tmp_path / "spare", b"ab\x00000000000000010\ncdef")
    assert Spare(tmp_path / "spare").unread(tmp_path / "log") == b"def"


def test_a_copy_without_a_header_is_all_unread(tmp_path: Path) -> None:
    write(tmp_path / "spare", b"all of it")
    assert Spare(tmp_path / "spare").unread(tmp_path / "log") == b"all of it"
    assert Spare(tmp_path / "nothing").unread(tmp_path / "log") == b""


def test_of_a_copy_that_grew_for_days_the_end_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.supervisor.spare.LIMIT_BYTES", 10)
    Spare(tmp_path / "spare").empty(0)
    write(tmp_path / "spare", b"0123456789" * 10 + b"end")
    assert Spare(tmp_path / "spare").unread(tmp_path / "log") == b"3456789end"


def test_a_log_that_was_deleted_begins_anew(log: ConsoleLog, tmp_path: Path) -> None:
    log.mark_power_on()
    log.append(b"gone")
    (tmp_path / "console.log").unlink()
    (tmp_path / "console.spare").unlink()
    log.append(b"new")
    assert log.since_power_on(1000) == b"new"


def test_a_full_part_is_put_aside_whole(log: ConsoleLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.supervisor.console_log.LIMIT_BYTES", 1000)
    for number in range(50):
        log.append(b"%099d\n" % number)
    kept = b"".join((tmp_path / name).read_bytes() for name in ("console.log.2", "console.log.1", "console.log"))
    assert kept == b"".join(b"%099d\n" % number for number in range(20, 50))
    assert len(list(tmp_path.glob("console.log*"))) == 3
    assert log.since_power_on(2500) == kept[-2500:]


def test_more_than_a_part_holds_becomes_several(
    log: ConsoleLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.console_log.LIMIT_BYTES", 1000)
    log.append(b"".join(b"%099d\n" % number for number in range(55)))
    parts = [(tmp_path / name).read_bytes() for name in ("console.log.2", "console.log.1", "console.log")]
    assert b"".join(parts) == b"".join(b"%099d\n" % number for number in range(30, 55))
    assert all(len(part) <= 1000 for part in parts)


def test_only_this_power_on_is_recalled(log: ConsoleLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.supervisor.console_log.LIMIT_BYTES", 200)
    log.append(b"older life\r\n")
    log.mark_power_on()
    log.append(b"a" * 150)
    log.append(b"b" * 150)
    assert log.since_power_on(10_000) == b"a" * 150 + b"b" * 150
    log.mark_power_on()
    assert log.since_power_on(10_000) == b""


def test_files_are_ours_alone(log: ConsoleLog, tmp_path: Path) -> None:
    log.mark_power_on()
    assert MARK in (tmp_path / "console.log").read_bytes()
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_a_ring_keeps_the_end_and_begins_at_a_whole_line() -> None:
    ring = Ring(1000)
    ring.add(b"first\n")
    assert ring.since_safe_start() == b"first\n"
    for number in range(1000):
        ring.add(b"line %d\n" % number)
        assert len(ring.since_safe_start()) <= 1001
    past = ring.since_safe_start()
    assert past.startswith(b"\x18line ")
    assert past.endswith(b"line 998\nline 999\n")
    assert len(past) > 450


def test_a_ring_without_lines_begins_at_a_sequence() -> None:
    ring = Ring(100)
    ring.add(b"\x1b[31m" + b"x" * 80)
    ring.add(b"1m\x1b[5;1H" + b"y" * 40)
    assert ring.since_safe_start() == b"\x18\x1b[5;1H" + b"y" * 40
