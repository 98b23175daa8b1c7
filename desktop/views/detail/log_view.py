"""The lines of a log: the newest so many, coloured, with a bar beside those of stderr."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop.core.ansi import PLAIN, Look, pieces, safe
from desktop.core.container_log import LogLine, Source

from ..theme import colours_of
from .log_looks import LogLooks

KEPT_LINES, KEPT_CHARACTERS = 10_000, 3_000_000
SLICE_S = 0.010
"""How long the window is busy with new lines before it looks at keys again."""
PAUSE_MS = 20
BAR_PX, MARGIN_PX, LEFT_PX = 3, 8, 12


class Shown(NamedTuple):
    """A line of the document: block for block the same."""

    line: LogLine
    prefix: int  # characters of the timestamp
    text: str


class LogView(QPlainTextEdit):
    """Follows the end until the user scrolls away from it, and again once back there."""

    following_changed = Signal(bool)
    lines_changed = Signal()  # shown ones came or went

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setProperty("role", "lines")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setCenterOnScroll(False)
        self.document().setDocumentMargin(MARGIN_PX)
        self.setViewportMargins(LEFT_PX, 0, 0, 0)
        self.shown: list[Shown] = []
        self._characters = self._gone = 0
        self._waiting: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self._last_looks: dict[Source, Look] = {}
        self._looks = LogLooks(self.palette())
        self._with_stamps = False
        self._following = True
        self._rebuilt: int | None = None  # while all is put anew: how far from the end it was scrolled
        self._own_scroll = False
        self._soon = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._soon.timeout.connect(self._put_some)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)

    def add(self, lines: Iterable[LogLine]) -> None:
        before = len(self._waiting)
        found = list(lines)
        self._waiting.extend(found)
        if before + len(found) > KEPT_LINES and self.shown:
            self._empty()  # what is shown is older than what was let go: it would leave a hole without a mark
        if not self._soon.isActive():
            self._soon.start(PAUSE_MS)

    def forget(self) -> None:
        """Shows nothing of what was until now."""
        self._waiting.clear()
        self._empty()
        self.set_following(True)
        self.lines_changed.emit()

    def set_stamps(self, wanted: bool) -> None:
        self._with_stamps = wanted
        self._again()

    def set_wrapped(self, wrapped: bool) -> None:
        modes = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(modes.WidgetWidth if wrapped else modes.NoWrap)
        if self._following:
            self._to_end()

    def set_following(self, following: bool) -> None:
        if following:
            self._to_end()
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def taken_away(self) -> int:
        """How many lines went at the top since this was asked last."""
        gone, self._gone = self._gone, 0
        return gone

    def text_lines(self) -> list[str]:
        return [shown.text for shown in self.shown]

    def select(self, number: int, start: int, length: int) -> None:
        """Selects characters of a shown line, and brings them into sight."""
        self.set_following(False)
        cursor = self.cursor_at(number, start, length)
        self._own_scroll = True
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self._own_scroll = False

    def cursor_at(self, number: int, start: int, length: int) -> QTextCursor:
        shown = self.shown[number]
        before, found = shown.text[:start], shown.text[start : start + length]
        block = self.document().findBlockByNumber(number)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + shown.prefix + _units(before))
        cursor.setPosition(cursor.position() + _units(found), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def in_sight(self) -> range:
        """Numbers of the lines that are on the screen."""
        first = self.firstVisibleBlock()
        bottom = self.viewport().height()
        block, last = first, first.blockNumber()
        while block.isValid() and self._top(block) <= bottom:
            last = block.blockNumber()
            block = block.next()
        return range(first.blockNumber(), min(last + 1, len(self.shown)))

    def mark(self, cursors: Iterable[QTextCursor], current: QTextCursor | None) -> None:
        """Shows what a search has found."""
        colours = colours_of(self.palette())
        selections = []
        for cursor in cursors:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            is_current = current is not None and cursor.position() == current.position()
            fill = QColor(colours.accent if is_current else colours.warn_line)
            selection.format.setBackground(fill)
            front = colours.on_accent if is_current else "#1a2330"
            selection.format.setForeground(QColor(front))
            selections.append(selection)
        self.setExtraSelections(selections)

    def resizeEvent(self, event: QResizeEvent) -> None:
        before, self._own_scroll = self._own_scroll, True  # it wraps anew, which moves the lines
        super().resizeEvent(event)
        self._own_scroll = before
        if self._following:
            self._to_end()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        colour = QColor(colours_of(self.palette()).danger_text)
        for number in self.in_sight():
            if self.shown[number].line.source is Source.STDERR:
                block = self.document().findBlockByNumber(number)
                height = block.layout().boundingRect().height()
                painter.fillRect(0, round(self._top(block)), BAR_PX, round(height), colour)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_soon"):
            self._looks = LogLooks(self.palette())
            self._again()

    def _top(self, block: QTextBlock) -> float:
        return self.blockBoundingGeometry(block).translated(self.contentOffset()).top()

    def _again(self) -> None:
        """Everything anew, a slice at a time; until it is done the picture stays as it was."""
        bar = self.verticalScrollBar()
        if self._rebuilt is None:
            self._rebuilt = 0 if self._following else bar.maximum() - bar.value()
        lines = [shown.line for shown in self.shown]
        self._waiting.extendleft(reversed(lines[-(KEPT_LINES - len(self._waiting)) :]))
        self.setUpdatesEnabled(False)
        self._empty()
        self._put_some()

    def _empty(self) -> None:
        before, self._own_scroll = self._own_scroll, True
        self.document().clear()
        self._own_scroll = before
        self.shown, self._characters = [], 0
        self._last_looks = {}

    def _put_some(self) -> None:
        end = monotonic() + SLICE_S
        self._own_scroll = True
        self.setUpdatesEnabled(False)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        while self._waiting and monotonic() < end:
            self._put(cursor, self._waiting.popleft())
        cursor.endEditBlock()
        self._trim()
        self._keep_sight()
        self._own_scroll = False
        if self._waiting:
            self._soon.start(0 if self._rebuilt is not None else PAUSE_MS)
        self.lines_changed.emit()

    def _keep_sight(self) -> None:
        if self._following:
            self._to_end()
        if self._rebuilt is not None and self._waiting:
            return
        if self._rebuilt:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum() - self._rebuilt)
        self._rebuilt = None
        self.setUpdatesEnabled(True)

    def _put(self, cursor: QTextCursor, line: LogLine) -> None:
        if self.shown:
            cursor.insertBlock()
        if line.is_mark:
            text, prefix = self._mark_words(line), 0
            cursor.insertText(text, self._looks.mark)
            self._last_looks = {}
        else:
            found, self._last_looks[line.source] = pieces(line.text, self._last_looks.get(line.source, PLAIN))
            stamp = f"{local_time(line.stamp)}  " if self._with_stamps and line.stamp else ""
            if stamp:
                cursor.insertText(stamp, self._looks.muted)
            for part, look in found:
                cursor.insertText(part, self._looks.format(look))
            text, prefix = "".join(part for part, _ in found), len(stamp)
        self.shown.append(Shown(line, prefix, text))
        self._characters += len(text)

    def _mark_words(self, line: LogLine) -> str:
        if line.source is Source.AGAIN:
            return "── " + self.tr("The container was started again") + " ──"
        return "── " + self.tr("Lines are left out here: they came faster than can be shown") + " ──"

    def _trim(self) -> None:
        """Lets the oldest go."""
        count = max(0, len(self.shown) - KEPT_LINES)
        characters = self._characters - sum(len(shown.text) for shown in self.shown[:count])
        while characters > KEPT_CHARACTERS and count < len(self.shown) - 1:
            characters -= len(self.shown[count].text)
            count += 1
        if not count:
            return
        sight = self.firstVisibleBlock().blockNumber()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.document().findBlockByNumber(count).position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self.shown[:count]
        self._gone += count
        self._characters = characters
        if not self._following:
            block = self.document().findBlockByNumber(max(0, sight - count))
            self.verticalScrollBar().setValue(block.firstLineNumber())

    def _to_end(self) -> None:
        before, self._own_scroll = self._own_scroll, True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._own_scroll = before

    def _on_range(self) -> None:
        if self._following:
            self._to_end()

    def _on_scrolled(self, value: int) -> None:
        if not self._own_scroll:
            following = value >= self.verticalScrollBar().maximum()
            if following != self._following:
                self._following = following
                self.following_changed.emit(following)


def local_time(stamp: str) -> str:
    """The clock of the user, to the millisecond, with the day where it was another one."""
    try:
        then = datetime.fromisoformat(stamp[:23].rstrip("Z") + "+00:00").astimezone()
    except ValueError:
        return safe(stamp)[:40]
    form = "%H:%M:%S" if then.date() == datetime.now().astimezone().date() else "%Y-%m-%d %H:%M:%S"
    return f"{then.strftime(form)}.{then.microsecond // 1000:03}"


def _units(text: str) -> int:
    """Length as Qt counts it: letters outside the basic plane are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
