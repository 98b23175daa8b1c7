"""The benchmark that is broken off leaves neither a machine nor a supervisor."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.helpers.said import ROOT

pytestmark = [pytest.mark.vm, pytest.mark.long]

DEADLINE_S = 120


def supervisors() -> dict[int, str]:
    """Those of benchmarks, with their base folders."""
    found = {}
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "desktop.supervisor" in words and Path(words[words.index("--home") + 1]).parent.name.startswith("mb-"):
            found[process.pid] = words[words.index("--home") + 1]
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_benchmark_that_is_broken_off_leaves_nothing(number: signal.Signals) -> None:
    others = supervisors()
    bench = subprocess.Popen([sys.executable, ROOT / "packaging/benchmarks", "cold_start_s"], start_new_session=True)
    try:
        deadline = time.monotonic() + DEADLINE_S
        while not (ours := supervisors().keys() - others.keys()):
            assert bench.poll() is None and time.monotonic() < deadline
            time.sleep(0.2)
        home = Path(supervisors()[min(ours)])
        bench.send_signal(number)
        bench.wait(DEADLINE_S)
        assert not supervisors().keys() - others.keys() and not home.parent.exists()
    finally:
        bench.kill()
        bench.wait()
