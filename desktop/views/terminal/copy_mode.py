"""Copy mode in the widget: a picture of the screen as it was, its keys and its cursor."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from desktop.terminal import copy_mode
from desktop.terminal.copy_mode import CopyWish
from desktop.terminal.screen import Screen

from .keys import is_bare_modifier
from .surface import Surface

_Key = Qt.Key
_MEANT: dict[int, str] = {
    _Key.Key_Left: copy_mode.LEFT, _Key.Key_Right: copy_mode.RIGHT,
    _Key.Key_Up: copy_mode.UP, _Key.Key_Down: copy_mode.DOWN,
    _Key.Key_Home: copy_mode.START, _Key.Key_End: copy_mode.END,
    _Key.Key_PageUp: copy_mode.PAGE_UP, _Key.Key_PageDown: copy_mode.PAGE_DOWN,
}  # fmt: skip


class CopyMode(QObject):
    """While it is on, every key is its own, and what is shown is a copy: what is printed meanwhile cannot move it.
    Nothing it does is sent to the guest."""

    began = Signal()
    ended = Signal()
    changed = Signal()
    copied = Signal()
    """The selection is what is to be copied."""
    find_requested = Signal(bool)
    """Whether an older one is meant."""
    sought = Signal(str)
    missed = Signal(str)
    """Words that are nowhere."""

    def __init__(self, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = screen
        self._screen: Screen | None = None
        self._mode: copy_mode.CopyMode | None = None
        self._words, self._is_older = "", True

    @property
    def is_on(self) -> bool:
        return self._mode is not None

    @property
    def screen(self) -> Screen | None:
        """The copy, while it is on."""
        return self._screen

    @property
    def spot(self) -> tuple[int, int]:
        """Row of the viewport and column of its cursor."""
        return (self._mode.row, self._mode.column) if self._mode is not None else (0, 0)

    def begin(self) -> None:
        if self._mode is not None:
            return
        self._screen = self._source.copy()
        self._screen.changed_rows(full=True)  # the cursor is as of then
        self._mode = copy_mode.CopyMode(self._screen)
        self.began.emit()
        self.changed.emit()

    def end(self) -> None:
        """Back to what the guest shows by now."""
        screen, self._screen, self._mode = self._screen, None, None
        if screen is not None:
            self.ended.emit()  # whoever looks at the copy lets go of it
            screen.close()
            self._source.clear_selection()
            self._source.scroll_to_bottom()
            self.changed.emit()

    def fit(self, columns: int, rows: int) -> None:
        """There is only so much room."""
        if self._screen is not None and self._mode is not None:
            self._screen.resize(min(columns, self._screen.columns), min(rows, self._screen.rows))
            self._mode.go(self._mode.column, self._mode.line)
            self.changed.emit()

    def look_for(self, words: str, older: bool) -> None:
        """Go to the next place of these words; they are what n and N look for from now on."""
        self._words, self._is_older = words or self._words, older
        self._find(older)

    def takes(self, event: QKeyEvent) -> bool:
        if self._mode is None:
            return False
        if not is_bare_modifier(event):
            self._obey(self._mode.obey(_MEANT.get(event.key()) or event.text()))
        return True

    def paint(self, painter: QPainter, surface: Surface) -> None:
        """Its cursor, on a painter whose origin is the first cell's corner."""
        if self._mode is not None and self._screen is not None and 0 <= self._mode.row < self._screen.rows:
            area = surface.cell_rect(self._mode.column, self._mode.row)
            painter.save()
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
            painter.fillRect(area, QColor(255, 255, 255))
            painter.restore()

    def _find(self, older: bool) -> None:
        if not self._words or self._mode is None:
            return
        if self._mode.find(self._words, older):
            self.sought.emit(self._words)
        else:
            self.missed.emit(self._words)
        self.changed.emit()

    def _obey(self, wish: CopyWish | None) -> None:
        if wish is None:
            self.changed.emit()
        elif wish in (CopyWish.FIND, CopyWish.FIND_OLDER):
            self.find_requested.emit(wish is CopyWish.FIND_OLDER)
        elif wish in (CopyWish.NEXT, CopyWish.NEXT_OTHER_WAY):
            self._find(self._is_older if wish is CopyWish.NEXT else not self._is_older)
        else:
            if wish is CopyWish.COPY:
                self.copied.emit()
            self.end()
