"""Says over a terminal that is scrolled to its oldest line where the lines before it are."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ..card import button
from ..plain import PlainLabel

MARGIN_PX = 8


class OlderLines(QFrame):
    """Lies over the foot of its parent: the oldest line itself could not be scrolled out from under it."""

    log_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("older_lines")
        self.setProperty("role", "over")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._over, self._foot_px = parent, 0
        self._words = PlainLabel(name="older_lines_words")
        self._open = button("older_lines_open", self.tr("Open the log"), self.log_requested.emit)
        self._open.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the terminal
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._words)
        row.addWidget(self._open)
        self.set_logged(False)
        parent.installEventFilter(self)
        self.hide()

    def set_logged(self, is_logged: bool) -> None:
        """Whether there is a log that has them."""
        self._words.setText(self.tr("Older lines are in the log") if is_logged else self.tr("Older lines are not kept"))
        self._open.setVisible(is_logged)
        self._fit()

    @property
    def room_px(self) -> int:
        """How much of the foot it takes now, a margin included."""
        return 0 if self.isHidden() else self.height() + MARGIN_PX

    def lift(self, foot_px: int) -> None:
        """So much of the foot is something else's."""
        self._foot_px = foot_px
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.adjustSize()
        over = self._over.rect().adjusted(MARGIN_PX, MARGIN_PX, -MARGIN_PX, -MARGIN_PX)
        self.move(over.right() + 1 - self.width(), over.bottom() + 1 - self._foot_px - self.height())
