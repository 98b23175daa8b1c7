"""Rows of the machine, and of the app and the supervisor while nothing happens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache

import psutil
from rig import Rig
from row import Row

BOOTS = 3
QUIET_MINUTES = 3
SETTLE_S = 20.0
MINUTE_S = 60.0
MIB = 1 << 20


def rows() -> list[Row]:
    return [
        Row("cold_start_s", "s", "<= 12", lambda rig: [start for start, _ in _boots(rig)]),
        Row("stop_s", "s", "<= 4", lambda rig: [stop for _, stop in _boots(rig)]),
        Row("app_hidden_mb", "MB", "<= 100", lambda rig: [each.app_mb for each in _quiet(rig)]),
        Row("supervisor_mb", "MB", "<= 40", lambda rig: [each.supervisor_mb for each in _quiet(rig)]),
        Row("app_idle_cpu_percent", "%", "<= 0.2", lambda rig: [each.app_percent for each in _quiet(rig)]),
        Row(
            "supervisor_idle_cpu_percent", "%", "<= 0.2",
            lambda rig: [each.supervisor_percent for each in _quiet(rig)],
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class Quiet:
    """A minute in which nobody wanted anything: the machine runs, the window is hidden."""

    app_mb: float
    supervisor_mb: float
    app_percent: float
    supervisor_percent: float


@cache
def _boots(rig: Rig) -> list[tuple[float, float]]:
    """Start and stop, in turn. `moorage start` comes back when dockerd has answered `_ping`."""
    return [(_boot(rig), rig.stop()) for _ in range(BOOTS)]


def _boot(rig: Rig) -> float:
    took_s = rig.start()
    steps = rig.moorage.status()["boot_steps"]
    rig.say("since power-on: " + ", ".join(f"{step['name']} {step['at_s']:.2f} s" for step in steps))
    return took_s


@cache
def _quiet(rig: Rig) -> list[Quiet]:
    app = psutil.Process(rig.hidden_app.pid)
    supervisor = psutil.Process(rig.moorage.status()["supervisor"]["pid"])
    time.sleep(SETTLE_S)
    minutes = [_minute(app, supervisor) for _ in range(QUIET_MINUTES)]
    for child in supervisor.children():
        rig.say(f"the supervisor's child {' '.join(child.cmdline()[1:])}: {child.memory_info().rss / MIB:.1f} MB")
    return minutes


def _minute(app: psutil.Process, supervisor: psutil.Process) -> Quiet:
    before = _cpu_s(app), _cpu_s(supervisor)
    begun = time.monotonic()
    time.sleep(MINUTE_S)
    passed = time.monotonic() - begun
    return Quiet(
        app.memory_info().rss / MIB,
        supervisor.memory_info().rss / MIB,
        (_cpu_s(app) - before[0]) / passed * 100,
        (_cpu_s(supervisor) - before[1]) / passed * 100,
    )


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
