"""`MOORAGE_TRACE=startup`: one line of JSON on stderr at the first paint that shows the real state."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

_IMPORTED_AT = time.monotonic()


class StartupTrace(QObject):
    """Watches a window until its first paint. Make it only after the state is in the window."""

    def __init__(self, window: QWidget, state: str) -> None:
        super().__init__(window)
        self._state = state
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            # At the next turn the paint has gone to the screen.
            QTimer.singleShot(0, self._say)
        return False

    def _say(self) -> None:
        line = {"trace": "startup", "first_paint_s": round(_age_s(), 3), "state": self._state}
        print(json.dumps(line), file=sys.stderr, flush=True)


def wanted() -> bool:
    return os.environ.get("MOORAGE_TRACE") == "startup"


def _age_s() -> float:
    """Seconds since the process was started; where the system does not say, since this module was read."""
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.monotonic() - _IMPORTED_AT
    started_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started_s
