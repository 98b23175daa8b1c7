"""A viewer's side of the console: frames in, frames out."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest

from desktop.core import frames
from desktop.terminal.replay import as_vt
from desktop.terminal.screen import Screen
from desktop.terminal.session import ConsoleInfo, TerminalSession


class Viewer:
    """A session and what it has sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[bytes, bytes]] = []
        self.session = TerminalSession(lambda kind, payload: self.sent.append((kind, payload)))

    def take(self, kind: bytes, payload: bytes) -> None:
        self.session.receive(kind, payload)
        self.session.work()


@pytest.fixture
def viewer() -> Iterator[Viewer]:
    viewer = Viewer()
    yield viewer
    viewer.session.close()


def info(**changes: object) -> bytes:
    return json.dumps({"viewers": 1, "cols": 80, "rows": 24, "read_only": False, **changes}).encode()


def test_output_is_shown_and_queries_are_answered(viewer: Viewer) -> None:
    viewer.take(frames.OUTPUT, b"hello \x1b[6n")
    assert viewer.session.screen.text() == "hello"
    assert viewer.sent == [(frames.REPLY, b"\x1b[1;7R")]


def test_a_snapshot_replaces_the_screen_and_is_not_answered(viewer: Viewer) -> None:
    before: list[str] = []
    viewer.session.before_replace = lambda: before.append(viewer.session.screen.text())
    source = Screen(80, 24)
    source.feed(b"from the keeper\x1b[6")
    viewer.take(frames.OUTPUT, b"old")
    viewer.take(frames.SNAPSHOT, source.snapshot())
    source.close()
    assert (viewer.session.screen.text(), before, viewer.sent) == ("from the keeper", ["old"], [])
    viewer.take(frames.OUTPUT, b"n")
    assert viewer.sent == [(frames.REPLY, b"\x1b[1;16R")]


def test_a_replay_clears_first_and_none_of_it_is_answered(viewer: Viewer) -> None:
    source = Screen(80, 24)
    source.feed(b"again")
    viewer.take(frames.OUTPUT, b"old\x1b[31m\x1b[?2004h")
    viewer.take(frames.REPLAY, as_vt(source) + b"\x1b[6n" * 50_000)
    source.close()
    assert viewer.session.screen.text() == "again"
    assert not viewer.session.screen.wants_bracketed_paste
    assert viewer.sent == []
    viewer.take(frames.OUTPUT, b"\x1b[5n")
    assert viewer.sent == [(frames.REPLY, b"\x1b[0n")]


def test_the_smallest_viewers_size_is_everyones(viewer: Viewer) -> None:
    seen: list[ConsoleInfo] = []
    viewer.session.on_info = seen.append
    viewer.session.set_window(120, 40)
    assert viewer.sent == [(frames.WINDOW, b'{"cols":120,"rows":40}')]
    assert (viewer.session.screen.columns, viewer.session.screen.rows) == (120, 40)
    viewer.take(frames.INFO, info(viewers=2, cols=80, rows=30))
    assert (viewer.session.screen.columns, viewer.session.screen.rows) == (80, 30)
    viewer.session.set_window(130, 40)
    assert viewer.session.screen.columns == 80
    viewer.session.set_window(130, 40)
    assert len(viewer.sent) == 2
    assert seen == [ConsoleInfo(2, 80, 30, False)]


def test_a_viewer_that_may_only_look_sends_nothing(viewer: Viewer) -> None:
    viewer.session.type(b"a")
    viewer.take(frames.INFO, info(read_only=True))
    viewer.session.type(b"b")
    viewer.take(frames.OUTPUT, b"\x1b[6n")
    assert viewer.sent == [(frames.TYPED, b"a")]


def test_notices_reach_whoever_listens(viewer: Viewer) -> None:
    notices: list[str] = []
    viewer.session.on_notice = notices.append
    viewer.take(frames.NOTICE, b"too slow")
    assert notices == ["too slow"]


def test_work_stops_when_its_time_is_over_and_goes_on_where_it_was(viewer: Viewer) -> None:
    data = b"".join(b"line %d\r\n" % number for number in range(100_000))
    viewer.session.receive(frames.OUTPUT, data)
    assert viewer.session.work(budget_s=0.0)
    assert 0 < viewer.session.queued_bytes < len(data)
    while viewer.session.work(budget_s=0.0):
        pass
    assert viewer.session.queued_bytes == 0
    assert viewer.session.bytes_received == len(data)
    assert viewer.session.screen.text().endswith("line 99999")


def test_output_is_obeyed_aside_and_what_comes_after_it_waits(viewer: Viewer) -> None:
    done = threading.Semaphore(0)
    lines = [b"%d of many lines\r\n" % number for number in range(50_000)]
    for start in range(0, len(lines), 1000):
        viewer.session.receive(frames.OUTPUT, b"".join(lines[start : start + 1000]))
    viewer.session.receive(frames.INFO, info(cols=20, rows=5))
    viewer.session.receive(frames.OUTPUT, b"\x1b[6n")
    turns = 0
    while viewer.session.queued_bytes:
        if not viewer.session.work(done_aside=done.release) and viewer.session.queued_bytes:
            assert done.acquire(timeout=60)
            turns += 1
    viewer.session.screen.tell()
    assert turns and "49999 of many lines" in viewer.session.screen.text()
    assert (viewer.session.screen.columns, viewer.session.screen.rows) == (20, 5)
    assert viewer.sent == [(frames.REPLY, b"\x1b[5;1R")]
    assert viewer.session.bytes_received == sum(map(len, lines)) + 4
