"""Rows of the panes: ten thousand rows, a storm of events from the shipped fake, `docker run` on the real engine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import docker
from rig import Rig
from row import Row

from desktop.core.paths import Home
from tests.helpers.screen import end

CONTAINERS = 10_000
EVENTS_PER_S = 1000
LEAST_SHARE = 0.95
"""Of what the fake is told to do a second: a storm that does not arrive is no measurement."""
FLOOD_MB_S, FEW = 50, 1
RUNS = 7
DEADLINE_S = 180
PROGRAM = Path(__file__).parent / "pane_window.py"
WHOLE = Path(__file__).parent / "whole_window.py"


def rows() -> list[Row]:
    return [
        Row("event_to_row_ms", "ms", "<= 300", _event_to_row),
        Row("filter_10k_ms", "ms", "<= 30", partial(_worst, "filter")),
        Row("sort_10k_ms", "ms", "<= 40", partial(_worst, "sort")),
        Row("event_burst_max_frame_ms", "ms", "<= 50", _burst),
        Row("log_flood_key_ms", "ms", "<= 50", _flood),
    ]


def _worst(what: str, rig: Rig) -> list[float]:
    """Of each run the slowest keystroke or header click, to the painted table."""
    return [float(result["worst_ms"]) for result in results_of(rig, what)]


def _burst(rig: Rig) -> list[float]:
    """Of the whole window, on the page of the containers."""
    with played(rig, "burst") as home:
        *results, end_state = _whole_window(rig, home, "burst", str(EVENTS_PER_S))
    for result in results:
        a_second = result["changes"] / result["seconds"]
        rig.say(f"{a_second:.0f} rows changed a second")
        if a_second < EVENTS_PER_S * LEAST_SHARE:
            raise RuntimeError(f"only {a_second:.0f} rows a second changed: the storm did not arrive")
    if end_state["different"]:
        raise RuntimeError(f"{end_state['different']} rows are not what the engine lists in the end")
    return [float(result["worst_ms"]) for result in results]


def _flood(rig: Rig) -> list[float]:
    """Of the keys that are typed into a log's search while its container writes without an end."""
    with played(rig, "flood", containers=FEW) as home:
        results = _whole_window(rig, home, "flood", str(FLOOD_MB_S))
    for result in results:
        rig.say(f"{result['mb_a_second']:.0f} MB/s written, {result['keys']} keys")
        if result["mb_a_second"] < FLOOD_MB_S * LEAST_SHARE:
            raise RuntimeError(f"only {result['mb_a_second']:.0f} MB a second were written: that is no flood")
    return [float(result["p95_ms"]) for result in results]


def _whole_window(rig: Rig, home: Home, *words: str) -> list[dict[str, Any]]:
    return _results([sys.executable, str(WHOLE), str(home.base), *words], rig)


@contextmanager
def played(rig: Rig, name: str, *scenarios: str, containers: int = CONTAINERS) -> Iterator[Home]:
    """The shipped fake with many containers, in a folder of its own."""
    home = Home(rig.folder / name)
    words = [sys.executable, "-m", "desktop.fake", "--home", str(home.base), "--until-eof"]
    words += ["--containers", str(containers)]
    for scenario in ("running", *scenarios):
        words += ["--scenario", scenario]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as fake:
        assert fake.stdin and fake.stdout
        try:
            fake.stdout.readline()
            yield home
        finally:
            fake.stdin.close()


def _event_to_row(rig: Rig) -> list[float]:
    """From the time that the engine gives its event to the end of the painting that shows it.

    Of each `docker run` the slower of two: `create` to the row, `start` to the row that says running.
    """
    files = rig.running.files
    api = docker.APIClient(base_url=f"unix://{files.docker_socket}", version="auto")
    with _events(rig, files.docker_socket) as events, _window(rig, "rows", str(files.engine_socket)) as window:
        assert window.stdout
        window.stdout.readline()
        ahead_s = _guest_ahead_s(api)
        return [_one_run(rig, files.docker_socket, f"row-{number}", events, window, ahead_s) for number in range(RUNS)]


def _one_run(
    rig: Rig, socket: Path, name: str, events: subprocess.Popen[bytes], window: subprocess.Popen[bytes], ahead_s: float
) -> float:
    rig.docker.run("run", "-d", "--name", name, "busybox", "sleep", "60", socket=socket)
    assert events.stdout and window.stdout
    happened: dict[str, float] = {}
    while len(happened) < 2:
        event = json.loads(events.stdout.readline())
        stage = {"create": "row", "start": "running"}.get(event["Action"])
        if stage and event["Actor"]["Attributes"]["name"] == name:
            happened[stage] = event["timeNano"] / 1e9 - ahead_s
    shown: dict[str, float] = {}
    while len(shown) < 2:
        painted = json.loads(window.stdout.readline())
        if painted["name"] == name:
            shown[painted["stage"]] = painted["at_s"]
    rig.docker.run("rm", "-f", name, socket=socket)
    return max(shown[stage] - happened[stage] for stage in happened) * 1e3


def _guest_ahead_s(api: Any) -> float:
    """How far the engine's clock is ahead of ours, by the call that took least time."""
    looks = []
    for _ in range(9):
        before = time.time()
        theirs = datetime.fromisoformat(api.info()["SystemTime"][:26].rstrip("Z") + "+00:00").timestamp()
        after = time.time()
        looks.append((after - before, theirs - (before + after) / 2))
    return min(looks)[1]


@contextmanager
def _events(rig: Rig, socket: Path) -> Iterator[subprocess.Popen[bytes]]:
    words = [rig.docker.program, "events", "--filter", "type=container", "--format", "{{json .}}"]
    with subprocess.Popen(words, env=rig.docker.environment(socket), stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            end(process)


@contextmanager
def _window(rig: Rig, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**rig.screen.environment, "QT_QPA_PLATFORM": "xcb"}
    command = [sys.executable, str(PROGRAM), *words]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            end(process)


def results_of(rig: Rig, *words: str) -> list[dict[str, Any]]:
    return _results([sys.executable, str(PROGRAM), *words], rig)


def _results(command: list[str], rig: Rig) -> list[dict[str, Any]]:
    environment = {**rig.screen.environment, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=DEADLINE_S, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
