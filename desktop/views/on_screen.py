"""Whether anybody can see a widget: Qt calls one visible whose window is minimised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent, QWindow
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    AnyWidget = QWidget
else:
    AnyWidget = object  # a class of Qt's comes after it


def is_on_screen(widget: QWidget) -> bool:
    return widget.isVisible() and not _is_minimised(widget)


class OnScreen(QObject):
    """`changed` comes when the widget, or its window, is shown, hidden, minimised or brought back.

    The widget is a Watched one, which tells it. An event filter would be called in the middle of the end of the widget
    too, when there is nothing of it left for Python.
    """

    changed = Signal(bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._window: QWindow | None = None
        self._is_seen = False

    def tell(self) -> None:
        self._watch(self._widget.window().windowHandle())
        seen = is_on_screen(self._widget)
        if seen != self._is_seen:
            self._is_seen = seen
            self.changed.emit(seen)

    def _watch(self, window: QWindow | None) -> None:
        """Not before it is shown: parts are made before they have a window."""
        if window is not None and window is not self._window:
            if self._window is not None:
                self._window.windowStateChanged.disconnect(self._on_state)
            self._window = window
            window.windowStateChanged.connect(self._on_state)

    def _on_state(self, _state: Qt.WindowState) -> None:
        self.tell()


class Watched(AnyWidget):
    """A base before Qt's own, of a widget with an OnScreen."""

    _on_screen: OnScreen

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_screen.tell()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._on_screen.tell()


def _is_minimised(widget: QWidget) -> bool:
    """By the window itself, which knows it before the widget does."""
    window: QWindow | None = widget.window().windowHandle()  # Qt's stubs do not know that there may be none
    if window is None:
        return widget.window().isMinimized()
    return bool(window.windowStates() & Qt.WindowState.WindowMinimized)
