"""The lines of a log: the newest so many that pass its filter, coloured, with a bar beside those of stderr."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from desktop.core.ansi import PLAIN, Look, Piece, pieces, safe
from desktop.core.container_log import LogLine, Source
from desktop.core.text import visible

from ..icons import contrast
from ..theme import colours_of
from .log_filter import LogFilter
from .log_looks import LogLooks
from .log_search import in_small_letters

KEPT_LINES, KEPT_CHARACTERS = 10_000, 3_000_000
SLICE_S = 0.010
"""How long the window is busy with new lines before it looks at keys again."""
PAUSE_MS = 20
BAR_PX, MARGIN_PX, LEFT_PX = 3, 8, 12
NAME_LIMIT = 24


class Shown(NamedTuple):
    """A line of the document: block for block the same."""

    line: LogLine
    prefix: int  # characters of the timestamp and the name
    text: str
    small: str  # the text in small letters, for the search


class LogView(QPlainTextEdit):
    """Follows the end until the user scrolls away from it, and again once back there."""

    following_changed = Signal(bool)
    lines_changed = Signal()  # shown ones came or went
    filter_gave_up = Signal()  # its pattern takes too long: all lines are shown

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
        self._lines: list[LogLine] = []  # those that the filter hides, too
        self._done = self._done_characters = 0  # of them: put, or hidden; the others wait
        self._filter = LogFilter()
        self._names: dict[str, int] = {}
        self._last_looks: dict[tuple[Source, str], Look] = {}
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
        for line in lines:
            self._names.setdefault(line.name, len(self._names))
            self._lines.append(line)
        if len(self._lines) - self._done > KEPT_LINES:
            del self._lines[:-KEPT_LINES]
            self._gone += len(self.shown)
            self._empty()  # what is shown is older than what was let go: it would leave a hole without a mark
        if not self._soon.isActive():
            self._soon.start(PAUSE_MS)

    def forget(self) -> None:
        """Shows nothing of what was until now."""
        self._lines = []
        self._names = {}
        self._empty()
        self.set_following(True)
        self.lines_changed.emit()

    def set_stamps(self, wanted: bool) -> None:
        self._with_stamps = wanted
        self._again()

    def set_filter(self, wanted: LogFilter) -> None:
        """Shows only lines that pass, of those that are there and of those that come."""
        if wanted.pattern != self._filter.pattern:
            self._filter = wanted
            self._again()

    @property
    def is_following(self) -> bool:
        return self._following

    @property
    def kept(self) -> int:
        """How many lines there are, shown or hidden by the filter."""
        return self._done

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

    def small_lines(self) -> list[str]:
        return [shown.small for shown in self.shown]

    def select(self, number: int, start: int, length: int) -> None:
        """Selects characters of a shown line, and brings them into sight."""
        self.set_following(False)
        with self._scrolling():
            self.setTextCursor(self.cursor_at(number, start, length))
            self.ensureCursorVisible()

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
        block = self.firstVisibleBlock()  # none where it is lower than a line
        bottom = self.viewport().height()
        first = last = max(0, block.blockNumber())
        while block.isValid() and self._top(block) <= bottom:
            last = block.blockNumber()
            block = block.next()
        return range(first, min(last + 1, len(self.shown)))

    def mark(self, cursors: Iterable[QTextCursor], current: QTextCursor | None) -> None:
        """Shows what a search has found."""
        colours = colours_of(self.palette())
        usual, at_hand = _mark_format(colours.warn_line), _mark_format(colours.accent)
        selections = []
        for cursor in cursors:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            is_current = current is not None and cursor.position() == current.position()
            selection.format = at_hand if is_current else usual
            selections.append(selection)
        self.setExtraSelections(selections)

    def resizeEvent(self, event: QResizeEvent) -> None:
        with self._scrolling():  # it wraps anew, which moves the lines
            super().resizeEvent(event)
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

    @contextmanager
    def _scrolling(self) -> Iterator[None]:
        """What is scrolled within it is not by the user."""
        before, self._own_scroll = self._own_scroll, True
        try:
            yield
        finally:
            self._own_scroll = before

    def _again(self) -> None:
        """Everything anew, a slice at a time; until it is done the picture stays as it was."""
        bar = self.verticalScrollBar()
        if self._rebuilt is None:
            self._rebuilt = 0 if self._following else bar.maximum() - bar.value()
        del self._lines[:-KEPT_LINES]
        self.setUpdatesEnabled(False)
        self._empty()
        self._put_some()

    def _empty(self) -> None:
        """Shows nothing: all lines wait."""
        self.shown, self._characters = [], 0  # before it scrolls, and somebody looks at what is in sight
        with self._scrolling():
            self.document().clear()
        self._done = self._done_characters = 0
        self._last_looks = {}

    def _put_some(self) -> None:
        self.setUpdatesEnabled(False)
        try:
            with self._scrolling():
                self._put_slice()
                self._trim()
                self._keep_sight()
        except TimeoutError:
            self._filter = LogFilter()
            self._again()
            self.filter_gave_up.emit()
            return
        if self._waits:
            self._soon.start(0 if self._rebuilt is not None else PAUSE_MS)
        self.lines_changed.emit()

    @property
    def _waits(self) -> bool:
        return self._done < len(self._lines)

    def _put_slice(self) -> None:
        """Raises TimeoutError where the filter takes too long."""
        end = monotonic() + SLICE_S
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        try:
            while self._waits and monotonic() < end:
                line = self._lines[self._done]
                self._put(cursor, line)
                self._done += 1
                self._done_characters += len(line.text)
        finally:
            cursor.endEditBlock()

    def _keep_sight(self) -> None:
        if self._following:
            self._to_end()
        if self._rebuilt is not None and self._waits:
            return
        if self._rebuilt:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum() - self._rebuilt)
        self._rebuilt = None
        self.setUpdatesEnabled(True)

    def _put(self, cursor: QTextCursor, line: LogLine) -> None:
        found: list[Piece] = []
        if line.is_mark:
            text = self._mark_words(line)
            self._last_looks = {key: look for key, look in self._last_looks.items() if key[1] != line.name}
            if self._filter.pattern and self.shown and self.shown[-1].line.is_mark:
                return  # between them there is nothing to see
        else:
            key = (line.source, line.name)
            found, self._last_looks[key] = pieces(line.text, self._last_looks.get(key, PLAIN))
            text = "".join(part for part, _ in found)
            if not self._filter.passes(text):
                return
        if self.shown:
            cursor.insertBlock()
        prefix = self._put_prefix(cursor, line)
        if line.is_mark:
            cursor.insertText(text, self._looks.mark)
        for part, look in found:
            cursor.insertText(part, self._looks.format(look))
        small = in_small_letters(text)
        self.shown.append(Shown(line, prefix, text, text if small == text else small))  # mostly one text for both
        self._characters += len(text)

    def _put_prefix(self, cursor: QTextCursor, line: LogLine) -> int:
        """The moment and the name, where they are shown; how many of Qt's characters they take."""
        stamp = f"{local_time(line.stamp)}  " if self._with_stamps and line.stamp and not line.is_mark else ""
        if stamp:
            cursor.insertText(stamp, self._looks.muted)
        if not line.name:
            return len(stamp)
        widest = min(NAME_LIMIT, max(map(len, self._names)))
        name = visible(line.name, NAME_LIMIT).ljust(widest) + "  "
        cursor.insertText(name, self._looks.name_format(self._names[line.name]))
        return len(stamp) + _units(name)

    def _mark_words(self, line: LogLine) -> str:
        if line.source is Source.AGAIN:
            return "── " + self.tr("The container was started again") + " ──"
        return "── " + self.tr("Lines are left out here: they came faster than can be shown") + " ──"

    def _trim(self) -> None:
        """Lets the oldest go."""
        lengths = (len(line.text) for line in self._lines)
        count, self._done_characters = _excess(lengths, self._done, self._done_characters, 2 * KEPT_CHARACTERS)
        del self._lines[:count]
        self._done -= count
        lengths = (len(shown.text) for shown in self.shown)
        count, self._characters = _excess(lengths, len(self.shown), self._characters, KEPT_CHARACTERS)
        if not count:
            return
        sight = self.firstVisibleBlock().blockNumber()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self.document().findBlockByNumber(count).position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        del self.shown[:count]
        self._gone += count
        if not self._following:
            block = self.document().findBlockByNumber(max(0, sight - count))
            self.verticalScrollBar().setValue(block.firstLineNumber())

    def _to_end(self) -> None:
        with self._scrolling():
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _on_range(self) -> None:
        if self._following:
            self._to_end()

    def _on_scrolled(self, value: int) -> None:
        if not self._own_scroll:
            self.set_following(value >= self.verticalScrollBar().maximum())


def _excess(lengths: Iterable[int], count: int, characters: int, most_characters: int) -> tuple[int, int]:
    """How many of the oldest are too many, and the characters of those that stay: one at least."""
    gone = 0
    for length in lengths:
        if count - gone <= KEPT_LINES and (characters <= most_characters or count - gone <= 1):
            break
        gone += 1
        characters -= length
    return gone, characters


def _mark_format(fill: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setBackground(QColor(fill))
    front = max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, QColor(fill).name()))
    made.setForeground(QColor(front))
    return made


def local_time(stamp: str) -> str:
    """The clock of the user, to the millisecond, with the day where it was another one."""
    try:
        then = datetime.fromisoformat(stamp[:23].rstrip("Z") + "+00:00").astimezone()
    except (ValueError, OverflowError):  # the latter of the first and last hours that there are
        return safe(stamp)[:40]
    form = "%H:%M:%S" if then.date() == datetime.now().astimezone().date() else "%Y-%m-%d %H:%M:%S"
    return f"{then.strftime(form)}.{then.microsecond // 1000:03}"


def _units(text: str) -> int:
    """Length as Qt counts it: letters outside the basic plane are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
