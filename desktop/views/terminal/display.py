"""The grid of a terminal as a Qt widget: paints a session's screen and turns keys and mouse into bytes."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.terminal.keys import KeyEncoder, encode_focus, encode_paste, is_paste_safe
from desktop.terminal.render import BAR, HOLLOW, UNDERLINE, Cursor, Row
from desktop.terminal.session import TerminalSession

from .keys import key_of
from .metrics import POINTS_PER_INCH, CellMetrics, default_family
from .painter import RowPainter
from .palette import DARK, LIGHT, Scheme
from .pointer import Pointer, has_primary_selection

FRAME_S = 1 / 60
WORK_S = 0.006  # of each turn of the event loop: keys and mouse never wait longer
MARGIN_PX = 6
SETTLE_MS = 60  # a window that is being dragged larger would flow the scrollback anew at each step
BLINK_MS, BLINKS = 530, 40
IDLE_MS = 1000
PIXELS_PER_INCH = 96.0
FOCUS_MODE = 1004


class Display(QWidget):
    """Shows one session. `paste_question` carries a text that could run something if it were pasted."""

    paste_question = Signal(str)
    link_requested = Signal(str)
    scrolled = Signal()
    zoomed = Signal(int)

    def __init__(self, session: TerminalSession, font_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.metrics = CellMetrics(default_family(), self._points(font_px), PIXELS_PER_INCH * self.devicePixelRatioF())
        self.frames = 0
        self._font_px = font_px
        self._scheme = DARK
        self._rows: dict[int, Row] = {}
        self._cursor: Cursor | None = None
        self._preedit = ""
        self._cursor_on = True
        self._blinks_left = 0
        self._replaced = False
        self._last_paint_s = 0.0
        self._image = QImage()
        self._rows_painter: RowPainter | None = None
        self._keys = KeyEncoder(session.screen)
        self.pointer = Pointer(session.screen, self, self)
        self._set_up_widget()
        self._set_up_timers()
        session.before_replace = self._before_replace
        self.pointer.bytes_typed.connect(self.type)
        self.pointer.changed.connect(self.look)
        self.pointer.selected.connect(self._keep_primary)
        self.pointer.middle_clicked.connect(self._paste_primary)
        self.pointer.link_requested.connect(self.link_requested)
        self._apply_scheme()

    def sizeHint(self) -> QSize:
        return QSize(80 * self._cell().width(), 24 * self._cell().height())

    def close_session(self) -> None:
        """Lets go of native memory; the widget is of no use afterwards."""
        for timer in (self._work, self._paint, self._blink, self._settle, self._idle):
            timer.stop()
        self.pointer.close()
        self.session.close()

    # -- from the session

    def receive(self, kind: bytes, payload: bytes) -> None:
        self.session.receive(kind, payload)
        if not self._work.isActive():
            self._work.start()

    def look(self) -> None:
        """Something on the screen may be different: paint at the next frame."""
        if not self._paint.isActive():
            wait_s = FRAME_S - (time.monotonic() - self._last_paint_s)
            self._paint.start(max(0, int(wait_s * 1000)))
        self.scrolled.emit()

    # -- what the user does

    def type(self, data: bytes) -> None:
        if not data:
            return
        self.session.type(data)
        screen = self.session.screen
        screen.clear_selection()
        screen.scroll_to_bottom()
        self._wake_cursor()
        self.look()

    def copy(self) -> None:
        if text := self.session.screen.selected_text():
            QGuiApplication.clipboard().setText(text)

    def paste(self) -> None:
        self.offer(QGuiApplication.clipboard().text())

    def offer(self, text: str) -> None:
        """Pastes, or asks first where the text could run something."""
        if not text:
            return
        if is_paste_safe(text, self.session.screen.wants_bracketed_paste):
            self.insert(text)
        else:
            self.paste_question.emit(text)

    def insert(self, text: str) -> None:
        self.type(encode_paste(text, self.session.screen.wants_bracketed_paste))

    def select_all(self) -> None:
        self.session.screen.select_all()
        self.look()

    def set_font_px(self, font_px: int) -> None:
        self._font_px = font_px
        self._measure()

    def set_scheme(self, dark: bool) -> None:
        self._scheme = DARK if dark else LIGHT
        self._apply_scheme()

    @property
    def scheme(self) -> Scheme:
        return self._scheme

    def to_grid(self, position: QPointF) -> QPointF:
        ratio = self.devicePixelRatioF()
        return QPointF((position.x() - MARGIN_PX) * ratio, (position.y() - MARGIN_PX) * ratio)

    # -- Qt's events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_guests(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_own_key(event):
            return
        key = key_of(event)
        if key is None:
            super().keyPressEvent(event)
            return
        self.type(self._keys.encode(key.name, key.modifiers, key.text, key.unshifted))

    def focusNextPrevChild(self, _forward: bool) -> bool:
        return False  # Tab is the guest's; Ctrl+Tab leaves

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._preedit = event.preeditString()
        if event.commitString():
            self.type(event.commitString().encode())
        self._update_cursor()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        if query == Qt.InputMethodQuery.ImCursorRectangle and self._cursor is not None:
            return self._cell_rect(self._cursor.column, self._cursor.row, 1).toRect()
        return super().inputMethodQuery(query)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
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
        self._tell_focus(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(QPointF(MARGIN_PX, MARGIN_PX), self._image.deviceIndependentSize())
        outside = self._rows_painter.background if self._rows_painter else QColor(*self._scheme.background)
        for rect in event.region():
            painter.fillRect(rect, outside)
        painter.drawImage(area.topLeft(), self._image)
        self._paint_cursor(painter)
        painter.end()

    # -- painting

    def _on_paint(self) -> None:
        """Draws the rows that changed into the image, and says where it is to be shown."""
        screen = self.session.screen
        self._last_paint_s = time.monotonic()
        if screen.is_held:
            return
        columns, rows = screen.columns, screen.rows
        full = self._fit_image(columns, rows)
        changed = screen.changed_rows(full)
        colours = screen.colours()
        if self._rows_painter is None or self._rows_painter.colours is not colours:
            self._rows_painter = RowPainter(self.metrics, colours, self._scheme)
            changed = changed if full else screen.changed_rows(True)
            self.update()
        self._draw(self._rows_painter, changed, columns)
        self._move_cursor(screen.cursor())
        self.frames += 1

    def _draw(self, rows_painter: RowPainter, changed: list[Row], columns: int) -> None:
        if not changed:
            return
        painter = QPainter(self._image)
        for row in changed:
            rows_painter.paint(painter, row, columns)
            self._rows[row.y] = row
        painter.end()
        top, bottom = changed[0].y, changed[-1].y
        self.update(self._cell_rect(0, top, columns, bottom - top + 1).toAlignedRect())

    def _fit_image(self, columns: int, rows: int) -> bool:
        ratio = self.devicePixelRatioF()
        size = QSize(columns * self.metrics.width, rows * self.metrics.height)
        if self._image.size() == size and self._image.devicePixelRatio() == ratio:
            return False
        # The painter works in the image's own pixels; its ratio is set for showing it.
        self._image = QImage(size, QImage.Format.Format_RGB32)
        self._image.fill(QColor(*self._scheme.background))
        self._rows.clear()
        self.update()
        return True

    def _paint_cursor(self, painter: QPainter) -> None:
        cursor, rows_painter = self._cursor, self._rows_painter
        if cursor is None or rows_painter is None or not (self._cursor_on or not self.hasFocus()):
            return
        ratio, metrics = self.devicePixelRatioF(), self.metrics
        colour = QColor(*self._scheme.cursor)
        painter.translate(MARGIN_PX, MARGIN_PX)
        painter.scale(1 / ratio, 1 / ratio)
        row = self._rows.get(cursor.row)
        rect = QRect(cursor.column * metrics.width, cursor.row * metrics.height, metrics.width, metrics.height)
        if self._preedit:
            self._paint_preedit(painter, rect, colour)
        elif not self.hasFocus() or cursor.shape == HOLLOW or row is None:
            painter.setPen(colour)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        elif cursor.shape == BAR:
            painter.fillRect(rect.x(), rect.y(), max(2, metrics.line), rect.height(), colour)
        elif cursor.shape == UNDERLINE:
            thick = max(2, metrics.line)
            painter.fillRect(rect.x(), rect.bottom() + 1 - thick, rect.width(), thick, colour)
        else:
            rows_painter.paint_cursor(painter, row, cursor.column, 1, colour)

    def _paint_preedit(self, painter: QPainter, rect: QRect, colour: QColor) -> None:
        painter.setFont(self.metrics.fonts[False, False])
        width = painter.fontMetrics().horizontalAdvance(self._preedit)
        painter.fillRect(QRect(rect.topLeft(), QSize(width, rect.height())), QColor(*self._scheme.selection))
        painter.setPen(colour)
        painter.drawText(rect.x(), rect.y() + self.metrics.ascent, self._preedit)

    def _move_cursor(self, cursor: Cursor | None) -> None:
        if cursor != self._cursor:
            self._update_cursor()
            self._cursor = cursor
            self._update_cursor()
            self._wake_cursor()

    def _update_cursor(self) -> None:
        if self._cursor is not None:
            self.update(self._cell_rect(self._cursor.column, self._cursor.row, 2).toAlignedRect())

    def _cell_rect(self, column: int, row: int, columns: int, rows: int = 1) -> QRectF:
        ratio, width, height = self.devicePixelRatioF(), self.metrics.width, self.metrics.height
        return QRectF(
            MARGIN_PX + column * width / ratio, MARGIN_PX + row * height / ratio,
            columns * width / ratio, rows * height / ratio,
        )  # fmt: skip

    def _cell(self) -> QSize:
        return self._cell_rect(0, 0, 1).size().toSize()

    # -- timers

    def _set_up_widget(self) -> None:
        self.setObjectName("terminal")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setAccessibleName(self.tr("Console"))

    def _set_up_timers(self) -> None:
        self._work = QTimer(self, interval=0)
        self._work.timeout.connect(self._on_work)
        self._paint = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._paint.timeout.connect(self._on_paint)
        self._blink = QTimer(self, interval=BLINK_MS)
        self._blink.timeout.connect(self._on_blink)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._on_settled)
        self._idle = QTimer(self, interval=IDLE_MS, singleShot=True)
        self._idle.timeout.connect(self._on_idle)

    def _on_work(self) -> None:
        if not self.session.work(WORK_S):
            self._work.stop()
        if self._replaced:
            self._replaced = False
            self.pointer.reopen()
            self._apply_scheme()
        self.look()
        self._idle.start(IDLE_MS)

    def _on_settled(self) -> None:
        ratio = self.devicePixelRatioF()
        columns = int((self.width() - 2 * MARGIN_PX) * ratio) // self.metrics.width
        rows = int((self.height() - 2 * MARGIN_PX) * ratio) // self.metrics.height
        self.session.set_window(max(2, columns), max(2, rows))
        self.pointer.fit()
        self.look()

    def _on_idle(self) -> None:
        """Nothing came for a while: the scrollback is pressed together, step by step, and readers are told."""
        if QAccessible.isActive():
            self.setAccessibleDescription(self.session.screen.text())
        if self.session.screen.compress_step():
            self._idle.start(0)

    def _on_blink(self) -> None:
        self._blinks_left -= 1
        self._cursor_on = not self._cursor_on or self._blinks_left <= 0
        if self._blinks_left <= 0:
            self._blink.stop()
        self._update_cursor()

    def _wake_cursor(self) -> None:
        """The cursor is seen at once; a quiet console stops blinking after a while and costs nothing."""
        self._cursor_on = True
        self._blinks_left = BLINKS
        if self.hasFocus() and self._cursor is not None and self._cursor.is_blinking:
            self._blink.start()
        else:
            self._blink.stop()

    # -- the rest

    def _measure(self) -> None:
        self.metrics = CellMetrics(
            default_family(), self._points(self._font_px), PIXELS_PER_INCH * self.devicePixelRatioF()
        )
        self._rows_painter = None
        self._image = QImage()
        self._settle.start()
        self.look()

    def _points(self, font_px: int) -> float:
        return font_px * POINTS_PER_INCH / PIXELS_PER_INCH

    def _apply_scheme(self) -> None:
        scheme = self._scheme
        self.session.screen.set_theme(scheme.foreground, scheme.background, scheme.cursor, scheme.palette())
        self._rows_painter = None
        self._image = QImage()
        self.look()

    def _before_replace(self) -> None:
        self.pointer.close()
        self._replaced = True

    def _tell_focus(self, is_focused: bool) -> None:
        if self.session.screen.mode(FOCUS_MODE):
            self.session.type(encode_focus(is_focused))
        self._wake_cursor()
        self._update_cursor()

    def _keep_primary(self) -> None:
        text = self.session.screen.selected_text()
        if text and has_primary_selection():
            clipboard = QGuiApplication.clipboard()
            clipboard.setText(text, clipboard.Mode.Selection)

    def _paste_primary(self) -> None:
        if has_primary_selection():
            clipboard = QGuiApplication.clipboard()
            self.offer(clipboard.text(clipboard.Mode.Selection))

    def _is_own_key(self, event: QKeyEvent) -> bool:
        """Keys of the widget itself, done here."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        key, screen = event.key(), self.session.screen
        if held == control | shift and key in (Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_A):
            {Qt.Key.Key_C: self.copy, Qt.Key.Key_V: self.paste, Qt.Key.Key_A: self.select_all}[Qt.Key(key)]()
        elif held & control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoomed.emit(1)
        elif held == control and key == Qt.Key.Key_Minus:
            self.zoomed.emit(-1)
        elif held == control and key == Qt.Key.Key_0:
            self.zoomed.emit(0)
        elif held == shift and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not screen.is_alternate:
            screen.scroll_by((screen.rows - 1) * (-1 if key == Qt.Key.Key_PageUp else 1))
            self.look()
        elif held & control and key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().focusNextPrevChild(key == Qt.Key.Key_Tab and not held & shift)
        else:
            return False
        return True


def _is_guests(event: QKeyEvent) -> bool:
    """Whether a key that is a shortcut of the window goes to the guest instead: all but Ctrl+1…9."""
    control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return not (control and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9)
