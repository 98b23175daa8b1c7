"""Words over a terminal: why nothing happens, or what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ..plain import PlainLabel
from .palette import DARK, Rgb, Scheme, blend

VEIL_ALPHA = 200
_RADIUS_PX = 8


class Plate(QWidget):
    """Lies over its parent and takes no mouse. A message veils the screen; a hint stands at its foot."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("terminal_plate")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._scheme = DARK
        self._is_hint = False
        self._words = PlainLabel(name="terminal_words", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._over = parent
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(1)
        column.addWidget(self._words)
        column.addStretch(1)
        parent.installEventFilter(self)
        self.hide()

    def show_words(self, text: str, is_hint: bool) -> None:
        self._is_hint = is_hint
        self._words.setText(text)
        self._column.setStretch(2, 0 if is_hint else 1)
        self.setGeometry(self._over.rect())
        self.setVisible(bool(text))
        self.update()

    def drop_hint(self) -> None:
        if self._is_hint:
            self.hide()

    def set_colours(self, scheme: Scheme) -> None:
        self._scheme = scheme
        palette = self._words.palette()
        palette.setColor(self._words.foregroundRole(), QColor(*scheme.foreground))
        self._words.setPalette(palette)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._over.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_hint:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*self._raised()))
            width = self._words.fontMetrics().boundingRect(self._words.text()).width() + 32
            box = self._words.geometry().adjusted(0, -6, 0, 6)
            box.setLeft(box.center().x() - width // 2)
            box.setWidth(width)
            painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
        else:
            veil = QColor(*self._scheme.background)
            veil.setAlpha(VEIL_ALPHA)
            painter.fillRect(self.rect(), veil)
        painter.end()

    def _raised(self) -> Rgb:
        return blend(self._scheme.foreground, self._scheme.background, 0.12)
