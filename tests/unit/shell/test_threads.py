"""The threads of the window's loop."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop.shell.threads import Threads

ROOT = Path(__file__).resolve().parents[3]
HANGS = """
import threading
from desktop.shell.threads import Threads
threads, begun = Threads(1), threading.Event()
threads.submit(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
threads.end(0.1)
print("ended")
"""


def test_a_call_that_hangs_does_not_keep_the_process() -> None:
    """As one for a file in a network folder that is away: the app was there without a window until it was killed."""
    ended = subprocess.run([sys.executable, "-c", HANGS], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("ended\n", "", 0)


def test_what_is_under_way_is_waited_for_and_what_waits_is_not_begun() -> None:
    threads, begun, may_go, done = Threads(1), threading.Event(), threading.Event(), list[str]()

    def first() -> None:
        begun.set()
        may_go.wait()
        done.append("first")

    threads.submit(first)
    threads.submit(done.append, "second")
    begun.wait()
    threading.Timer(0.05, may_go.set).start()
    threads.end(30)
    assert done == ["first"]


def test_results_failures_and_as_many_at_once_as_there_are() -> None:
    threads, together = Threads(3), threading.Barrier(3)
    waiting = [threads.submit(together.wait, 30) for _ in range(3)]
    assert sorted(future.result(30) for future in waiting) == [0, 1, 2]
    assert threads.submit(divmod, 7, 2).result(30) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        threads.submit(divmod, 7, 0).result(30)
    threads.end(30)
    assert len(threads._threads) <= 3
