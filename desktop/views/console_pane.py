"""The console: the terminal, and in words why nothing can be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.core.machine import LIVE, MachineStatus, State

from .card import button, set_button_text
from .plain import PlainLabel
from .told import told
from .words import state_word

if TYPE_CHECKING:
    from .terminal.widget import TerminalWidget

FIRST_SIZE = (80, 24)


class ConsolePane(QWidget):
    """`opened` comes when the console is looked at for the first time; `frame_typed` carries what goes back.

    The terminal is made then and not earlier: its native library takes time and memory.
    """

    opened = Signal()
    frame_typed = Signal(bytes, bytes)
    verb_requested = Signal(str)
    link_requested = Signal(str)
    noticed = Signal(str)
    detach_requested = Signal(bool)
    """Whether the console is to be let go of, or taken up again."""
    screen_key = Signal(object, str)
    rang = Signal()
    info_line_changed = Signal()

    def __init__(self, font_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console_pane")
        self.setAccessibleName(self.tr("Console"))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.name = self.tr("Machine")
        self.font_px = font_px
        self._prefix = ""
        self._is_detached = False
        self._status = MachineStatus()
        self._had_output = False
        self._attached = False
        self.terminal: TerminalWidget | None = None
        self._build()
        self._refresh()

    def receive(self, kind: bytes, payload: bytes) -> None:
        if self.terminal is not None:
            self._had_output = True
            self.terminal.receive(kind, payload)

    @property
    def queued_bytes(self) -> int:
        return self.terminal.queued_bytes if self.terminal is not None else 0

    def size_in_cells(self) -> tuple[int, int]:
        """Columns and rows that there is room for."""
        if self.terminal is None:
            return FIRST_SIZE
        screen = self.terminal.session.screen
        return screen.columns, screen.rows

    def show_status(self, status: MachineStatus) -> None:
        self._status = status
        self._refresh()

    def show_attached(self, attached: bool) -> None:
        self._attached = attached
        self._refresh()

    def show_detached(self, detached: bool) -> None:
        self._is_detached = detached
        self._refresh()

    @property
    def info_line(self) -> str:
        return self.terminal.info_line if self.terminal is not None else ""

    def set_prefix(self, letter: str) -> None:
        self._prefix = letter
        if self.terminal is not None:
            self.terminal.set_prefix(letter)

    def set_font_px(self, font_px: int) -> None:
        self.font_px = font_px
        if self.terminal is not None:
            self.terminal.set_font_px(font_px)

    def close_terminal(self) -> None:
        if self.terminal is not None:
            self.terminal.close_terminal()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.begin()
        self._refresh()

    def begin(self) -> None:
        """Makes the terminal, unless it is there."""
        if self.terminal is None:
            self._make_terminal()
            self.opened.emit()

    def _make_terminal(self) -> None:
        from .terminal.widget import TerminalWidget

        self.terminal = TerminalWidget(self.frame_typed.emit, self.font_px)
        self.terminal.set_prefix(self._prefix)
        self.terminal.screen_key.connect(self.screen_key)
        self.terminal.bell.connect(self.rang)
        self.terminal.info_line_changed.connect(self.info_line_changed)
        self.terminal.link_requested.connect(self.link_requested)
        self.terminal.noticed.connect(lambda words: self.noticed.emit(told(words)))
        self._terminal_place.addWidget(self.terminal, 1)
        self.setFocusProxy(self.terminal)

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        self._face = QWidget()
        self._face.setObjectName("console_face")
        self._face_title = PlainLabel(name="console_face_title", role="title")
        self._face_note = PlainLabel(name="console_face_note", role="name")
        self._face_start = button(
            "console_face_start", self.tr("Start"), lambda: self.verb_requested.emit("start"), "primary"
        )
        column = QVBoxLayout(self._face)
        column.setSpacing(10)
        column.addStretch(2)
        for part in (self._face_title, self._face_note, self._face_start):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._live = QWidget()
        self._live.setObjectName("console_live")
        self._terminal_place = QVBoxLayout(self._live)
        self._terminal_place.setContentsMargins(0, 0, 0, 0)
        self._terminal_place.setSpacing(0)
        self._terminal_place.addWidget(self._build_bar())
        self._stack.addWidget(self._face)
        self._stack.addWidget(self._live)

    def _build_bar(self) -> QWidget:
        """Over a terminal that shows what was, and takes no keys."""
        self._bar = QWidget()
        self._bar.setObjectName("console_bar")
        self._bar_words = PlainLabel(name="console_bar_words", role="strong", elide=True)
        self._bar_start = button("console_bar_start", self.tr("Start"), lambda: self.verb_requested.emit("start"))
        self._bar_attach = button("console_attach", self.tr("Attach"), lambda: self.detach_requested.emit(False))
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(20, 6, 20, 6)
        row.addWidget(self._bar_words, 1)
        row.addWidget(self._bar_attach)
        row.addWidget(self._bar_start)
        return self._bar

    def _refresh(self) -> None:
        state = self._status.state
        live = state in LIVE
        can_start = state in (State.STOPPED, State.FAILED, State.SUSPENDED)
        self._stack.setCurrentWidget(self._live if live or self._had_output else self._face)
        self._bar.setVisible(not live or not self._attached)
        self._bar_start.setVisible(can_start)
        self._bar_attach.setVisible(live and self._is_detached)
        self._bar_words.setText(self._unattached() if live else self._words(state))
        self._face_title.setText(self._words(state))
        is_suspended = state is State.SUSPENDED
        self._face_note.setText(self._note(state))
        for which in (self._bar_start, self._face_start):
            set_button_text(which, self.tr("Resume") if is_suspended else self.tr("Start"))
        self._face_start.setVisible(can_start)

    def _unattached(self) -> str:
        if self._is_detached:
            return self.tr("Detached. The console goes on.")
        return self.tr("Connecting to the console…")

    def _note(self, state: State) -> str:
        if state is State.SUSPENDED:
            return self.tr("Its console goes on where it was.")
        why = told(self._status.detail.strip().partition("\n")[0]) if state is State.FAILED else ""
        return why or self.tr("Its console shows everything from the moment it is switched on.")

    def _words(self, state: State) -> str:
        if state is State.STOPPED:
            return self.tr("The machine is stopped")
        if state is State.FAILED:
            return self.tr("The machine failed")
        return state_word(state)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)
