"""The last notices with the moment of each, the newest first: what was missed is read here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import takewhile

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.models import words

from .card import button
from .dialog import Dialog
from .face import Face, FaceView
from .notice_stack import Notice
from .page import GAP_PX, Page
from .plain import PlainLabel

SIZE = (620, 460)


class NoticeList(Dialog):
    """`clear_requested`: none of them is wanted any more."""

    clear_requested = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "notice_list", self.tr("Notices"), spacing=0)
        self._clear = button("notice_list_clear", self.tr("Clear"), self.clear_requested.emit)
        self._close = button("notice_list_close", self.tr("Close"), self.accept)
        self._page = Page("notice_list_scroll", self.tr("Notices"))
        self._rows: list[tuple[Notice, QFrame]] = []  # the oldest first
        self._count = 0
        self._below_px: int | None = None  # what stays below what is in sight, while new ones are put above it
        listed = QWidget()
        listed.setObjectName("notice_list_rows")
        self._listed = QVBoxLayout(listed)
        self._listed.setContentsMargins(0, 0, 0, 0)
        self._listed.setSpacing(GAP_PX // 2)
        self._page.add_wide(listed)
        self._page.verticalScrollBar().rangeChanged.connect(lambda _, most: self._on_longer(most))
        self._body = QStackedLayout()
        self._place()
        self.resize(*SIZE)

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """The oldest first, as they were said. The rows of those that were there stay: who reads one goes on."""
        gone = [row for row in self._rows if not any(row[0] is notice for notice in notices)]
        for row in gone:
            self._rows.remove(row)
            self._listed.removeWidget(row[1])
            row[1].hide()
            row[1].deleteLater()
        last = self._rows[-1][0] if self._rows else None
        new = list(takewhile(lambda notice: notice is not last, reversed(notices)))
        bar = self._page.verticalScrollBar()
        if bar.value() > 0 and new:
            self._below_px = bar.maximum() - bar.value()
        for notice in reversed(new):
            made = _row(f"listed_{self._count}", notice)
            self._count += 1
            self._rows.append((notice, made))
            self._listed.insertWidget(0, made)
        self._body.setCurrentIndex(0 if notices else 1)
        self._clear.setEnabled(bool(notices))

    def _on_longer(self, most: int) -> None:
        below_px, self._below_px = self._below_px, None
        if below_px is not None:
            self._page.verticalScrollBar().setValue(most - below_px)

    def _place(self) -> None:
        face = FaceView("notice_list_face", "notices")
        why = self.tr("What fails or ends is told here, also while the window is hidden.")
        face.show_face(Face(self.tr("No notices"), why))
        title = PlainLabel(self.tr("Notices"), name="notice_list_title", role="heading")
        title.setContentsMargins(20, 18, 20, 0)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(title)
        self.column.addLayout(self._body, 1)
        for part in (self._page, face):
            self._body.addWidget(part)
        row = self.add_buttons(self._clear, self._close)
        row.setContentsMargins(20, 10, 20, 16)
        row.setSpacing(8)
        self._close.setDefault(True)


def _row(name: str, notice: Notice) -> QFrame:
    made = QFrame()
    made.setObjectName(name)
    made.setProperty("role", "notice")
    made.setProperty("kind", notice.kind)
    what = PlainLabel(notice.what, name=f"{name}_what", role="strong", wrap=True, selectable=True)
    when = PlainLabel(_time_words(notice.said_s), name=f"{name}_when", role="caption")
    when.setToolTip(words.moment(notice.said_s))
    head = QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(what, 1)
    head.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout(made)
    column.setContentsMargins(14, 10, 14, 10)
    column.setSpacing(3)
    column.addLayout(head)
    for part, text, role in (("why", notice.why, ""), ("next", notice.next_step, "name")):
        if text:
            column.addWidget(PlainLabel(text, name=f"{name}_{part}", role=role, wrap=True, selectable=True))
    made.setAccessibleName(what.text())
    return made


def _time_words(said_s: float) -> str:
    """The time of today, else with the day."""
    moment, form = QDateTime.fromSecsSinceEpoch(int(said_s)), QLocale.FormatType.ShortFormat
    is_today = moment.date() == QDateTime.fromSecsSinceEpoch(int(time.time())).date()
    return QLocale().toString(moment.time(), form) if is_today else QLocale().toString(moment, form)
