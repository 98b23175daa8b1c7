"""An on/off switch: a check box that looks like what it does."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QWidget

from .theme import colours_of

TRACK_W, TRACK_H, GAP = 34, 18, 10


class Switch(QCheckBox):
    """Shows what is so. `clicked` says what the user wishes; whoever answers sets it."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(self.accessibleName())
        return QSize(TRACK_W + GAP + words + 4, max(TRACK_H + 6, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(TRACK_W + 4, self.sizeHint().height())

    def hitButton(self, position: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        left = self.width() - TRACK_W - 2 if rtl else 2
        track = QRectF(left + 0.5, (self.height() - TRACK_H) / 2 + 0.5, TRACK_W - 1, TRACK_H - 1)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.5)
        on = self.isChecked()
        painter.setPen(
            QPen(QColor(colours.text if self.hasFocus() else colours.accent if on else colours.muted), 1)
        )
        painter.setBrush(QColor(colours.accent if on else colours.field))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.on_accent if on else colours.muted))
        knob = track.height() / 2
        centre = track.right() - knob if on is not rtl else track.left() + knob
        painter.drawEllipse(QPointF(centre, track.center().y()), knob - 3, knob - 3)
        self._paint_words(painter, rtl)
        painter.end()

    def _paint_words(self, painter: QPainter, rtl: bool) -> None:
        width = self.width() - TRACK_W - GAP
        area = QRectF(0 if rtl else TRACK_W + GAP, 0, width, self.height())
        words = self.fontMetrics().elidedText(self.accessibleName(), Qt.TextElideMode.ElideRight, int(width))
        painter.setPen(self.palette().windowText().color())
        painter.setLayoutDirection(self.layoutDirection())  # by which left is where words begin
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
