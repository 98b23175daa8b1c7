"""The grid of a terminal as a Qt widget: shows a session's screen, turns keys and mouse into bytes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QHideEvent,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.core.text import visible
from desktop.terminal.keys import KeyEncoder, encode_focus
from desktop.terminal.screen import Screen
from desktop.terminal.session import TerminalSession

from ..plain import set_plain_tooltip
from .blink import Blink
from .clipboard import Clipboard
from .copy_mode import CopyMode
from .finder import Finder
from .geometry import Geometry
from .keys import key_of
from .metrics import CellMetrics, family_of
from .pace import FRAME_S, Pace
from .palette import DARK, Scheme
from .pointer import Pointer, is_openable
from .preedit import Preedit
from .prefix import PrefixKeys
from .shortcuts import OF_SCROLLBACK, Command, command_of, is_guests
from .surface import Surface

if TYPE_CHECKING:
    from .spoken import SpokenText

WORK_S = 0.006  # of each turn of the event loop: keys and mouse never wait longer
BATCH_BYTES = 1 << 16  # in a flood so much is worked on at once where it comes without a pause
SETTLE_MS = 60  # at each step of a window that is being dragged larger, 10,000 lines would flow anew
IDLE_MS = 1000
TELL_MS = 150  # a screen reader that is told each frame would say nothing to its end
FOCUS_MODE = 1004
_LONGEST_HINT = 200


class Display(QWidget):
    """Shows one session."""

    link_requested = Signal(str)
    refreshed = Signal()
    """Something changed and is drawn: the viewport or the scrollback may be another one."""
    settled = Signal()
    """The grid has another size."""
    _obeyed = Signal()
    """From another thread: what was handed to it is done."""
    typed = Signal()
    find_requested = Signal(bool)
    """Whether an older one than what is seen is meant."""
    zoomed = Signal(int)
    """Larger (1), smaller (-1) or as it was (0)."""

    def __init__(self, session: TerminalSession, font_px: int, family: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._font_px, self._family = font_px, family_of(family)
        self._geometry = Geometry(self)
        self._surface = Surface(self._measured(), DARK)
        self._preedit = Preedit()
        self._spoken: SpokenText | None = None
        self._is_closed = False
        self._is_replaced = False
        self.seen = session.screen.scroll
        """As of what is drawn: the screen itself may be at work on what comes next."""
        self._pace = Pace()
        self._keys = KeyEncoder(session.screen)
        self.pointer = Pointer(session.screen, self, self)
        self.clipboard = Clipboard(session.screen, self)
        self.finder = Finder(session.screen, self)
        self.copy_mode = CopyMode(session.screen, self)
        self.prefix = PrefixKeys(self)
        self._blink = Blink(self)
        self._set_up_widget()
        self._set_up_timers()
        self._connect()
        self.set_scheme(DARK)

    @property
    def metrics(self) -> CellMetrics:
        return self._surface.metrics

    @property
    def shown(self) -> Screen:
        """The one that is shown: the session's, or copy mode's copy of it."""
        return self.copy_mode.screen or self.session.screen

    def sizeHint(self) -> QSize:
        return self._geometry.size_of(80, 24, self.metrics)

    def minimumSizeHint(self) -> QSize:
        return self._geometry.size_of(20, 4, self.metrics)

    def close_session(self) -> None:
        """Let go of native memory; the widget is of no use afterwards."""
        self._is_closed = True
        for timer in (self._work, self._refresh, self._settle, self._idle, self._telling):
            timer.stop()
        self._blink.stop()
        self.copy_mode.end()
        self.pointer.close()
        self.finder.release()
        self.session.close()

    # -- from the session

    def receive(self, kind: bytes, payload: bytes) -> None:
        """Take one frame from the supervisor. What is short is worked on at once: an echo waits for no timer."""
        if self._is_closed:
            return
        self.session.receive(kind, payload)
        if self.session.screen.is_feeding:
            return
        if self._pace.is_flooded and self.session.queued_bytes < BATCH_BYTES:
            if not self._work.isActive():
                self._work.start()
        elif self._pace.is_flooded or not self._work.isActive():
            self._on_work()

    def look(self) -> None:
        """Something on the screen may be different: draw it at the next frame."""
        if not self._refresh.isActive() and self.isVisible() and not self._is_closed:
            self._refresh.start(int(self._pace.wait_s() * 1000))

    # -- what the user does

    def type(self, data: bytes) -> None:
        """Send input, and show where it goes."""
        if not data:
            return
        self.copy_mode.end()
        self.typed.emit()
        self.session.screen.clear_selection()
        self.session.screen.scroll_to_bottom()
        self._wake_cursor()
        self._tell_guest(data)

    def copy(self) -> None:
        self.clipboard.copy(self.shown)

    def select_all(self) -> None:
        self.shown.select_all()
        self.look()

    def scroll_to(self, line: int) -> None:
        self.shown.scroll_to(line)
        self.look()

    def look_for(self, text: str) -> None:
        """Mark it, and go to the newest; copy mode goes somewhere only when it is told to."""
        self.finder.look_for(text, goes=not self.copy_mode.is_on)

    def go_to_next(self, older: bool) -> None:
        """Of what is looked for."""
        if self.copy_mode.is_on:
            self.copy_mode.look_for(self.finder.words, older)
        else:
            self.finder.go(older)

    def set_font(self, font_px: int, family: str) -> None:
        """Pixels of the window; a font that is not there or not monospaced is the desktop's own one."""
        self._font_px, self._family = font_px, family_of(family)
        self._restyle()

    def set_scheme(self, scheme: Scheme) -> None:
        self._surface.scheme = scheme
        for screen in {self.session.screen, self.shown}:
            screen.set_theme(scheme.foreground, scheme.background, scheme.cursor, scheme.palette())
        self._restyle()

    def to_grid(self, position: QPointF) -> QPointF:
        return self._geometry.to_grid(position)

    def room(self) -> tuple[int, int]:
        """Columns and rows that there is room for."""
        return self._geometry.room(self.metrics)

    def looked_at(self) -> QRect:
        """What was found, or where the next character goes, on the widget."""
        if (match := self.finder.current) is not None:
            area = self._surface.cell_rect(match.first, match.row, match.last - match.first + 1)
        elif self.copy_mode.is_on:
            row, column = self.copy_mode.spot
            area = self._surface.cell_rect(column, row)
        else:
            area = self._surface.cursor_rect()
        return self._geometry.to_widget(area) if not area.isEmpty() else area

    # -- Qt's events

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if self._is_closed and kind in _NEEDS_SESSION:
            return True
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_guests(event):
            event.accept()
            return True
        if kind == QEvent.Type.DevicePixelRatioChange:
            self._restyle()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.prefix.takes(event) or self.copy_mode.takes(event):
            return
        command = command_of(event)
        if command in OF_SCROLLBACK and self.shown.is_alternate:
            command = None
        if command is not None:
            self._obey(command)
        elif key := key_of(event):
            self.type(self._keys.encode(key.name, key.modifiers, key.text, key.unshifted))
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False  # Tab is the guest's; Ctrl+Tab leaves

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self.copy_mode.is_on:
            return
        self.type(event.commitString().encode())
        self._preedit = Preedit(event)
        if self._preedit and self.shown.cursor_cell()[1] >= self.shown.rows:
            self.shown.scroll_to_bottom()
            self.look()
        self.update()
        self.updateMicroFocus()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            column, row = self._composing_cell()
            return self._geometry.to_widget(self._surface.cell_rect(column + self._preedit.caret_cell, row))
        if query == Qt.InputMethodQuery.ImHints:
            hint = Qt.InputMethodHint
            return hint.ImhNoAutoUppercase | hint.ImhNoPredictiveText | hint.ImhSensitiveData
        return super().inputMethodQuery(query)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointer.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointer.wheel(event)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.prefix.forget()
        self._preedit = Preedit()
        self.update()
        self._tell_focus(False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._blink.stop()
        self._surface.forget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        surface, corner, ratio = self._surface, self._geometry.corner, self._geometry.ratio
        painter = QPainter(self)
        # The picture has the screen's own pixels: copied one to one it is sharp at 125 % too.
        painter.scale(1 / ratio, 1 / ratio)
        self._paint_around(painter, QRect(corner, surface.size))
        surface.paint(painter, corner)
        painter.translate(corner)
        self.finder.paint(painter, surface)
        if self.copy_mode.is_on:
            self.copy_mode.paint(painter, surface)
        elif self._preedit:
            surface.paint_preedit(painter, self._preedit, *self._composing_cell())
        elif self._blink.is_on or not self.hasFocus():
            surface.paint_cursor(painter, self.hasFocus())
        painter.end()

    # -- inside

    def _paint_around(self, painter: QPainter, grid: QRect) -> None:
        """The margins, and what a smaller window of another viewer leaves empty."""
        width, height = self._geometry.device_size
        background, margin = self._surface.background, grid.x()
        right, bottom = grid.x() + grid.width(), grid.y() + grid.height()
        painter.fillRect(0, 0, right, margin, background)
        painter.fillRect(0, margin, margin, grid.height(), background)
        is_smaller = self.session.info is not None and self.room() != self._surface.grid
        around = QColor(*self._surface.scheme.outside) if is_smaller else background
        painter.fillRect(right, 0, width - right, bottom, around)
        painter.fillRect(0, bottom, width, height - bottom, around)

    def _on_work(self) -> None:
        """In a flood parsing goes on in another thread, beside drawing and what brings more."""
        if self._is_closed:  # and the other thread was done before
            return
        has_more = self.session.work(WORK_S, self._obeyed.emit if self._pace.is_flooded else None)
        if has_more != self._work.isActive():
            self._work.start() if has_more else self._work.stop()
        if self._is_replaced:
            self._is_replaced = False
            self.pointer.reopen()
            self.finder.resume()
            self._restyle()
        if not self.copy_mode.is_on:
            self.look()
        if not self._idle.isActive():
            self._idle.start(IDLE_MS)

    def _on_refresh(self) -> None:
        screen, is_copy = self.shown, self.copy_mode.is_on
        if not is_copy and screen.is_held and self._pace.may_be_held():
            self._refresh.start(int(FRAME_S * 1000))
            return
        before, size = self._surface.cursor, self._surface.size
        self.seen = screen.scroll
        begun_s = time.monotonic()
        area = self._surface.refresh(screen, is_copy, self._work_on if self._pace.is_flooded else None)
        took_s = time.monotonic() - begun_s
        is_all_new = self.finder.refresh() or self._surface.size != size
        if is_all_new:
            self.update()
        elif not area.isEmpty():
            self.update(self._geometry.to_widget(area))
        self._pace.on_frame(begun_s, took_s, self.session.bytes_received, is_all_new or not area.isEmpty())
        if self._surface.cursor != before:
            self._wake_cursor()
            if self._preedit:  # else where it goes is asked for when something is composed: it takes half a millisecond
                self.update()
                self.updateMicroFocus()
        if QAccessible.isActive() and not self._telling.isActive():
            self._telling.start()
        self.refreshed.emit()

    def _work_on(self) -> None:
        """The next output is parsed while this is drawn."""
        self.session.work_aside(self._obeyed.emit)

    def _on_settled(self) -> None:
        self.session.set_window(*self.room())
        self.copy_mode.fit(*self.room())
        self.settled.emit()
        self.pointer.fit()
        self.look()

    def _on_idle(self) -> None:
        """A second went by: press the scrollback together step by step; in a flood it would be for nothing."""
        if not self._pace.rests(self.session.bytes_received) or self._work.isActive():
            self._idle.start(IDLE_MS)
        elif self.session.screen.compress_step():
            self._idle.start(0)

    def _tell_readers(self) -> None:
        text, cursor = self.shown.text().rstrip(), self._surface.cursor
        place = (cursor.row, cursor.column) if cursor is not None else (0, 0)
        self.setAccessibleDescription(text)
        if self._spoken is None:
            from .spoken import SpokenText  # made for those who need it

            self._spoken = SpokenText(self)
        row, column = self.copy_mode.spot if self.copy_mode.is_on else place
        self._spoken.show_text(text, row, self._surface.text_before(row, column))

    def _obey(self, command: Command) -> None:
        screen = self.shown
        if command is Command.COPY:
            self.copy()
        elif command is Command.PASTE:
            self.clipboard.paste()
        elif command is Command.PASTE_PRIMARY:
            self.clipboard.paste_primary()
        elif command is Command.SELECT_ALL:
            self.select_all()
        elif command is Command.FIND:
            self.find_requested.emit(True)
        elif command in _ZOOMS:
            self.zoomed.emit(_ZOOMS[command])
        elif command in (Command.LEAVE, Command.LEAVE_BACK):
            super().focusNextPrevChild(command is Command.LEAVE)
        elif command in (Command.PAGE_UP, Command.PAGE_DOWN):
            screen.scroll_by((screen.rows - 1) * (-1 if command is Command.PAGE_UP else 1))
        else:
            screen.scroll_to(0 if command is Command.TOP else screen.scroll.total)
        self.look()

    def _on_hovered(self, link: str) -> None:
        is_openable_link = is_openable(link)
        words = [visible(link, _LONGEST_HINT)]
        if is_openable_link:
            words.append(self.tr("Ctrl+click opens it"))
        set_plain_tooltip(self, "\n".join(words))
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_openable_link else Qt.CursorShape.IBeamCursor)

    def _on_copy_mode(self) -> None:
        self.update()
        self.look()

    def _on_other_screen(self) -> None:
        """Copy mode begins or ends: there is a copy to be looked at, or it goes."""
        self.pointer.watch(self.shown, self.copy_mode.is_on)
        self.finder.watch(self.shown)
        self._surface.restyle(self.metrics, self._surface.scheme)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, not self.copy_mode.is_on)  # its keys are letters

    def _composing_cell(self) -> tuple[int, int]:
        """Column and row at which what is composed begins."""
        column, row = self.shown.cursor_cell()
        return self._preedit.first_column(column, self.shown.columns), min(row, self.shown.rows - 1)

    def _tell_guest(self, data: bytes) -> None:
        """Send input, and wait for its echo."""
        self.session.type(data)
        self._pace.on_typed()
        self._refresh.stop()  # it may have been meant for later
        self.look()

    def _wake_cursor(self) -> None:
        cursor = self._surface.cursor
        self._blink.restart(self.hasFocus() and cursor is not None and cursor.is_blinking)

    def _update_cursor(self) -> None:
        self.update(self._geometry.to_widget(self._surface.cursor_rect()))

    def _tell_focus(self, is_focused: bool) -> None:
        if self.session.screen.mode(FOCUS_MODE):
            self.session.reply(encode_focus(is_focused))
        self._wake_cursor()
        self._update_cursor()

    def _before_replace(self) -> None:
        if self.copy_mode.is_on:
            return  # what is looked at is a copy
        self.pointer.close()
        self.finder.release()
        self._is_replaced = True

    def _measured(self) -> CellMetrics:
        return CellMetrics(self._family, round(self._font_px * self.devicePixelRatioF()))

    def _restyle(self) -> None:
        metrics = self._measured()
        if (metrics.family, metrics.pixel_size) == (self.metrics.family, self.metrics.pixel_size):
            metrics = self.metrics
        self._surface.restyle(metrics, self._surface.scheme)
        self._settle.start()
        self.update()
        self.look()

    # -- set-up

    def _set_up_widget(self) -> None:
        self.setObjectName("terminal")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(self.tr("Console"))

    def _set_up_timers(self) -> None:
        self._work = QTimer(self, interval=0)
        self._work.timeout.connect(self._on_work)
        self._refresh = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._refresh.timeout.connect(self._on_refresh)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._on_settled)
        self._idle = QTimer(self, singleShot=True)
        self._idle.timeout.connect(self._on_idle)
        self._telling = QTimer(self, interval=TELL_MS, singleShot=True)
        self._telling.timeout.connect(self._tell_readers)
        self._obeyed.connect(self._on_work)  # queued, as it comes from another thread

    def _connect(self) -> None:
        self.session.before_replace = self._before_replace
        self.pointer.reported.connect(self._tell_guest)
        self.pointer.changed.connect(self.look)
        self.pointer.selected.connect(lambda: self.clipboard.keep_primary(self.shown))
        self.pointer.middle_clicked.connect(self.clipboard.paste_primary)
        self.pointer.link_requested.connect(self.link_requested)
        self.pointer.hovered.connect(self._on_hovered)
        self.clipboard.pasted.connect(self.type)
        self.finder.moved.connect(self.look)
        self.copy_mode.began.connect(self._on_other_screen)
        self.copy_mode.ended.connect(self._on_other_screen)
        self.copy_mode.changed.connect(self._on_copy_mode)
        self.copy_mode.copied.connect(self.copy)
        self.copy_mode.find_requested.connect(self.find_requested)
        self.copy_mode.sought.connect(self.look_for)
        self._blink.changed.connect(self._update_cursor)


_NEEDS_SESSION = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.Wheel,
        QEvent.Type.FocusIn,
        QEvent.Type.FocusOut,
        QEvent.Type.Resize,
        QEvent.Type.DevicePixelRatioChange,
        QEvent.Type.Paint,
    )
)
"""Events that come to a widget whose session is closed, up to its own end."""

_ZOOMS = {Command.ZOOM_IN: 1, Command.ZOOM_OUT: -1, Command.ZOOM_RESET: 0}
