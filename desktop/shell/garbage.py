"""Cyclic garbage is collected by the thread of the window alone.

WORKAROUND: there may be Qt objects in it, and PySide6 (6.11) destroys a QObject in whatever thread Python happens to
collect in, which ends the process where the object has a timer or a window. This can go when PySide6 leaves that to
the object's own thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

LOOK_MS = 2000


class Garbage(QObject):
    """From now on, as long as `parent` lives, Python collects nothing by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        timer.timeout.connect(collect_what_is_due)
        timer.start(LOOK_MS)


def collect_what_is_due() -> int | None:
    """Collects what Python itself would by now. The generation, or None where nothing was due."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return generation
    return None
