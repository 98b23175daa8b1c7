"""The mouse over a terminal: to the guest where it has asked for it, else to the selection."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from desktop.terminal.keys import (
    LEFT,
    MIDDLE,
    MOTION,
    PRESS,
    RELEASE,
    RIGHT,
    WHEEL_DOWN,
    WHEEL_LEFT,
    WHEEL_RIGHT,
    WHEEL_UP,
    KeyEncoder,
    MouseEncoder,
)
from desktop.terminal.screen import Screen
from desktop.terminal.selection import SelectionGesture

from .keys import modifiers_of
from .metrics import CellMetrics

_BUTTONS = {
    Qt.MouseButton.LeftButton: LEFT,
    Qt.MouseButton.MiddleButton: MIDDLE,
    Qt.MouseButton.RightButton: RIGHT,
}
_NOTCH = 120
_LINES_PER_NOTCH = 3
_AUTOSCROLL_MS = 40
_MODE_ALTERNATE_SCROLL = 1007


def is_openable(link: str) -> bool:
    """Whether a click may lead there, after a question. Other links are only told."""
    return link.startswith(("http://", "https://"))


class Grid(Protocol):
    """Where cells are on the widget."""

    @property
    def metrics(self) -> CellMetrics: ...

    def to_grid(self, position: QPointF) -> QPointF:
        """A position of the widget in device pixels from the first cell's corner."""


class Pointer(QObject):
    """Handles a display's mouse events. Shift always means the selection, whatever the guest asked for."""

    reported = Signal(bytes)
    """What the guest is to be told."""
    changed = Signal()
    """The selection or the viewport is another one."""
    selected = Signal()
    """A selection is complete."""
    middle_clicked = Signal()
    link_requested = Signal(str)
    hovered = Signal(str)
    """The address of the link that the pointer is over now, or nothing."""

    def __init__(self, screen: Screen, grid: Grid, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen = screen
        self._grid = grid
        self._mouse = MouseEncoder(screen)
        self._keys = KeyEncoder(screen)
        self._gesture = SelectionGesture(screen)
        self._wheel = 0
        self._last = QPointF()
        self._is_block = False
        self._is_copy = False
        self._hovered = ""
        self._autoscroll = QTimer(self, interval=_AUTOSCROLL_MS)
        self._autoscroll.timeout.connect(self._scroll_on)

    def close(self) -> None:
        """Let go of native memory; call it before the screen's is freed or replaced."""
        self._autoscroll.stop()
        self._gesture.close()

    def reopen(self) -> None:
        """Begin anew on the screen's new native terminal."""
        self._gesture = SelectionGesture(self._screen)
        self.fit()

    def watch(self, screen: Screen, is_copy: bool) -> None:
        """Point at another screen; over a copy of the guest's nothing is the guest's."""
        self.close()
        self._screen, self._is_copy = screen, is_copy
        self.reopen()

    def fit(self) -> None:
        """Take over the size of cells and grid."""
        metrics = self._grid.metrics
        self._gesture.set_cell_size(metrics.width, metrics.height)
        self._mouse.set_cell_size(metrics.width, metrics.height)

    def press(self, event: QMouseEvent) -> None:
        if self._is_guests(event):
            self._report(PRESS, event)
            return
        position = self._grid.to_grid(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._follow_link(position):
                return
            self._gesture.press(position.x(), position.y(), time.monotonic_ns())
            self.changed.emit()
        elif event.button() == Qt.MouseButton.MiddleButton and not self._is_copy:
            self.middle_clicked.emit()

    def move(self, event: QMouseEvent) -> None:
        self._hover(self._link_at(self._grid.to_grid(event.position())))
        if self._gesture.is_dragging:
            self._last = self._grid.to_grid(event.position())
            self._is_block = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            self._drag()
        elif self._is_guests(event):
            self._report(MOTION, event)

    def release(self, event: QMouseEvent) -> None:
        if self._gesture.is_dragging:
            self._autoscroll.stop()
            position = self._grid.to_grid(event.position())
            self._gesture.release(position.x(), position.y())
            self.selected.emit()
        elif self._is_guests(event):
            self._report(RELEASE, event)

    def wheel(self, event: QWheelEvent) -> None:
        """Scroll the viewport, or tell the guest; pagers without a mouse get cursor keys."""
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._wheel / _NOTCH)
        if event.pixelDelta().isNull() and not notches:
            return
        lines = int(self._wheel * _LINES_PER_NOTCH / _NOTCH)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._screen.wants_mouse and not shift and not self._is_copy:
            self._wheel -= notches * _NOTCH
            self._report_wheel(event, notches)
        elif lines:
            self._wheel -= lines * _NOTCH // _LINES_PER_NOTCH
            is_pager = self._screen.is_alternate and self._screen.mode(_MODE_ALTERNATE_SCROLL)
            if is_pager and not self._is_copy:
                key = self._keys.encode("ARROW_UP" if lines > 0 else "ARROW_DOWN")
                self.reported.emit(key * abs(lines))
            else:
                self._screen.scroll_by(-lines)
                self.changed.emit()

    def _drag(self) -> None:
        height = self._screen.rows * self._grid.metrics.height
        is_outside = not 0 <= self._last.y() < height
        if is_outside != self._autoscroll.isActive():
            self._autoscroll.start() if is_outside else self._autoscroll.stop()
        self._gesture.drag(self._last.x(), self._last.y(), self._is_block)
        self.changed.emit()

    def _scroll_on(self) -> None:
        """The pointer is held above or below the grid while it selects."""
        self._screen.scroll_by(-1 if self._last.y() < 0 else 1)
        self._gesture.drag(self._last.x(), self._last.y(), self._is_block)
        self.changed.emit()

    def leave(self) -> None:
        self._hover("")

    def _hover(self, link: str) -> None:
        if link != self._hovered:
            self._hovered = link
            self.hovered.emit(link)

    def _link_at(self, position: QPointF) -> str:
        metrics = self._grid.metrics
        column, row = int(position.x() // metrics.width), int(position.y() // metrics.height)
        if not (0 <= column < self._screen.columns and 0 <= row < self._screen.rows):
            return ""
        return self._screen.link_at(column, row)

    def _follow_link(self, position: QPointF) -> bool:
        link = self._link_at(position)
        if not is_openable(link):
            return False
        self.link_requested.emit(link)
        return True

    def _is_guests(self, event: QMouseEvent) -> bool:
        is_asked_for = self._screen.wants_mouse and not self._is_copy
        return is_asked_for and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier

    def _report(self, action: int, event: QMouseEvent) -> None:
        button = _BUTTONS.get(event.button(), 0)
        if action == MOTION:
            button = next((code for held, code in _BUTTONS.items() if event.buttons() & held), 0)
        position = self._grid.to_grid(event.position())
        is_pressed = event.buttons() != Qt.MouseButton.NoButton
        modifiers = modifiers_of(event.modifiers())
        self._emit(self._mouse.encode(action, button, position.x(), position.y(), modifiers, is_pressed))

    def _report_wheel(self, event: QWheelEvent, notches: int) -> None:
        is_vertical = event.angleDelta().y() != 0
        up, down = (WHEEL_UP, WHEEL_DOWN) if is_vertical else (WHEEL_LEFT, WHEEL_RIGHT)
        position = self._grid.to_grid(event.position())
        modifiers = modifiers_of(event.modifiers())
        button = up if notches > 0 else down
        for _ in range(abs(notches)):
            self._emit(self._mouse.encode(PRESS, button, position.x(), position.y(), modifiers))

    def _emit(self, data: bytes) -> None:
        if data:
            self.reported.emit(data)
