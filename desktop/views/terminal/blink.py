"""Whether the cursor is seen at the moment."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

INTERVAL_MS = 530
BLINKS = 20


class Blink(QObject):
    """Shows the cursor at once on any activity, then blinks for ten seconds and stands still: quiet costs nothing."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_on = True
        self._left = 0
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._on_timeout)

    def restart(self, blinks: bool) -> None:
        """Show it; let it blink if `blinks`."""
        was_on, self.is_on, self._left = self.is_on, True, BLINKS
        if blinks:
            self._timer.start()
        else:
            self._timer.stop()
        if not was_on:
            self.changed.emit()

    def stop(self) -> None:
        self._timer.stop()

    def _on_timeout(self) -> None:
        self._left -= 1
        self.is_on = not self.is_on or self._left <= 0
        if self._left <= 0:
            self._timer.stop()
        self.changed.emit()
