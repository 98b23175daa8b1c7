"""One long work in the list of tasks: how it goes, what went wrong, and its log."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop.core.job import Job, JobState
from desktop.core.text import visible, visible_lines
from desktop.models.job_words import progress_words, title_words

from .busy_bar import BusyBar
from .card import button
from .plain import PlainLabel
from .state_mark import SIZE_PX, mark_icon
from .theme import colours_of
from .told import told, told_sentence

LINES_SHOWN = 10
LOG_LIMIT = 1 << 20
"""Characters: so many of the newest."""
_MARKS = {
    JobState.RUNNING: "moving", JobState.DONE: "running", JobState.FAILED: "failed", JobState.CANCELLED: "stopped",
}  # fmt: skip


class JobCard(QFrame):
    """`lines_wanted` says whether its log is looked at."""

    cancel_requested = Signal(str)
    forget_requested = Signal(str)
    lines_wanted = Signal(str, bool)

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job = job
        name = job.id.replace("-", "_")
        self.setObjectName(name)
        self.setProperty("role", "card")
        self._mark = PlainLabel(name=f"{name}_mark")
        self._title = PlainLabel(name=f"{name}_title", role="strong", elide=True)
        self._bar = BusyBar(f"{name}_bar", self.tr("Progress"))
        self._words = PlainLabel(name=f"{name}_words", role="caption", wrap=True, selectable=True)
        self._error = PlainLabel(name=f"{name}_error", role="error", wrap=True, selectable=True)
        self._log = self._make_log(f"{name}_log")
        self._details = button(f"{name}_details", self.tr("Details"), self._toggle_log, "toggle")
        self._details.setCheckable(True)
        self._cancel = button(f"{name}_cancel", self.tr("Cancel"), lambda: self.cancel_requested.emit(job.id))
        self._forget = button(f"{name}_forget", self.tr("Remove"), lambda: self.forget_requested.emit(job.id))
        self._place()
        self.show_job(job)

    def show_job(self, job: Job) -> None:
        self.job = job
        title = title_words(job)
        self.setAccessibleName(visible(title, 200))
        self._title.setText(title)
        self._words.setText(progress_words(job))
        self._bar.setVisible(job.running)
        self._bar.show_fraction(job.fraction)
        advice = told_sentence(job.next_step) if job.next_step else ""
        failed = "\n".join(filter(None, (": ".join(filter(None, (told(job.error), told(job.why)))), advice)))
        self._error.setText(failed)
        self._error.setVisible(bool(failed))
        self._cancel.setVisible(job.can_cancel)
        self._cancel.setEnabled(job.step != "cancelling")
        self._forget.setVisible(not job.running)
        self._tint()

    def show_lines(self, lines: list[str]) -> None:
        """Its log; who is at its end stays there."""
        bar = self._log.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        before, text = self._log.toPlainText(), visible_lines("\n".join(lines)[-LOG_LIMIT:], LOG_LIMIT)
        if text != before:
            place = bar.value()
            if before and text.startswith(before):  # what is selected in it stays so
                cursor = QTextCursor(self._log.document())
                cursor.movePosition(QTextCursor.MoveOperation.End)
                cursor.insertText(text[len(before) :])
            else:
                self._log.setPlainText(text)
            bar.setValue(bar.maximum() if at_end else place)

    def _toggle_log(self) -> None:
        opened = self._details.isChecked()
        self._log.setVisible(opened)
        self.lines_wanted.emit(self.job.id, opened)

    def _tint(self) -> None:
        icon = mark_icon(_MARKS[self.job.state], colours_of(self.palette()), self.devicePixelRatioF())
        self._mark.setPixmap(icon.pixmap(SIZE_PX, SIZE_PX))

    def _place(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._mark)
        head.addWidget(self._title, 1)
        for made in self._buttons():
            head.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 10, 12, 12)
        column.setSpacing(8)
        column.addLayout(head)
        for part in (self._bar, self._words, self._error, self._log):
            column.addWidget(part)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self._details, self._cancel, self._forget

    def _make_log(self, name: str) -> QPlainTextEdit:
        log = QPlainTextEdit()
        log.setObjectName(name)
        log.setReadOnly(True)
        log.setAccessibleName(self.tr("Log"))
        log.setPlaceholderText(self.tr("Nothing was said yet"))
        log.setProperty("role", "mono")
        log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        log.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        log.setFixedHeight(LINES_SHOWN * QFontMetrics(log.font()).lineSpacing() + 14)
        log.hide()
        return log
