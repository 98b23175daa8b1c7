"""Rows of the console: key to paint, a full repaint, the scrollback's memory, and a quiet console's processor time."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from rig import Rig
from row import Row

DEADLINE_S = 180
PROGRAM = Path(__file__).parent / "terminal_probe.py"


def rows() -> list[Row]:
    return [
        Row("terminal_key_ms", "ms", "<= 5", partial(_measure, 3, ("key",))),
        Row("terminal_key_flood_ms", "ms", "<= 30", partial(_measure, 3, ("key", "flood"))),
        Row("terminal_repaint_ms", "ms", "<= 5", partial(_measure, 3, ("repaint", "plain"))),
        Row("terminal_repaint_colour_ms", "ms", "<= 12", partial(_measure, 3, ("repaint", "colour"))),
        Row("terminal_scrollback_mb", "MB", "<= 25", partial(_measure, 3, ("scrollback",))),
        Row("terminal_quiet_cpu_percent", "%", "<= 0.2", partial(_measure, 1, ("quiet",))),
    ]


def _measure(runs: int, words: tuple[str, ...], rig: Rig) -> list[float]:
    environment = {**rig.screen.environment, "QT_QPA_PLATFORM": "xcb"}
    values = []
    for _ in range(runs):
        command = [sys.executable, str(PROGRAM), *words]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=DEADLINE_S, check=True)
        seen = json.loads(done.stdout)
        rig.say(", ".join(f"{name} {value:.3g}" for name, value in seen.items()))
        values.append(float(seen["value"]))
    return values
