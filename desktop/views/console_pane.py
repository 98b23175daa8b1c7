"""The console: the terminal, and in words why nothing can be typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from desktop.core.machine import LIVE, MachineStatus, State

from .card import button, set_button_text
from .engine_face import CONSOLE, machine_face
from .face import Face, FaceView
from .terminal_bar import TerminalBar
from .terminal_style import TerminalStyle
from .told import told
from .words import action_word, state_word

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
    only_looks_changed = Signal()
    screen_key = Signal(object, str)
    rang = Signal()
    info_line_changed = Signal()
    font_px_changed = Signal(int)
    log_requested = Signal()
    """The console's log is to be opened."""

    def __init__(self, style: TerminalStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console_pane")
        self.setAccessibleName(self.tr("Console"))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.name = self.tr("Machine")
        self._style = style
        self._is_detached = False
        self.only_looks = False
        """Whether the console is attached to without a say: nothing is typed, and its size is the others'."""
        self._was_told = False
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
    def is_running(self) -> bool:
        """Whether the machine's engine answers."""
        return self._status.state is State.RUNNING

    @property
    def queued_bytes(self) -> int:
        return self.terminal.queued_bytes if self.terminal is not None else 0

    def size_in_cells(self) -> tuple[int, int]:
        """Columns and rows that there is room for."""
        if self.terminal is None:
            return FIRST_SIZE
        window = self.terminal.session.window
        return window.cols, window.rows

    def tell_size(self) -> None:
        if self.terminal is not None:
            self.terminal.session.tell_window()

    def show_status(self, status: MachineStatus) -> None:
        has_booted = self._status.state is State.STARTING and status.state is State.RUNNING
        self._status = status
        if has_booted:
            self._watch_idle()
        self._refresh()
        self.info_line_changed.emit()

    def set_only_looks(self, only_looks: bool) -> None:
        self.only_looks, self._was_told = only_looks, False
        self.only_looks_changed.emit()

    def show_attached(self, attached: bool) -> None:
        self._attached = attached
        self._watch_idle()
        self._refresh()
        self.info_line_changed.emit()

    def show_detached(self, detached: bool) -> None:
        self._is_detached = detached
        self._refresh()

    @property
    def info_line(self) -> str:
        """The machine and its state, then what the terminal says of itself."""
        if self.terminal is None:
            return ""
        words = f"{self._status.machine} · {state_word(self._status.state)}"
        return f"{words} · {self.terminal.info_line}" if self._attached else words

    def set_style(self, style: TerminalStyle) -> None:
        self._style = style
        if self.terminal is not None:
            self.terminal.set_style(style)

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

        self.terminal = TerminalWidget(self.frame_typed.emit, self._style)
        self.terminal.set_logged()
        self.terminal.log_requested.connect(self.log_requested)
        self.terminal.screen_key.connect(self.screen_key)
        self.terminal.bell.connect(self.rang)
        self.terminal.info_line_changed.connect(self.info_line_changed)
        self.terminal.font_px_changed.connect(self.font_px_changed)
        self.terminal.link_requested.connect(self.link_requested)
        self.terminal.noticed.connect(lambda words: self.noticed.emit(told(words)))
        self.terminal.display.typed.connect(self._on_typed)
        self.terminal.lay_over(self._bar)
        self._terminal_place.addWidget(self.terminal, 1)
        self.setFocusProxy(self.terminal)

    def _on_typed(self) -> None:
        """Says once why nothing comes of it."""
        if self.only_looks and not self._was_told:
            self._was_told = True
            self.noticed.emit(self.tr("You only look at this console. To type, untick Only look under the plus."))

    def _build(self) -> None:
        self._stack = QStackedLayout(self)
        self._face = FaceView("console_face", "console")
        self._face.wished.connect(self.verb_requested)
        self._live = QWidget()
        self._live.setObjectName("console_live")
        self._terminal_place = QVBoxLayout(self._live)
        self._terminal_place.setContentsMargins(0, 0, 0, 0)
        self._terminal_place.setSpacing(0)
        self._build_bar()
        self._stack.addWidget(self._face)
        self._stack.addWidget(self._live)

    def _build_bar(self) -> None:
        self._bar_start = button("console_bar_start", self.tr("Start"), self._ask)
        self._bar_attach = button("console_attach", self.tr("Attach"), lambda: self.detach_requested.emit(False))
        self._bar = TerminalBar("console_bar", self._bar_attach, self._bar_start)
        self._bar.setParent(self._live)  # until there is a terminal, over which it lies

    def _refresh(self) -> None:
        state = self._status.state
        live = state in LIVE
        can_start = state in (State.STOPPED, State.FAILED, State.SUSPENDED)
        self._stack.setCurrentWidget(self._live if live or self._had_output else self._face)
        self._bar.setVisible(not live or not self._attached)
        self._bar_start.setVisible(can_start)
        self._bar_attach.setVisible(live and self._is_detached)
        self._bar.words.setText(self._unattached() if live else self._words(state))
        set_button_text(self._bar_start, self._start_word(state))
        self._face.show_face(self._face_now(state))

    def _watch_idle(self) -> None:
        if self._attached and self.terminal is not None:
            boots = self._status.state is State.STARTING  # nobody reads what is typed yet
            self.terminal.watch_idle(self.tr("The machine boots and has printed nothing yet") if boots else "")

    def _face_now(self, state: State) -> Face:
        """As other panes wear it, with what becomes of the console in place of what becomes of containers."""
        face = machine_face(self._status)
        if face.wish == CONSOLE:
            return replace(face, why="", wish="", button="")
        if state is State.SUSPENDED:
            return replace(face, why=self.tr("Its console goes on where it was."))
        note = self.tr("Its console shows everything from the moment it is switched on.")
        return replace(face, why=(state is State.FAILED and face.why) or note)

    def _start_word(self, state: State) -> str:
        if state is State.FAILED:
            return action_word(self._status.action)
        return self.tr("Resume") if state is State.SUSPENDED else self.tr("Start")

    def _ask(self) -> None:
        failed = self._status.state is State.FAILED
        self.verb_requested.emit((failed and self._status.action) or "start")

    def _unattached(self) -> str:
        if self._is_detached:
            return self.tr("Detached. The console goes on.")
        return self.tr("Connecting to the console…")

    def _words(self, state: State) -> str:
        if state is State.STOPPED:
            return self.tr("The machine is stopped")
        if state is State.FAILED:
            return self.tr("The machine failed")
        return state_word(state)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 160)
