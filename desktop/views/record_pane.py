"""What the panes of the engine share: the bar, the table, and the face that stands in for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QItemSelectionRange, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from desktop.core.engine import EngineLink, Link
from desktop.core.machine import MachineStatus
from desktop.models.record_table import RecordTableModel

from .engine_face import CONSOLE, RETRY, START, engine_face, lost_face
from .face import Face, FaceView
from .filter_bar import FilterBar
from .lost_bar import LostBar
from .record_acts import RecordActs
from .record_links import RecordLinks
from .record_view import RecordView
from .subject import Subject

R = TypeVar("R")

AGES_EVERY_MS = 60_000
SUMMARY_AFTER_MS = 100
_CLEAR = "clear"


class RecordPane(QWidget, Generic[R]):
    """`act_requested` carries what to do and the ids to do it with; facts come back through the model."""

    act_requested = Signal(str, list)
    machine_start_requested = Signal()
    console_requested = Signal()
    retry_requested = Signal()
    link_requested = Signal(str)
    shown_changed = Signal(bool)  # rows are on the screen, or are not any more

    def __init__(
        self, subject: Subject[R], model: RecordTableModel[R], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{subject.name}_pane")
        self.setAccessibleName(subject.title)
        self._subject, self.model = subject, model
        self._status, self._link = MachineStatus(), EngineLink()
        self._shown = False
        self.table: RecordView[R] = RecordView(f"{subject.name}_table", subject.title, model)
        self._acts = RecordActs(subject, self.table, self.selected)
        self._links = RecordLinks(self.table)
        self._bar = FilterBar(subject.name, subject.filter_hint, self._acts.buttons)
        self._lost = LostBar(f"{subject.name}_lost")
        self._face = FaceView(f"{subject.name}_face", subject.name)
        self._body = QStackedLayout()
        self._place()
        self._ages = QTimer(self, interval=AGES_EVERY_MS)
        self._later = QTimer(self, interval=SUMMARY_AFTER_MS, singleShot=True)
        self._connect()
        self._refresh()

    def show_situation(self, status: MachineStatus, link: EngineLink) -> None:
        """Shows rows, or a face that says why there are none."""
        self._status, self._link = status, link
        self._refresh()

    def selected(self) -> list[R]:
        """The selected records, from the top."""
        # Qt's stubs do not know that a QItemSelection is a list.
        ranges = cast(Iterable[QItemSelectionRange], self.table.selectionModel().selection())
        rows = {row for found in ranges for row in range(found.top(), found.bottom() + 1)}
        return [self.model.record(row) for row in sorted(rows)]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.refresh_ages()
        self._ages.start()
        self._tell_shown()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()
        self._tell_shown()

    def _place(self) -> None:
        self._body.addWidget(self.table)
        self._body.addWidget(self._face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._lost)
        column.addLayout(self._body, 1)

    def _connect(self) -> None:
        self._ages.timeout.connect(self.model.refresh_ages)
        self._later.timeout.connect(self._refresh)
        self.model.layoutChanged.connect(self._refresh_soon)
        self.model.dataChanged.connect(self._refresh_soon)
        self.table.selectionModel().selectionChanged.connect(self._enable_acts)
        self._acts.requested.connect(self.act_requested)
        for links in (self._acts, self._links):
            links.link_requested.connect(self.link_requested)
        self._bar.changed.connect(self._on_filter)
        self._bar.left.connect(self._enter_table)
        self._face.wished.connect(self._on_wish)
        self._lost.retry_requested.connect(self.retry_requested)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._bar.focus)

    def _on_filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._refresh()

    def _enter_table(self) -> None:
        if self.model.rowCount():
            if not self.table.selectionModel().hasSelection():
                self.table.selectRow(0)
            self.table.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_wish(self, wish: str) -> None:
        if wish == START:
            self.machine_start_requested.emit()
        elif wish == CONSOLE:
            self.console_requested.emit()
        elif wish == RETRY:
            self.retry_requested.emit()
        elif wish == _CLEAR:
            self._bar.clear()
        else:
            QGuiApplication.clipboard().setText(self._subject.empty.code)

    def _refresh_soon(self) -> None:
        # Not a restart: in a storm of changes it still comes.
        if not self._later.isActive():
            self._later.start()

    def _refresh(self) -> None:
        records = self.model.records()
        face = self._face_now(len(records))
        if face is not None:
            self._face.show_face(face)
        self._body.setCurrentWidget(self.table if face is None else self._face)
        self._show_lost(face is None and self._link.link is Link.LOST)
        self._bar.set_usable(bool(records))
        self._bar.show_summary(self._summary(records))
        self._enable_acts()
        self._tell_shown()

    def _face_now(self, total: int) -> Face | None:
        face = engine_face(self._status, self._link)
        if face is not None:
            return face
        if total == 0:
            return lost_face(self._link) if self._link.link is Link.LOST else self._subject.empty
        if self.model.rowCount() == 0:
            what = self.tr("Nothing matches “%1”").replace("%1", self._bar.text())
            return Face(what, wish=_CLEAR, button=self.tr("Clear the filter"))
        return None

    def _show_lost(self, lost: bool) -> None:
        """What was last known, greyed, under a line that says so."""
        self.table.setEnabled(not lost)
        if lost:
            self._lost.show_reason(self._link.reason)
        else:
            self._lost.hide()

    def _summary(self, records: list[R]) -> str:
        shown = self.model.rowCount()
        if not records:
            return ""
        if shown == len(records):
            return self._subject.summary(records)
        words = self.tr("%1 of %2").replace("%1", self.locale().toString(shown))
        return words.replace("%2", self.locale().toString(len(records)))

    def _enable_acts(self) -> None:
        self._acts.enable(self._body.currentWidget() is self.table and self.table.isEnabled())

    def _tell_shown(self) -> None:
        shown = self.isVisible() and self._body.currentWidget() is self.table
        if shown != self._shown:
            self._shown = shown
            self.shown_changed.emit(shown)
