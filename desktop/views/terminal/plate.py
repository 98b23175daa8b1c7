"""Words over a terminal: why nothing happens, or what to do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ..plain import PlainLabel
from .palette import DARK, Scheme, blend

VEIL_ALPHA = 200
RADIUS_PX = 8
MARGIN_PX = 24
_LISTED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap


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
        self._over, self._foot_px = parent, 0
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        column.addStretch(1)
        column.addWidget(self._words)
        column.addStretch(1)
        parent.installEventFilter(self)
        self.hide()

    def show_words(self, text: str, is_hint: bool) -> None:
        self._is_hint = is_hint
        self._words.setText(text)
        self._column.setStretch(2, 0 if is_hint else 1)
        self._words.setAlignment(_LISTED if self._is_list else Qt.AlignmentFlag.AlignCenter)
        self._fit()
        self.setVisible(bool(text))
        self.update()

    def drop_hint(self) -> None:
        if self._is_hint:
            self.hide()

    def lift(self, foot_px: int) -> None:
        """So much of the foot is something else's."""
        self._foot_px = foot_px
        self._fit()

    def set_colours(self, scheme: Scheme) -> None:
        self._scheme = scheme
        palette = self._words.palette()
        palette.setColor(self._words.foregroundRole(), QColor(*scheme.foreground))
        self._words.setPalette(palette)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._is_hint:
            veil = QColor(*self._scheme.background)
            veil.setAlpha(VEIL_ALPHA)
            painter.fillRect(self.rect(), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*blend(self._scheme.foreground, self._scheme.background, 0.12)))
        painter.drawRoundedRect(self._box(), RADIUS_PX, RADIUS_PX)
        painter.end()

    @property
    def _is_list(self) -> bool:
        """A hint of several lines: they begin below each other."""
        return self._is_hint and "\n" in self._words.text()

    def _fit(self) -> None:
        self.setGeometry(self._over.rect())
        width = self._words.fontMetrics().boundingRect(QRect(0, 0, 4096, 4096), 0, self._words.text()).width()
        side = max(MARGIN_PX, (self.width() - width) // 2 if self._is_list else 0)
        self._column.setContentsMargins(side, MARGIN_PX, side, MARGIN_PX + self._foot_px)

    def _box(self) -> QRect:
        words = self._words
        flags = _LISTED | Qt.TextFlag.TextWordWrap if self._is_list else _WRAPPED
        text = words.fontMetrics().boundingRect(words.geometry(), flags, words.text())
        text.moveCenter(words.geometry().center())
        return text.adjusted(-16, -8, 16, 8)
