"""Qt objects in cyclic garbage, with threads about: in a process of its own, since it may crash."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import gc, sys, threading, time
from PySide6.QtCore import QCoreApplication, QTimer
from desktop.shell.garbage import LOOK_MS, Garbage

app = QCoreApplication([])
made = destroyed = 0

class Cycle(QTimer):
    def __init__(self):
        super().__init__()
        self.itself = self
        self.start(10)

def work(until):
    rounds = 0
    while time.monotonic() < until or rounds < 50:
        rounds += 1
        rubbish = [[] for _ in range(2000)]
        for one in rubbish:
            one.append(one)

if sys.argv[1] == "guarded":
    Garbage(app)
for _ in range(200):
    Cycle()
threads = [threading.Thread(target=work, args=(time.monotonic() + 1,)) for _ in range(2)]
for thread in threads:
    thread.start()
QTimer.singleShot(2 * LOOK_MS + 500, app.quit)
app.exec()
for thread in threads:
    thread.join()
print("set aside", gc.get_freeze_count() > 0)
print("left", sum(type(one) is Cycle for one in gc.get_objects()))
"""


@pytest.mark.parametrize("guarded", [True, False])
def test_they_are_collected_by_the_thread_of_the_window(guarded: bool) -> None:
    words = "guarded" if guarded else "bare"
    done = subprocess.run([sys.executable, "-c", SCRIPT, words], capture_output=True, text=True, timeout=60)
    is_well = done.returncode == 0 and "another thread" not in done.stderr
    assert is_well is guarded, done.stderr
    if guarded:
        assert done.stdout == "set aside True\nleft 0\n"
