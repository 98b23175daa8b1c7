"""Search, questions, and why it takes no keys, over a terminal: room taken from it would be the guest's tty's, too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget


class Bars(QFrame):
    """Lies over the foot of `over`, beside which it stands in their parent; over its head where what is looked at,
    as `looked_at` tells in the coordinates of `over`, is at the foot."""

    placed = Signal(int)
    """How much of the foot it lies over."""

    def __init__(self, over: QWidget, bars: Sequence[QWidget], looked_at: Callable[[], QRect], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("terminal_bars")
        self.setProperty("role", "over")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._over, self._looked_at = over, looked_at
        self._bars: list[QWidget] = []
        self._is_at_head = False
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in bars:
            self.add(bar)
        over.installEventFilter(self)
        self.hide()

    def add(self, bar: QWidget) -> None:
        """One more, below the others."""
        self._bars.append(bar)
        self._column.addWidget(bar)
        bar.installEventFilter(self)

    def give_way(self) -> None:
        """What is looked at may be elsewhere by now: go to the other end where it is under the bars."""
        if self.isVisible():
            self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        elif event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                event.accept()  # it closes a bar, and not what the terminal is in
                return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and watched is not self._over:
            self._follow()
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched is self._over:
            self._place()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        wanted = any(not bar.isHidden() for bar in self._bars)
        if wanted and self.isHidden():
            self._is_at_head = False
        self.setVisible(wanted)
        self._place()
        self.raise_()

    def _place(self) -> None:
        room = self._over.rect()
        column = self._column
        height = column.totalHeightForWidth(room.width()) if column.hasHeightForWidth() else self.sizeHint().height()
        foot, head = QRect(room), QRect(room)
        foot.setTop(room.bottom() + 1 - height)
        head.setHeight(height)
        spot = self._looked_at()
        if (head if self._is_at_head else foot).intersects(spot):
            self._is_at_head = not self._is_at_head and not head.intersects(spot)
        place = head if self._is_at_head else foot
        self.setGeometry(place.translated(self._over.pos()))
        self.placed.emit(0 if self.isHidden() or self._is_at_head else height)
