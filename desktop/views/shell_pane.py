"""A shell in a container: its terminal, and in words what became of it."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible

from .card import button
from .plain import PlainLabel
from .terminal.widget import TerminalWidget


class Phase(Enum):
    """How a shell stands."""

    OPENING = auto()
    OPEN = auto()
    REFUSED = auto()  # it could not be opened; the words come with it
    EXITED = auto()  # it ended by itself
    CONTAINER_ENDED = auto()
    LOST = auto()  # the engine or the machine went away; the machine's state says which


class ShellPane(QWidget):
    """`container` and `name` say where it is. Importing this loads the native library."""

    frame_typed = Signal(bytes, bytes)
    again_requested = Signal()
    close_requested = Signal()
    link_requested = Signal(str)
    noticed = Signal(str)
    screen_key = Signal(object, str)
    rang = Signal()
    info_line_changed = Signal()
    phase_changed = Signal()

    def __init__(self, container: str, name: str, font_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.container, self.name = container, name
        self.phase = Phase.OPENING
        self._words, self._status = "", MachineStatus()
        self.setObjectName("shell_pane")
        self.setAccessibleName(self.tr("Shell in %1").replace("%1", visible(name, 200)))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.terminal = TerminalWidget(self.frame_typed.emit, font_px)
        self.terminal.link_requested.connect(self.link_requested)
        self.terminal.noticed.connect(self.noticed)
        self.terminal.screen_key.connect(self.screen_key)
        self.terminal.bell.connect(self.rang)
        self.terminal.info_line_changed.connect(self.info_line_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_bar())
        column.addWidget(self.terminal, 1)
        self.setFocusProxy(self.terminal)
        self._refresh()

    def receive(self, kind: bytes, payload: bytes) -> None:
        self.terminal.receive(kind, payload)

    @property
    def queued_bytes(self) -> int:
        return self.terminal.queued_bytes

    def size_in_cells(self) -> tuple[int, int]:
        return self.terminal.display.room()

    def show_phase(self, phase: Phase, words: str = "") -> None:
        self.phase, self._words = phase, words
        self._refresh()
        self.phase_changed.emit()

    def show_status(self, status: MachineStatus) -> None:
        """What the machine does is why a shell was lost."""
        self._status = status
        self._refresh()

    @property
    def info_line(self) -> str:
        return self.terminal.info_line

    def set_prefix(self, letter: str) -> None:
        self.terminal.set_prefix(letter)

    def set_font_px(self, font_px: int) -> None:
        self.terminal.set_font_px(font_px)

    def close_terminal(self) -> None:
        self.terminal.close_terminal()

    def _build_bar(self) -> QWidget:
        """Over a terminal that shows what was, and takes no keys."""
        self._bar = QWidget()
        self._bar.setObjectName("shell_bar")
        self._bar_words = PlainLabel(name="shell_bar_words", role="strong", elide=True)
        self._again = button("shell_again", self.tr("Open again"), self.again_requested.emit)
        self._close = button("shell_close", self.tr("Close"), self.close_requested.emit)
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(20, 6, 20, 6)
        row.addWidget(self._bar_words, 1)
        row.addWidget(self._again)
        row.addWidget(self._close)
        return self._bar

    def _refresh(self) -> None:
        self._bar.setVisible(self.phase is not Phase.OPEN)
        self._bar_words.setText(self._said())
        is_over = self.phase not in (Phase.OPEN, Phase.OPENING)
        self._again.setVisible(is_over)
        self._close.setVisible(is_over)
        self._again.setEnabled(self._status.state is State.RUNNING)

    def _said(self) -> str:
        if self.phase is Phase.OPENING:
            return self.tr("Opening a shell in %1…").replace("%1", self.name)
        if self.phase is Phase.REFUSED:
            return self._words
        if self.phase is Phase.CONTAINER_ENDED:
            return self.tr("%1 does not run any more, and its shell ended with it.").replace("%1", self.name)
        if self.phase is Phase.LOST:
            return self._why_lost()
        return self.tr("The shell has ended.")

    def _why_lost(self) -> str:
        state = self._status.state
        if state in (State.SUSPENDING, State.SUSPENDED, State.RESUMING):
            return self.tr("The machine was suspended, which cut off this shell.")
        if state in (State.STOPPING, State.STOPPED):
            return self.tr("The machine was stopped, and this shell ended with it.")
        if state is State.FAILED:
            return self.tr("The machine failed, and this shell ended with it.")
        return self.tr("The connection to the engine was lost, which cut off this shell.")
