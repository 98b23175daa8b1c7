"""Rows of the machine, and of the app and the supervisor while nothing happens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
import psutil
from rig import Rig
from row import Row

from desktop.core.machine import BootStep, boot_times

BOOTS = 3
QUIET_MINUTES = 3
SETTLE_S = 20.0
MINUTE_S = 60.0
MIB = 1 << 20


def rows() -> list[Row]:
    return [
        Row("cold_start_s", "s", "<= 9", lambda rig: [start for start, _ in _boots(rig)]),
        Row("stop_s", "s", "<= 4", lambda rig: [stop for _, stop in _boots(rig)]),
        Row("app_hidden_mb", "MB", "<= 100", _hidden_mb),
        Row("supervisor_mb", "MB", "<= 40", lambda rig: [each.supervisor_mb for each in _quiet(rig)]),
        Row("app_idle_cpu_percent", "%", "<= 0.2", lambda rig: [each.app_percent for each in _quiet(rig)]),
        Row(
            "supervisor_idle_cpu_percent", "%", "<= 0.2",
            lambda rig: [each.supervisor_percent for each in _quiet(rig)],
        ),
        Row("app_closed_mb", "MB", "<= 130", lambda rig: [each.app_mb for each in _quiet(rig)]),
    ]  # fmt: skip


@dataclass(frozen=True)
class Quiet:
    """A minute in which nobody wanted anything: the machine runs, the window was used and is closed."""

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
    steps = msgspec.convert(rig.moorage.status()["boot_steps"], tuple[BootStep, ...])
    each = ", ".join(f"{step.name} {spent_s:.2f} s" for step, spent_s in boot_times(steps))
    rig.say(f"{took_s:.2f} s, of which {each}, and the rest before power-on and after the answer")
    return took_s


@cache
def _hidden_mb(rig: Rig) -> list[float]:
    """The app in the tray, as it is from the login on until somebody opens the window."""
    app = psutil.Process(rig.hidden_app.pid)
    time.sleep(SETTLE_S)
    return [app.memory_info().rss / MIB]


@cache
def _quiet(rig: Rig) -> list[Quiet]:
    _hidden_mb(rig)
    rig.use_window()
    app = psutil.Process(rig.hidden_app.pid)
    supervisor = psutil.Process(rig.moorage.status()["supervisor"]["pid"])
    time.sleep(SETTLE_S)
    minutes = [_minute(app, supervisor) for _ in range(QUIET_MINUTES)]
    for child in supervisor.children():
        rig.say(f"the supervisor's child {_program(child.cmdline())}: {child.memory_info().rss / MIB:.1f} MB")
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


def _program(command: list[str]) -> str:
    """What runs, without its words: a Python module, what the runtime's loader loads, or the program itself."""
    for option, place in (("--library-path", 2), ("-m", 1)):
        if option in command:
            return Path(command[command.index(option) + place]).name
    return Path(command[0]).name
