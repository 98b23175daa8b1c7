"""Copy mode, as GNU screen has it: the keyboard moves over screen and scrollback, marks and copies."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter

from desktop.terminal.screen import Screen

from .keys import is_bare_modifier
from .surface import Surface

_Key = Qt.Key
_STEPS: dict[str, tuple[int, int]] = {"h": (-1, 0), "l": (1, 0), "k": (0, -1), "j": (0, 1)}
_ARROWS: dict[int, str] = {
    _Key.Key_Left: "h", _Key.Key_Right: "l", _Key.Key_Up: "k", _Key.Key_Down: "j",
    _Key.Key_Home: "0", _Key.Key_End: "$", _Key.Key_Backspace: "h",
    _Key.Key_PageUp: "\x02", _Key.Key_PageDown: "\x06", _Key.Key_Return: " ", _Key.Key_Enter: " ",
}  # fmt: skip
_PAGES = {"\x02": -1.0, "\x06": 1.0, "\x15": -0.5, "\x04": 0.5}


class CopyMode(QObject):
    """While it is on, every key is its own. Nothing it does is sent to the guest."""

    began = Signal()
    ended = Signal()
    changed = Signal()
    copied = Signal()
    """The selection is what is to be copied."""
    find_requested = Signal()
    next_requested = Signal(bool)

    def __init__(self, screen: Screen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen = screen
        self._column = self._line = 0
        self._anchor: tuple[int, int] | None = None
        self.is_on = False

    def begin(self) -> None:
        """At the guest's cursor, or in the last line where that is out of view."""
        cursor, scroll = self._screen.cursor(), self._screen.scroll
        self._column = cursor.column if cursor is not None else 0
        self._line = scroll.first + (cursor.row if cursor is not None else scroll.shown - 1)
        self._anchor = None
        self.is_on = True
        self.began.emit()
        self.changed.emit()

    def end(self) -> None:
        if self.is_on:
            self.is_on = False
            self._screen.clear_selection()
            self._screen.scroll_to_bottom()
            self.ended.emit()
            self.changed.emit()

    def go_to(self, column: int, row: int) -> None:
        """To a cell of the viewport: what was looked for is there."""
        if self.is_on:
            self._move(column, self._screen.scroll.first + row)

    def takes(self, event: QKeyEvent) -> bool:
        if not self.is_on:
            return False
        if not is_bare_modifier(event):
            self._obey(_ARROWS.get(event.key()) or event.text(), event.key())
        return True

    def paint(self, painter: QPainter, surface: Surface) -> None:
        """Its cursor, on a painter whose origin is the first cell's corner."""
        row = self._line - self._screen.scroll.first
        if self.is_on and 0 <= row < self._screen.rows:
            area = surface.cell_rect(self._column, row)
            painter.save()
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
            painter.fillRect(area, QColor(255, 255, 255))
            painter.restore()

    def _obey(self, typed: str, key: int) -> None:
        scroll = self._screen.scroll
        if key == _Key.Key_Escape or typed == "q":
            self.end()
        elif typed in _STEPS:
            right, down = _STEPS[typed]
            self._move(self._column + right, self._line + down)
        elif typed in _PAGES:
            self._move(self._column, self._line + round(_PAGES[typed] * scroll.shown))
        elif typed in ("0", "^"):
            self._move(0, self._line)
        elif typed == "$":
            self._move(self._screen.columns - 1, self._line)
        elif typed in ("g", "G"):
            self._move(0, 0 if typed == "g" else scroll.total - 1)
        elif typed in ("/", "?"):
            self.find_requested.emit()
        elif typed in ("n", "N"):
            self.next_requested.emit(typed == "n")
        elif typed == " ":
            self._mark()

    def _mark(self) -> None:
        """The first time where it begins, the second time where it ends."""
        if self._anchor is None:
            self._anchor = self._column, self._line
            self._move(self._column, self._line)
        else:
            self.copied.emit()
            self.end()

    def _move(self, column: int, line: int) -> None:
        scroll = self._screen.scroll
        self._column = min(max(column, 0), self._screen.columns - 1)
        self._line = min(max(line, 0), scroll.total - 1)
        if self._line < scroll.first:
            self._screen.scroll_to(self._line)
        elif self._line >= scroll.first + scroll.shown:
            self._screen.scroll_to(self._line - scroll.shown + 1)
        if self._anchor is not None:
            begin, end = sorted((self._anchor, (self._column, self._line)), key=lambda spot: (spot[1], spot[0]))
            self._screen.select(begin, end)
        self.changed.emit()
