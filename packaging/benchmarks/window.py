"""The row of the window: from the process' start to the first paint that shows the machine's real state."""

from __future__ import annotations

import json
import subprocess
import sys

from rig import Rig
from row import Row

from tests.helpers.screen import end

STARTS = 7


def rows() -> list[Row]:
    return [Row("window_first_paint_s", "s", "<= 0.6", _measure)]


def _measure(rig: Rig) -> list[float]:
    """With the machine running. The first start, which fills the caches, is not counted."""
    rig.start()
    return [_first_paint(rig) for _ in range(STARTS + 1)][1:]


def _first_paint(rig: Rig) -> float:
    """As the app itself says; its clock begins when the kernel started the process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "desktop"],
        env={**rig.moorage.environment, "MOORAGE_TRACE": "startup"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        traced = json.loads(next(line for line in process.stderr if line.startswith('{"trace": "startup"')))
    finally:
        end(process)
        process.stderr.close()
    if traced["state"] != "running":
        raise RuntimeError(f"the first paint showed {traced['state']}")
    return float(traced["first_paint_s"])
