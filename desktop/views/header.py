"""The header of the window: how the machine is, and Start, Suspend, Stop and Restart."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QIcon, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.core.machine import LIVE, MachineStatus, State, boot_times, is_late_to_resume

from .busy_bar import BusyBar
from .card import button, set_button_text
from .icons import line_icon, state_pixmap
from .plain import PlainLabel
from .theme import colours_of
from .told import told
from .words import accelerator_word, moment, seconds, state_word

GLYPH_PX = 34
NARROW_PX = 620
_MOVING = frozenset(LIVE - {State.RUNNING})


class Header(QFrame):
    """Says `verb_requested` with start, suspend, stop, restart or kill. Its buttons are true to the state."""

    verb_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setProperty("role", "header")
        self._status = MachineStatus()
        self._asked = ""
        self._late = False
        self._build()
        self._deadline = QTimer(self, interval=1000)
        self._deadline.timeout.connect(self._refresh)
        self._end_s: float | None = None  # by the monotonic clock; of what is waited for
        self.show_status(self._status)

    def show_status(self, status: MachineStatus) -> None:
        if status.state is not self._status.state:
            self._asked, self._late = "", False
        if (status.state, status.deadline_s) != (self._status.state, self._status.deadline_s):
            # Not with each: they all say how long the whole may take.
            self._end_s = None if status.deadline_s is None else time.monotonic() + status.deadline_s
        self._status = status
        self._refresh()

    def show_asked(self, verb: str) -> None:
        """A verb was sent and the supervisor has not answered yet; empty: it has."""
        self._asked = verb
        self._refresh()

    def show_late(self) -> None:
        """The guest did not stop in time: killing it is offered."""
        self._late = True
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_start"):
            self._tint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh_buttons()
        if self._start.icon().isNull() is not self._is_narrow:
            self._tint()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._deadline.stop()

    @property
    def _is_narrow(self) -> bool:
        """The state's word has the room then that the buttons' pictures have else."""
        return self.width() < NARROW_PX

    @property
    def _seconds_left(self) -> float | None:
        return None if self._end_s is None else self._end_s - time.monotonic()

    def _build(self) -> None:
        self._glyph = QLabel()
        self._glyph.setObjectName("state_glyph")
        self._glyph.setTextFormat(Qt.TextFormat.PlainText)
        self._glyph.setFixedSize(GLYPH_PX, GLYPH_PX)
        self._title = PlainLabel(name="machine_state", role="title", elide=True)
        self._caption = PlainLabel(name="machine_detail", role="caption", elide=True)
        self._start = self._verb_button("start", self.tr("Start"), "primary")
        self._suspend = self._verb_button("suspend", self.tr("Suspend"))
        self._stop = self._verb_button("stop", self.tr("Stop"))
        self._restart = self._verb_button("restart", self.tr("Restart"))
        self._kill = self._verb_button("kill", self.tr("Kill"), "danger")
        self._bar = BusyBar("machine_progress", self.tr("Progress"))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._caption)
        row = QHBoxLayout()
        row.setContentsMargins(20, 14, 20, 12)
        row.setSpacing(14)
        row.addWidget(self._glyph)
        row.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for made in (self._kill, self._start, self._suspend, self._stop, self._restart):
            buttons.addWidget(made)
        row.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._bar)
        # The bar keeps its place, so that nothing jumps when it comes and goes.
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._tint()

    def _verb_button(self, verb: str, text: str, kind: str = "") -> QPushButton:
        return button(f"machine_{verb}", text, lambda: self.verb_requested.emit(verb), kind)

    def _verb_buttons(self) -> tuple[tuple[str, QPushButton, bool], ...]:
        """Those that are always there: their verb, and whether it is the one that stands out."""
        return (
            ("start", self._start, True),
            ("suspend", self._suspend, False),
            ("stop", self._stop, False),
            ("restart", self._restart, False),
        )

    def _refresh(self) -> None:
        status, state = self._status, self._status.state
        self._glyph.setPixmap(state_pixmap(state, GLYPH_PX, self.devicePixelRatioF()))
        self._glyph.setAccessibleName(state_word(state))
        self._title.setText(state_word(state))
        self._caption.setText(self._caption_text())
        self._refresh_buttons()
        set_button_text(self._start, self.tr("Resume") if state is State.SUSPENDED else self.tr("Start"))
        self._bar.setVisible(state in _MOVING or bool(self._asked))
        if status.deadline_s is not None and self.isVisible():
            self._deadline.start()
        else:
            self._deadline.stop()

    def _refresh_buttons(self) -> None:
        """Where there is little room, only those that the state allows are there at all."""
        allowed = allowed_verbs(self._status)
        state, left = self._status.state, self._seconds_left
        overdue = state is State.STOPPING and left is not None and left <= 0
        self._kill.setVisible("kill" in allowed or (state in LIVE and (self._late or overdue)))
        self._kill.setEnabled(self._asked != "kill")
        for verb, made, _ in self._verb_buttons():
            made.setEnabled(verb in allowed and not self._asked)
            made.setVisible(verb in allowed or not self._is_narrow)

    def _caption_text(self) -> str:
        status = self._status
        if status.state is State.RUNNING:
            parts = [self.tr("since %1").replace("%1", moment(status.since))] if status.since else []
            parts.append(accelerator_word(status.hypervisor.accelerator))
            return " · ".join(part for part in parts if part)
        first = told(status.detail.strip().partition("\n")[0])
        if not first and status.state is State.STARTING:
            first = self._boot_text()
        if status.state in _MOVING:
            left = self._seconds_left
            if left is None:
                return first
            limit = self.tr("at most %1 s more").replace("%1", str(max(0, round(left))))
            return " · ".join(part for part in (first, limit) if part)
        if first or status.state is State.FAILED:
            return first
        if status.state is State.SUSPENDED:
            return self.tr("Its containers wait; a docker call resumes it too")
        return self.tr("The machine is off")

    def _boot_text(self) -> str:
        """The step that is done, and what is waited for where that takes long and says nothing."""
        steps = list(boot_times(self._status.boot_steps))
        if not steps:
            return self.tr("The virtual machine is being switched on")
        step, took_s = steps[-1]
        if step.name == "ready":
            return self.tr("The guest is up, its engine is coming")
        return self.tr("%1, %2").replace("%2", seconds(took_s)).replace("%1", told(step.name))

    def _tint(self) -> None:
        colours = colours_of(self.palette())
        for verb, made, is_primary in self._verb_buttons():
            colour = colours.on_accent if is_primary else colours.text
            icon = line_icon(verb, colour, 14, self.devicePixelRatioF(), colours.muted)
            made.setIcon(QIcon() if self._is_narrow else icon)
            made.setIconSize(QSize(14, 14))


def allowed_verbs(status: MachineStatus) -> set[str]:
    """Which of Start, Suspend, Stop, Restart and Kill are of use now; the tray's menu asks too."""
    if is_late_to_resume(status):
        return {"stop", "kill"}
    if status.action == "kill":  # it does not answer
        return {"start", "kill"} if status.state is State.FAILED else {"kill"}
    return {
        State.STOPPED: {"start"},
        State.FAILED: {"start"},
        State.STARTING: {"stop"},
        State.RUNNING: {"suspend", "stop", "restart"},
        State.SUSPENDED: {"start", "stop"},
        State.RESUMING: {"stop"},
    }.get(status.state, set())
