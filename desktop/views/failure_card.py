"""What a failed machine says: why, the log lines that explain it, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible_lines

from .card import button, set_button_text
from .plain import PlainLabel
from .told import told
from .words import action_word

LINES_SHOWN = 9


class FailureCard(QFrame):
    """Seen only while the machine has failed. Says `verb_requested` with the act that helps."""

    verb_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failure_card")
        self.setProperty("role", "notice")
        self.setProperty("kind", "error")
        self._why = PlainLabel(name="failure_why", role="heading", wrap=True, selectable=True)
        self._lines = QPlainTextEdit()
        self._lines.setObjectName("failure_lines")
        self._lines.setReadOnly(True)
        self._lines.setProperty("role", "mono")
        self._lines.setAccessibleName(self.tr("Last lines of the log"))
        self._next = PlainLabel(name="failure_next", wrap=True, selectable=True)
        self._action = "start"
        self._act = button("failure_action", action_word("start"), lambda: self.verb_requested.emit(self._action))
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addWidget(self._why)
        column.addWidget(self._lines)
        row = QHBoxLayout()
        row.addWidget(self._next, 1)
        row.addWidget(self._act)
        column.addLayout(row)
        self.hide()

    def show_status(self, status: MachineStatus) -> None:
        failed = status.state is State.FAILED
        self.setVisible(failed)
        if not failed:
            return
        first, _, rest = told(status.detail.strip()).partition("\n")
        self._why.setText(first or self.tr("The machine failed"))
        self.setAccessibleName(self._why.text())
        lines = visible_lines(rest.strip("\n"))
        if lines != self._lines.toPlainText():
            self._lines.setPlainText(lines)
            self._lines.verticalScrollBar().setValue(self._lines.verticalScrollBar().maximum())
        shown = min(LINES_SHOWN, lines.count("\n") + 1)
        self._lines.setFixedHeight(shown * self._lines.fontMetrics().lineSpacing() + 14)
        self._lines.setVisible(bool(lines))
        self._next.setText(told(status.next_step))
        self._action = status.action or "start"
        set_button_text(self._act, action_word(self._action))
        self._act.setProperty("kind", "danger" if self._action == "kill" else "primary")
        self._act.style().polish(self._act)
