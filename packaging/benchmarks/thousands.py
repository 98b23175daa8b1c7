"""Rows of the whole window over thousands of containers, and of a window that is open while nothing happens."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import docker
import psutil
from panes import played, results_of
from rig import Rig
from row import Row

from desktop.core.paths import Home
from tests.helpers.screen import end

REAL = 1000
SETTLE_S = 20.0
MINUTE_S = 60.0
DEADLINE_S = 120.0
MIB = 1 << 20
# The window as a user has it, on the page of the containers.
WINDOW = """
import sys
from pathlib import Path
import desktop.shell.plain_imports
from desktop.app import run
from desktop.core.paths import Home
sys.exit(run(Home(Path(sys.argv[1])), page="containers"))
"""


def rows() -> list[Row]:
    return [
        Row("scroll_10k_p99_ms", "ms", "<= 16", _scroll),
        Row("app_10k_mb", "MB", "<= 160", _memory),
        Row("containers_1000_paint_s", "s", "<= 1", lambda rig: [first_s for first_s, _ in _thousand(rig)]),
        Row("containers_1000_all_ratio", "x", "<= 1.5", lambda rig: [ratio for _, ratio in _thousand(rig)]),
        Row("window_quiet_cpu_percent", "%", "<= 0.3", lambda rig: [share for share, _ in _quiet(rig)]),
        Row("engine_cpu_of_stats", "x", "<= 1", _beside_stats),
    ]


def _scroll(rig: Rig) -> list[float]:
    """Pages and single rows, up and down: each painted before the next."""
    return [float(result["p99_ms"]) for result in results_of(rig, "scroll")]


def _memory(rig: Rig) -> list[float]:
    """Resident, once all of them are on the page."""
    with played(rig, "thousands") as home, _window(rig, home) as window:
        return [_settled_mb(window) for _ in range(3)]


def _settled_mb(window: psutil.Process) -> float:
    time.sleep(SETTLE_S)
    return float(window.memory_info().rss) / MIB


@cache
def _thousand(rig: Rig) -> list[tuple[float, float]]:
    """From the link to the real engine, which has created them, to the first painting with rows; and to the one that
    shows the last, as a multiple of what the engine takes to list them, to anybody: an emulated one takes seconds."""
    files = rig.running.files
    api = docker.APIClient(base_url=f"unix://{files.docker_socket}", version="auto", timeout=300)
    made = [api.create_container("busybox", ["true"])["Id"] for _ in range(REAL)]
    try:
        found = results_of(rig, "listed", str(files.engine_socket), str(REAL))
    finally:
        for container in made:
            api.remove_container(container)
    for result in found:
        words = "rows after {first_s:.2f} s, all of them after {all_s:.2f} s; the engine lists them in {engine_s:.2f} s"
        rig.say(words.format(**result))
    return [(result["first_s"], result["all_s"] / result["engine_s"]) for result in found]


@cache
def _quiet(rig: Rig) -> list[tuple[float, float]]:
    """CPU of a window that is seen, in per cent of a core, and seconds of the guest's meanwhile, a minute each.

    One container runs, so that there is something to measure.
    """
    rig.end_hidden_app()
    files = rig.running.files
    rig.docker.run("run", "-d", "--name", "quiet", "busybox", "sleep", "100000", socket=files.docker_socket)
    try:
        with _window(rig, rig.running.home) as window:
            time.sleep(SETTLE_S)
            return [_minute(rig, window) for _ in range(2)]
    finally:
        rig.docker.run("rm", "-f", "quiet", socket=files.docker_socket)


def _minute(rig: Rig, window: psutil.Process | None) -> tuple[float, float]:
    qemu = psutil.Process(rig.moorage.status()["hypervisor"]["pid"])
    before, own = _cpu_s(qemu), _cpu_s(window)
    time.sleep(MINUTE_S)
    return (_cpu_s(window) - own) / MINUTE_S * 100, _cpu_s(qemu) - before


def _beside_stats(rig: Rig) -> list[float]:
    """What the window makes the guest do a minute, by what `docker stats` makes it do. Idling is taken off both.

    The container is the same, and idling is measured between the two: a guest that has just started is not idle yet.
    """
    by_window_s = min(seconds for _, seconds in _quiet(rig))
    files = rig.running.files
    words = [rig.docker.program, "stats"]
    rig.docker.run("run", "-d", "--name", "asked", "busybox", "sleep", "100000", socket=files.docker_socket)
    time.sleep(SETTLE_S)
    idle_s = _minute(rig, None)[1]
    with subprocess.Popen(words, env=rig.docker.environment(files.docker_socket), stdout=subprocess.DEVNULL) as stats:
        try:
            time.sleep(SETTLE_S)
            by_stats_s = _minute(rig, None)[1]
        finally:
            end(stats)
    rig.docker.run("rm", "-f", "asked", socket=files.docker_socket)
    rig.say(f"the guest's CPU a minute: idle {idle_s:.1f} s, window {by_window_s:.1f} s, stats {by_stats_s:.1f} s")
    return [(by_window_s - idle_s) / (by_stats_s - idle_s)]


def _cpu_s(process: psutil.Process | None) -> float:
    if process is None:
        return 0.0
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def _window(rig: Rig, home: Home) -> Iterator[psutil.Process]:
    environment = {**rig.screen.environment, "QT_QPA_PLATFORM": "xcb", "MOORAGE_TRACE": "startup"}
    words = [sys.executable, "-c", WINDOW, str(home.base)]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            json.loads(next(line for line in process.stderr if line.startswith('{"trace": "startup"')))
            yield psutil.Process(process.pid)
        finally:
            end(process)
