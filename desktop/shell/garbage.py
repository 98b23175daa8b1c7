"""Cyclic garbage is collected by the thread of the window alone.

WORKAROUND: there may be Qt objects in it, and PySide6 (6.11) destroys a QObject in whatever thread Python happens to
collect in, which ends the process where the object has a timer or a window. This can go when PySide6 leaves that to
the object's own thread.

A collection stops the window for as long as there are objects to walk over, so it walks over few: soon again where
objects come quickly, and never over those that the app was built of.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, Qt, QTimer

LOOK_MS = 2000
SOON_MS = 1000


class Garbage(QObject):
    """From now on, as long as `parent` lives, Python collects nothing by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._is_first = True
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        if self._is_first:
            self._is_first = False
            gc.collect(1)
            gc.freeze()  # modules, classes and the window: all of them live as long as the app
            return
        was_due = collect_what_is_due() is not None
        wait_ms = SOON_MS if was_due else min(2 * self._timer.interval(), LOOK_MS)
        if wait_ms != self._timer.interval():
            self._timer.setInterval(wait_ms)


def collect_what_is_due() -> int | None:
    """Collects what Python itself would by now. The generation, or None where nothing was due."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return generation
    return None
