"""The picture of a screen: an image at the display's true resolution, of which only changed rows are drawn anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.terminal.cells import Glyph
from desktop.terminal.render import BAR, HOLLOW, UNDERLINE, Colours, Cursor, Rgb, Row
from desktop.terminal.screen import Screen

from .metrics import CellMetrics
from .painter import RowPainter
from .palette import Scheme, contrast
from .preedit import Preedit

_LEAST_CONTRAST = 1.5


class Surface:
    """All sizes and positions here are in device pixels from the corner of the first cell."""

    def __init__(self, metrics: CellMetrics, scheme: Scheme) -> None:
        self.metrics = metrics
        self.scheme = scheme
        self.cursor: Cursor | None = None
        self._rows: dict[int, Row] = {}
        self._image = QImage()
        self._painter: RowPainter | None = None

    def restyle(self, metrics: CellMetrics, scheme: Scheme) -> None:
        """Draw everything anew at the next `refresh`."""
        self.metrics, self.scheme = metrics, scheme
        self._painter = None

    def forget(self) -> None:
        """Let go of what only makes drawing faster: it will not be seen for a while."""
        if self._painter is not None:
            self._painter.forget()

    @property
    def size(self) -> QSize:
        return self._image.size()

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of the picture."""
        return self.size.width() // self.metrics.width, self.size.height() // self.metrics.height

    @property
    def background(self) -> QColor:
        return self._painter.background if self._painter else QColor(*self.scheme.background)

    def refresh(self, screen: Screen, full: bool = False, taken: Callable[[], None] | None = None) -> QRect:
        """Draw what has changed, or everything, and return where; empty if nothing has.

        `taken` is called when the screen is not needed any more, and before what takes as long again: to draw.
        """
        columns = screen.columns
        before = self.cursor_rect()
        everything = self._fit(QSize(columns * self.metrics.width, screen.rows * self.metrics.height))
        changed = screen.changed_rows(full or everything or self._painter is None)
        colours, cursor = screen.colours(), screen.cursor()
        if self._painter is None or self._painter.colours is not colours:
            changed = screen.changed_rows(full=True)
            self._painter = RowPainter(self.metrics, colours, self.scheme)
        if taken is not None:
            taken()
        self._draw(self._painter, changed, columns)
        area = self._rows_rect(changed)
        if cursor != self.cursor:
            self.cursor = cursor
            area = area.united(before).united(self.cursor_rect())
        return area

    def cursor_rect(self) -> QRect:
        """The cells under the cursor; empty while there is none."""
        if self.cursor is None:
            return QRect()
        return self.cell_rect(self.cursor.column, self.cursor.row, self._cells_at_cursor())

    def cell_rect(self, column: int, row: int, cells: int = 1) -> QRect:
        width, height = self.metrics.width, self.metrics.height
        return QRect(column * width, row * height, cells * width, height)

    def text_before(self, row: int, column: int) -> str:
        """What stands in a row before a cell, as characters."""
        found, end = "", 0
        line = self._rows.get(row)
        for x, cells, text, _ in line.runs if line is not None else ():
            if x >= column:
                break
            part = str(text) if isinstance(text, Glyph) else (text or " " * cells)[: column - x]
            found += " " * (x - end) + part
            end = x + (cells if isinstance(text, Glyph) else len(part))
        return found + " " * (column - end)

    def paint(self, painter: QPainter, at: QPoint) -> None:
        """Copy the picture to a painter that works in device pixels too."""
        painter.drawImage(at, self._image)

    def paint_cursor(self, painter: QPainter, is_focused: bool) -> None:
        """Draw the cursor; the painter's origin is the first cell's corner."""
        cursor, rect, line = self.cursor, self.cursor_rect(), self.metrics.line
        if cursor is None or self._painter is None:
            return
        colour = QColor(*self._cursor_colour(self._painter.colours))
        row = self._rows.get(cursor.row)
        if not is_focused or cursor.shape == HOLLOW or row is None:
            _frame(painter, rect, line, colour)
        elif cursor.shape == BAR:
            painter.fillRect(rect.x(), rect.y(), 2 * line, rect.height(), colour)
        elif cursor.shape == UNDERLINE:
            painter.fillRect(rect.x(), rect.bottom() + 1 - 2 * line, rect.width(), 2 * line, colour)
        else:
            self._painter.paint_cursor(painter, row, cursor.column, self._cells_at_cursor(), colour)

    def paint_preedit(self, painter: QPainter, preedit: Preedit, column: int, row: int) -> None:
        """Draw what an input method is composing, from a cell on."""
        area = self.cell_rect(column, row)
        painter.save()
        painter.setClipRect(QRect(QPoint(0, 0), self.size), Qt.ClipOperation.IntersectClip)
        preedit.paint(painter, area.x(), area.y(), self.metrics, self.scheme)
        painter.restore()

    def _cursor_colour(self, colours: Colours) -> Rgb:
        """On a reversed screen the usual one may be that of the background."""
        colour = colours.cursor or self.scheme.cursor
        return colour if contrast(colour, colours.background) >= _LEAST_CONTRAST else colours.foreground

    def _fit(self, size: QSize) -> bool:
        if self._image.size() == size:
            return False
        self._image = QImage(size, QImage.Format.Format_RGB32)
        self._image.fill(self.background)
        self._rows.clear()
        return True

    def _draw(self, rows_painter: RowPainter, changed: list[Row], columns: int) -> None:
        if not changed:
            return
        painter = QPainter(self._image)
        for row in changed:
            rows_painter.paint(painter, row, columns)
            self._rows[row.y] = row
        painter.end()

    def _rows_rect(self, changed: list[Row]) -> QRect:
        if not changed:
            return QRect()
        top, bottom = changed[0].y, changed[-1].y
        height = self.metrics.height
        return QRect(0, top * height, self._image.width(), (bottom - top + 1) * height)

    def _cells_at_cursor(self) -> int:
        row = self._rows.get(self.cursor.row) if self.cursor else None
        for x, cells, text, _ in row.runs if row else ():
            if self.cursor and x == self.cursor.column and isinstance(text, Glyph):
                return cells
        return 1


def _frame(painter: QPainter, rect: QRect, line: int, colour: QColor) -> None:
    painter.fillRect(rect.x(), rect.y(), rect.width(), line, colour)
    painter.fillRect(rect.x(), rect.bottom() + 1 - line, rect.width(), line, colour)
    painter.fillRect(rect.x(), rect.y(), line, rect.height(), colour)
    painter.fillRect(rect.right() + 1 - line, rect.y(), line, rect.height(), colour)
