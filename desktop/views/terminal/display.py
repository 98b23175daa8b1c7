"""The grid of a terminal as a Qt widget: shows a session's screen, turns keys and mouse into bytes."""

from __future__ import annotations

import time

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

from desktop.terminal.keys import KeyEncoder, encode_focus
from desktop.terminal.session import TerminalSession

from .blink import Blink
from .clipboard import Clipboard
from .copy_mode import CopyMode
from .finder import Finder
from .geometry import Geometry
from .keys import key_of
from .metrics import CellMetrics, default_family
from .palette import DARK, Scheme
from .pointer import Pointer
from .prefix import PrefixKeys
from .shortcuts import OF_SCROLLBACK, Command, command_of, is_guests
from .surface import Surface

FRAME_S = 1 / 60
WORK_S = 0.006  # of each turn of the event loop: keys and mouse never wait longer
LONGEST_HOLD_S = 0.15  # a guest that asks to hold the picture and forgets to let go
SETTLE_MS = 60  # at each step of a window that is being dragged larger, 10,000 lines would flow anew
IDLE_MS = 1000
FOCUS_MODE = 1004


class Display(QWidget):
    """Shows one session."""

    link_requested = Signal(str)
    refreshed = Signal()
    """Something changed and is drawn: the viewport or the scrollback may be another one."""
    settled = Signal()
    """The grid has another size."""
    typed = Signal()
    find_requested = Signal()
    zoomed = Signal(int)
    """Larger (1), smaller (-1) or as it was (0)."""

    def __init__(self, session: TerminalSession, font_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._font_px = font_px
        self._geometry = Geometry(self)
        self._surface = Surface(self._measured(), DARK)
        self._preedit = ""
        self._is_closed = False
        self._is_replaced = False
        self._last_refresh_s = 0.0
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

    def sizeHint(self) -> QSize:
        return self._geometry.size_of(80, 24, self.metrics)

    def minimumSizeHint(self) -> QSize:
        return self._geometry.size_of(20, 4, self.metrics)

    def close_session(self) -> None:
        """Let go of native memory; the widget is of no use afterwards."""
        self._is_closed = True
        for timer in (self._work, self._refresh, self._settle, self._idle):
            timer.stop()
        self._blink.stop()
        self.pointer.close()
        self.finder.release()
        self.session.close()

    # -- from the session

    def receive(self, kind: bytes, payload: bytes) -> None:
        """Take one frame from the supervisor. What is short is worked on at once: an echo waits for no timer."""
        if self._is_closed:
            return
        self.session.receive(kind, payload)
        if not self._work.isActive():
            self._on_work()

    def look(self) -> None:
        """Something on the screen may be different: draw it at the next frame."""
        if not self._refresh.isActive() and self.isVisible() and not self._is_closed:
            wait_s = FRAME_S - (time.monotonic() - self._last_refresh_s)
            self._refresh.start(max(0, int(wait_s * 1000)))

    # -- what the user does

    def type(self, data: bytes) -> None:
        """Send input, and show where it goes."""
        if not data:
            return
        self.session.type(data)
        self.typed.emit()
        self.session.screen.clear_selection()
        self.session.screen.scroll_to_bottom()
        self._wake_cursor()
        self.look()

    def select_all(self) -> None:
        self.session.screen.select_all()
        self.look()

    def scroll_to(self, line: int) -> None:
        self.session.screen.scroll_to(line)
        self.look()

    def set_font_px(self, font_px: int) -> None:
        self._font_px = font_px
        self._restyle()

    def set_scheme(self, scheme: Scheme) -> None:
        self._surface.scheme = scheme
        self.session.screen.set_theme(scheme.foreground, scheme.background, scheme.cursor, scheme.palette())
        self._restyle()

    def to_grid(self, position: QPointF) -> QPointF:
        return self._geometry.to_grid(position)

    def room(self) -> tuple[int, int]:
        """Columns and rows that there is room for."""
        return self._geometry.room(self.metrics)

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
        if command in OF_SCROLLBACK and self.session.screen.is_alternate:
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
        self._preedit = event.preeditString()
        self.update()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle:
            return self._geometry.to_widget(self._surface.cursor_rect())
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

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointer.wheel(event)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.prefix.forget()
        self._tell_focus(False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._blink.stop()

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
            surface.paint_preedit(painter, self._preedit)
        elif self._blink.is_on or not self.hasFocus():
            surface.paint_cursor(painter, self.hasFocus())
        painter.end()

    # -- inside

    def _paint_around(self, painter: QPainter, grid: QRect) -> None:
        """The margins, and what a smaller window of another viewer leaves empty."""
        width, height = self._geometry.device_size
        background, margin = self._surface.background, grid.x()
        right, bottom = grid.x() + grid.width(), grid.y() + grid.height()
        painter.fillRect(0, 0, width, margin, background)
        painter.fillRect(0, margin, margin, grid.height(), background)
        is_smaller = self.session.info is not None and self.room() != (
            self.session.screen.columns,
            self.session.screen.rows,
        )
        around = QColor(*self._surface.scheme.outside) if is_smaller else background
        painter.fillRect(right, margin, width - right, grid.height(), around)
        painter.fillRect(0, bottom, width, height - bottom, around)

    def _on_work(self) -> None:
        has_more = self.session.work(WORK_S)
        if has_more != self._work.isActive():
            self._work.start() if has_more else self._work.stop()
        if self._is_replaced:
            self._is_replaced = False
            self.pointer.reopen()
            self.finder.resume()
            self._restyle()
        self.look()
        if not self._idle.isActive():
            self._idle.start(IDLE_MS)

    def _on_refresh(self) -> None:
        now = time.monotonic()
        if self.session.screen.is_held and now - self._last_refresh_s < LONGEST_HOLD_S:
            self._refresh.start(int(FRAME_S * 1000))
            return
        before, size = self._surface.cursor, self._surface.size
        area = self._surface.refresh(self.session.screen)
        if self.finder.refresh() or self._surface.size != size:
            self.update()
        elif not area.isEmpty():
            self.update(self._geometry.to_widget(area))
        else:
            now = self._last_refresh_s  # nothing was drawn: the echo that is under way need not wait for a frame
        self._last_refresh_s = now
        if self._surface.cursor != before:
            self._wake_cursor()
        self.refreshed.emit()

    def _on_settled(self) -> None:
        self.session.set_window(*self.room())
        self.settled.emit()
        self.pointer.fit()
        self.look()

    def _on_idle(self) -> None:
        """A second went by: tell screen readers, and press the scrollback together step by step."""
        if QAccessible.isActive():
            self.setAccessibleDescription(self.session.screen.text().rstrip())
        if not self._work.isActive() and self.session.screen.compress_step():
            self._idle.start(0)

    def _obey(self, command: Command) -> None:
        screen = self.session.screen
        if command is Command.COPY:
            self.clipboard.copy()
        elif command is Command.PASTE:
            self.clipboard.paste()
        elif command is Command.PASTE_PRIMARY:
            self.clipboard.paste_primary()
        elif command is Command.SELECT_ALL:
            self.select_all()
        elif command is Command.FIND:
            self.find_requested.emit()
        elif command in _ZOOMS:
            self.zoomed.emit(_ZOOMS[command])
        elif command in (Command.LEAVE, Command.LEAVE_BACK):
            super().focusNextPrevChild(command is Command.LEAVE)
        elif command in (Command.PAGE_UP, Command.PAGE_DOWN):
            screen.scroll_by((screen.rows - 1) * (-1 if command is Command.PAGE_UP else 1))
        else:
            screen.scroll_to(0 if command is Command.TOP else screen.scroll.total)
        self.look()

    def _on_copy_mode(self) -> None:
        self.update()
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
        self.pointer.close()
        self.finder.release()
        self._is_replaced = True

    def _measured(self) -> CellMetrics:
        return CellMetrics(default_family(), round(self._font_px * self.devicePixelRatioF()))

    def _restyle(self) -> None:
        metrics = self._measured()
        if metrics.pixel_size == self.metrics.pixel_size:
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

    def _connect(self) -> None:
        self.session.before_replace = self._before_replace
        self.pointer.bytes_typed.connect(self.type)
        self.pointer.changed.connect(self.look)
        self.pointer.selected.connect(self.clipboard.keep_primary)
        self.pointer.middle_clicked.connect(self.clipboard.paste_primary)
        self.pointer.link_requested.connect(self.link_requested)
        self.clipboard.pasted.connect(self.type)
        self.finder.moved.connect(self.look)
        self.finder.gone_to.connect(self.copy_mode.go_to)
        self.copy_mode.changed.connect(self._on_copy_mode)
        self.copy_mode.copied.connect(self.clipboard.copy)
        self.copy_mode.find_requested.connect(self.find_requested)
        self.copy_mode.next_requested.connect(self.finder.go)
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
