"""What the user looks for in a terminal: searched in slices between frames, and marked where it is seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QPainter

from desktop.terminal.screen import Screen
from desktop.terminal.search import Match, Search

from .palette import Scheme
from .surface import Surface

SLICE_S = 0.003


class Finder(QObject):
    """`found` tells how many there are, which one is gone to (counted from the newest, 1; 0: none), and whether
    the search is done."""

    found = Signal(int, int, bool)
    moved = Signal()
    """The viewport or the marks may be others."""

    def __init__(self, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._search = Search(screen)
        self._wanted = ""
        self._has_gone = False
        self._marks: list[Match] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_slice)

    @property
    def words(self) -> str:
        return self._wanted

    @property
    def current(self) -> Match | None:
        """The one that was gone to, where it is in view."""
        return next((mark for mark in self._marks if mark.is_current), None)

    def watch(self, screen: Screen) -> None:
        """Search another screen from now on; nothing is looked for yet. The last one may be closed then."""
        self.release()
        self._wanted, self._marks = "", []
        self._search = Search(screen)

    def look_for(self, text: str, goes: bool = True) -> None:
        """Search anew and go to the newest one, or mark only; nothing ends it."""
        self._wanted, self._has_gone = text, not goes
        self._search.look_for(text)
        self._on_slice()
        self.moved.emit()

    def go(self, older: bool) -> None:
        """To the next one, round and round."""
        self._go(older)
        self._tell(is_done=not self._timer.isActive())

    def release(self) -> None:
        """Let go of native memory: the screen goes, or is replaced. `resume` looks again."""
        self._timer.stop()
        self._search.close()

    def resume(self) -> None:
        if self._wanted:
            self.look_for(self._wanted)

    def refresh(self) -> bool:
        """Take in what the screen shows by now; whether other marks are to be painted."""
        before, self._marks = self._marks, []
        if self._wanted:
            self._search.follow()
            self._on_slice()
            self._marks = self._search.in_view()
        return self._marks != before

    def paint(self, painter: QPainter, surface: Surface) -> None:
        """Mark what is in view, on a painter whose origin is the first cell's corner."""
        if not self._marks:
            return
        inks = _inks(surface.scheme)
        painter.save()
        painter.setCompositionMode(inks.mode)
        for row, first, last, is_current in self._marks:
            area = surface.cell_rect(first, row, last - first + 1)
            painter.fillRect(area, inks.current if is_current else inks.other)
        painter.restore()

    def _on_slice(self) -> None:
        has_more = self._search.work(SLICE_S)
        if has_more != self._timer.isActive():
            self._timer.start() if has_more else self._timer.stop()
        if not self._has_gone and self._search.total:
            self._has_gone = True
            self._go(older=True)
        self._tell(is_done=not has_more)

    def _go(self, older: bool) -> None:
        self._search.go(older)
        self.moved.emit()

    def _tell(self, is_done: bool) -> None:
        index = self._search.index
        self.found.emit(self._search.total, 0 if index is None else index + 1, is_done)


class _Inks:
    """A marker's colours: under multiplication dark text stays dark, under screening light text stays light."""

    def __init__(self, mode: QPainter.CompositionMode, other: QColor, current: QColor) -> None:
        self.mode, self.other, self.current = mode, other, current


def _inks(scheme: Scheme) -> _Inks:
    mode = QPainter.CompositionMode
    if sum(scheme.background) < 3 * 128:
        return _Inks(mode.CompositionMode_Screen, QColor(84, 66, 0), QColor(168, 92, 0))
    return _Inks(mode.CompositionMode_Multiply, QColor(255, 236, 150), QColor(255, 186, 84))
