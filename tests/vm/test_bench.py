"""The benchmark that is broken off leaves neither a machine nor a supervisor."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from tests.helpers.said import ROOT

pytestmark = [pytest.mark.vm, pytest.mark.long]

DEADLINE_S = 240
T = TypeVar("T")


def home_of(bench: subprocess.Popen[bytes]) -> Path | None:
    """Its base folder, once it runs a command there."""
    for child in psutil.Process(bench.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            found = Path(child.environ().get("MOORAGE_HOME", ""))
            if found.parent.name.startswith("mb-"):
                return found
    return None


def has_supervisor(home: Path) -> bool:
    """Not any of a benchmark: somebody else may run one beside this."""
    listed = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return any("desktop.supervisor" in words and str(home) in words for words in listed)


def until(look: Callable[[], T]) -> T:
    deadline = time.monotonic() + DEADLINE_S
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # a supervisor that is only coming up is left too easily
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_benchmark_that_is_broken_off_leaves_nothing(number: signal.Signals) -> None:
    bench = subprocess.Popen([sys.executable, ROOT / "packaging/benchmarks", "cold_start_s"], start_new_session=True)
    try:
        home = until(lambda: home_of(bench))
        assert home is not None
        until(lambda: has_supervisor(home))
        bench.send_signal(number)
        bench.wait(DEADLINE_S)
        assert not home.parent.exists()
        until(lambda: not has_supervisor(home))
    finally:
        bench.kill()
        bench.wait()
