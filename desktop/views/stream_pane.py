"""A terminal beside the machine's own, such as a shell in a container, and in words what became of it."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible

from .card import button
from .distinct import make_distinct
from .stream_words import Kind, Phase, Target, idle_words_of, phase_words, title_of
from .terminal.widget import TerminalWidget
from .terminal_bar import TerminalBar
from .terminal_style import TerminalStyle

LONGEST_NAME = 200
_numbers = itertools.count(1)


class StreamPane(QWidget):
    """Importing this loads the native library. What `close_requested` asks for is done where `closed` comes."""

    frame_typed = Signal(bytes, bytes)
    again_requested = Signal()
    close_requested = Signal()
    closed = Signal()
    link_requested = Signal(str)
    noticed = Signal(str)
    screen_key = Signal(object, str)
    rang = Signal()
    info_line_changed = Signal()
    font_px_changed = Signal(int)
    phase_changed = Signal()

    def __init__(self, target: Target, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target, self.name = target, target.name
        self.phase = Phase.OPENING
        self._words, self._status = "", MachineStatus()
        self.number = next(_numbers)
        self.setObjectName(f"stream_pane_{self.number}")
        self.setAccessibleName(self._about(title_of(target.kind)))
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.terminal = TerminalWidget(self.frame_typed.emit)
        self.terminal.set_name(self.accessibleName())
        self.terminal.link_requested.connect(self.link_requested)
        self.terminal.noticed.connect(self.noticed)
        self.terminal.screen_key.connect(self.screen_key)
        self.terminal.bell.connect(self.rang)
        self.terminal.info_line_changed.connect(self.info_line_changed)
        self.terminal.font_px_changed.connect(self.font_px_changed)
        self._again = button("stream_again", self.tr("Open again"), self.again_requested.emit)
        self._close = button("stream_close", self.tr("Close"), self.close_requested.emit)
        self._bar = TerminalBar("stream_bar", self._again, self._close)
        self.terminal.lay_over(self._bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.terminal, 1)
        self.setFocusProxy(self.terminal)
        make_distinct(self, self.number)
        self._refresh()

    def receive(self, kind: bytes, payload: bytes) -> None:
        self.terminal.receive(kind, payload)

    @property
    def queued_bytes(self) -> int:
        return self.terminal.queued_bytes

    def size_in_cells(self) -> tuple[int, int]:
        return self.terminal.display.room()

    def hint(self, words: str) -> None:
        """Words at the terminal's foot, which go with the next key."""
        self.terminal.set_message(words, hint=True)

    def watch_idle(self) -> None:
        self.terminal.watch_idle(idle_words_of(self.target.kind))

    def show_phase(self, phase: Phase, words: str = "") -> None:
        self.phase, self._words = phase, words
        self._refresh()
        self.phase_changed.emit()

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes, unless it is opened again."""
        return self.phase not in (Phase.OPEN, Phase.OPENING)

    def show_status(self, status: MachineStatus) -> None:
        """What the machine does is why a shell was lost."""
        self._status = status
        self._refresh()

    @property
    def info_line(self) -> str:
        return self.terminal.info_line

    def set_style(self, style: TerminalStyle) -> None:
        self.terminal.set_style(style)

    def close_terminal(self) -> None:
        self.terminal.close_terminal()

    def _refresh(self) -> None:
        self._bar.setVisible(self.phase is not Phase.OPEN)
        self._bar.words.setText(self._said())
        self._again.setVisible(self.is_over)
        self._close.setVisible(self.is_over)
        runs = self._status.state is State.RUNNING or self.target.kind is Kind.OTHER
        self._again.setEnabled(runs and self.phase is not Phase.CONTAINER_REMOVED)

    def _said(self) -> str:
        return self._words or self._about(phase_words(self.target.kind, self.phase, self._status.state))

    def _about(self, words: str) -> str:
        return words.replace("%1", visible(self.name, LONGEST_NAME))
