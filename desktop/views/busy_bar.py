"""A thin bar that says: something is under way."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from .theme import colours_of

TICK_MS = 80
STEPS = 24


class BusyBar(QProgressBar):
    """A progress bar without a text; while its end is unknown a piece of it travels, 12 frames a second."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setTextVisible(False)
        self.setFixedHeight(4)
        self._step = 0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self.setRange(0, 0)

    def show_fraction(self, fraction: float | None) -> None:
        """0.0 to 1.0, or None while nobody can tell."""
        if fraction is None:
            self.setRange(0, 0)
        else:
            self.setRange(0, 1000)
            self.setValue(round(min(max(fraction, 0.0), 1.0) * 1000))
        self._run_if_needed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_if_needed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        for rect, colour in ((area, colours.line), (self._filled(area), colours.accent_text)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(rect, 2, 2)
        painter.end()

    def _filled(self, area: QRectF) -> QRectF:
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self.maximum():
            width = area.width() * self.value() / self.maximum()
            left = area.right() - width if rtl else area.left()
            return QRectF(left, area.top(), width, area.height())
        width = area.width() / 4
        place = self._step / STEPS
        travel = (area.width() + width) * (1 - place if rtl else place) - width
        return QRectF(area.left() + travel, area.top(), width, area.height()).intersected(area)

    def _run_if_needed(self) -> None:
        if self.isVisible() and not self.maximum():
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def _on_tick(self) -> None:
        self._step = (self._step + 1) % (STEPS + 1)
        self.update()
