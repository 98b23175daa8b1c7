"""The screen keeper, as the process that it is."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator

import pytest

from desktop.core import frames
from desktop.terminal import keeper_frames as keeper
from desktop.terminal.screen import Screen

DEADLINE_S = 60.0


class Child:
    """A running keeper."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "desktop.terminal.keeper"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self._decoder = frames.Decoder()
        self._answers: list[tuple[bytes, bytes]] = []

    def send(self, kind: bytes, payload: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(frames.encode(kind, payload))

    def ask(self, **request: object) -> tuple[bytes, bytes]:
        self.send(keeper.REQUEST, json.dumps(request).encode())
        assert self.process.stdout is not None
        while not self._answers:
            assert select.select([self.process.stdout], [], [], DEADLINE_S)[0], "no answer"
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            assert data, "the keeper has ended"
            self._answers += self._decoder.feed(data)
        return self._answers.pop(0)


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child()
    yield child
    assert child.process.stdin is not None and child.process.stdout is not None
    child.process.stdin.close()
    assert child.process.wait(DEADLINE_S) == 0
    child.process.stdout.close()


def test_a_viewer_that_comes_late_sees_everything(child: Child) -> None:
    child.send(keeper.RESIZE, b'{"cols":100,"rows":30}')
    for number in range(3000):
        child.send(keeper.FEED, b"boot line %d\r\n" % number)
    child.send(keeper.FEED, b"\x1b]2;vm\x07prompt# \x1b[3")
    kind, snapshot = child.ask(kind="snapshot")
    assert kind == frames.SNAPSHOT
    screen = Screen()
    screen.restore(snapshot)
    screen.feed(b"1mred")
    assert screen.contents().split("\n") == [f"boot line {number}" for number in range(3000)] + ["prompt# red"]
    assert (screen.columns, screen.rows, screen.title) == (100, 30, "vm")
    screen.close()


def test_a_foreign_terminal_gets_sequences(child: Child) -> None:
    child.send(keeper.FEED, b"one\r\ntwo\x1b[6n")
    kind, replay = child.ask(kind="vt", lines=100, rows=40)
    assert kind == frames.REPLAY
    screen = Screen(80, 40)
    screen.feed(replay)
    assert screen.text() == "one\ntwo"
    screen.close()


@pytest.mark.parametrize("payload", [b"{", b'{"cols":0,"rows":0}'])
def test_nonsense_is_answered_in_words_and_does_not_end_it(child: Child, payload: bytes) -> None:
    child.send(keeper.RESIZE, payload)
    kind, words = child.ask(kind="snapshot")
    assert kind == keeper.FAILED
    assert words
    assert child.ask(kind="snapshot")[0] == frames.SNAPSHOT


def test_a_request_that_cannot_be_met_is_answered_in_its_turn(child: Child) -> None:
    child.send(keeper.REQUEST, b"{")
    assert child.ask(kind="snapshot")[0] == keeper.REFUSED
    child.send(keeper.FEED, b"goes on")  # the answer to the second request
    assert child.ask(kind="snapshot")[0] == frames.SNAPSHOT


def test_it_stays_small(child: Child) -> None:
    line = b"a line of a boot log that is as long as such lines are, more or less\r\n"
    for _ in range(300):
        child.send(keeper.FEED, line * 100)
    child.ask(kind="vt", lines=0)
    with open(f"/proc/{child.process.pid}/status") as status:
        resident_kib = next(int(text.split()[1]) for text in status if text.startswith("VmRSS"))
    assert resident_kib < 64 * 1024
