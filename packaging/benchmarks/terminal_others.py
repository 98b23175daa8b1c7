"""Rows of the console beside other terminals, on the same screen, one after another: ours over the fastest of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import terminal
from rig import Rig
from row import Row

from tests.helpers.screen import end

ROUNDS = 5
DEADLINE_S = 120
PROGRAM = Path(__file__).parent / "terminal_cat.py"
OTHERS = {
    "st": ("st", "-g", "200x60", "-e"),
    "alacritty": (
        "alacritty", "-o", "window.dimensions.columns=200", "-o", "window.dimensions.lines=60", "-e",
    ),
    "kitty": (
        "kitty", "--config", "NONE", "-o", "remember_window_size=no", "-o", "initial_window_width=200c",
        "-o", "initial_window_height=60c", "-o", "update_check_interval=0",
    ),
    "xterm": ("xterm", "-geometry", "200x60", "-e"),
}  # fmt: skip


def rows() -> list[Row]:
    return [
        Row("terminal_plain_ratio", "", ">= 1", partial(_measure, terminal.plain_line)),
        Row("terminal_colour_ratio", "", ">= 1", _measure_colour),
    ]


def _measure_colour(rig: Rig) -> list[float]:
    ratios = _measure(terminal.colour_line, rig)
    rig.say(f"with a colour for nearly each word: {_measure(terminal.own_colours_line, rig, rounds=1)[0]:.2f}")
    return ratios


def _measure(line: Callable[[int], str], rig: Rig, rounds: int = ROUNDS) -> list[float]:
    """The slow ones are of no account after the first round."""
    _wait_for_window_manager(rig)
    with terminal.text_of(line, rig) as text:
        others = dict.fromkeys(OTHERS, 0.0)
        ratios = []
        for _ in range(rounds):
            others = {name: speed for name, speed in others.items() if speed >= max(others.values()) / 2}
            others = {name: _speed(OTHERS[name], text, rig) for name in others}
            rig.say(", ".join(f"{name} {speed:.1f} MB/s" for name, speed in others.items()))
            ratios.append(terminal.run(text, rig) / max(others.values()))
        return ratios


def _wait_for_window_manager(rig: Rig) -> None:
    """st waits for ever for a window that comes up while the manager does."""
    deadline = time.monotonic() + DEADLINE_S
    while "window id" not in rig.screen.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"):
        if time.monotonic() > deadline:
            raise RuntimeError("the window manager does not come up")
        time.sleep(0.05)


def _speed(words: tuple[str, ...], text: Path, rig: Rig) -> float:
    """Megabytes a second."""
    result = rig.folder / "seconds"
    result.unlink(missing_ok=True)
    command = [*words, sys.executable, str(PROGRAM), str(text), str(result)]
    process = subprocess.Popen(command, env=rig.screen.environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + DEADLINE_S
    try:
        while not result.exists():
            if process.poll() is not None and not result.exists():
                raise RuntimeError(f"{words[0]} ended with {process.returncode} and measured nothing")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{words[0]} takes more than {DEADLINE_S} s")
            time.sleep(0.05)
        return text.stat().st_size / 1e6 / float(result.read_text())
    finally:
        end(process)
