"""What the panes of the engine share: the bar, the table, and the face that stands in for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QItemSelectionRange, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from desktop.core.engine import EngineLink, Link
from desktop.core.machine import MachineStatus, State
from desktop.models.record_table import RecordTableModel

from .card import button
from .engine_face import engine_face, lost_face, pass_on
from .face import Face, FaceView
from .filter_bar import FilterBar
from .lost_bar import LostBar
from .on_screen import OnScreen, Watched, is_on_screen
from .record_acts import RecordActs
from .record_links import RecordLinks
from .record_view import RecordView
from .show_part import show_part
from .subject import Subject
from .table_memory import TableMemory
from .view_menu import ViewMenu

R = TypeVar("R")

AGES_EVERY_MS = 60_000
SUMMARY_AFTER_MS = 100
CLEAR = "clear"


class RecordPane(Watched, QWidget, Generic[R]):
    """`act_requested` carries what to do and the ids to do it with; facts come back through the model."""

    act_requested = Signal(str, list)
    verb_requested = Signal(str)  # what is wished of the machine
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
        self._all_words = ""  # about all records, until one changes
        self.table: RecordView[R] = RecordView(f"{subject.name}_table", subject.title, model)
        self._acts = RecordActs(subject, self.table, self.selected)
        self._links = RecordLinks(self.table)
        self._view = ViewMenu(subject.name, self.table, subject.groups)
        self._tools = [
            button(f"{subject.name}_{tool.key}", tool.label, partial(self.act_requested.emit, tool.key, []))
            for tool in subject.tools
        ]
        alone, some = (self._tools[0], []) if len(self._tools) == 1 else (None, self._tools)
        buttons = [*some, *self._acts.buttons, self._view.button]
        self._bar = FilterBar(subject.name, subject.filter_hint, buttons, subject.filter_help, alone)
        self._lost = LostBar(f"{subject.name}_lost")
        self._face = FaceView(f"{subject.name}_face", subject.name)
        self._body = QStackedLayout()
        self._place()
        self._ages = QTimer(self, interval=AGES_EVERY_MS)
        self._later = QTimer(self, interval=SUMMARY_AFTER_MS, singleShot=True)
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self._on_seen)
        self._connect()
        self._refresh()

    def show_situation(self, status: MachineStatus, link: EngineLink) -> None:
        """Shows rows, or a face that says why there are none."""
        self._status, self._link = status, link
        self._refresh()

    def remember_in(self, memory: QSettings) -> None:
        """Shows columns and order as they were left, and keeps them from now on."""
        TableMemory(self._subject.name, self.table, self._view, memory)

    def turn_groups(self) -> None:
        """On, or off where they are on."""
        self._view.group.toggle()

    def select(self, id: str) -> None:
        """Selects the row of one record; a filter or a closed group that hides it is opened."""
        if self.model.place(id) is None:
            self._bar.clear()
            self.model.open_group_of(id)
        place = self.model.place(id)
        if place is not None:
            self.table.selectRow(place)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def subject(self) -> Subject[R]:
        return self._subject

    def selected(self) -> list[R]:
        """The selected records, from the top; with the row of a group all of it."""
        # Qt's stubs do not know that a QItemSelection is a list.
        ranges = cast(Iterable[QItemSelectionRange], self.table.selectionModel().selection())
        rows = {row for found in ranges for row in range(found.top(), found.bottom() + 1)}
        found_at = {self._subject.id_of(record): record for row in sorted(rows) for record in self.model.members(row)}
        return list(found_at.values())

    def _on_seen(self, seen: bool) -> None:
        if seen:
            self.model.refresh_ages()
            self._ages.start()
        else:
            self._ages.stop()
        self._tell_shown()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._lost)
        column.addLayout(self._body, 1)
        for part in (self.table, self._face):  # not before: without a parent the first would be a window of its own
            self._body.addWidget(part)
            # Else the room that the face needs, shown or not, would press on the bars in a small window.
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)

    def _connect(self) -> None:
        self._ages.timeout.connect(self.model.refresh_ages)
        self._later.timeout.connect(self._on_facts)
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
        if pass_on(self, wish):
            return
        if wish == CLEAR:
            self._bar.clear()
        elif any(wish == tool.key for tool in self._subject.tools):
            self.act_requested.emit(wish, [])
        else:
            QGuiApplication.clipboard().setText(self._subject.empty.code)

    def _on_facts(self) -> None:
        self._all_words = ""
        self._refresh()

    def _refresh_soon(self) -> None:
        # Not a restart: in a storm of changes it still comes.
        if not self._later.isActive():
            self._later.start()

    def _refresh(self) -> None:
        records = self.model.records()
        face = self._face_now(len(records))
        if face is not None:
            self._face.show_face(face)
        show_part(self, self._body, self.table if face is None else self._face)
        self._show_lost(face is None and self._link.link is Link.LOST)
        self._bar.set_usable(bool(records))
        self._bar.show_summary(self._summary(records))
        for tool in self._tools:
            tool.setEnabled(self._link.link is Link.UP)
        self._enable_acts()
        self._tell_shown()

    def _face_now(self, total: int) -> Face | None:
        face = engine_face(self._status, self._link)
        if face is not None and not (total and self._is_reading()):
            return face
        if total == 0:
            return lost_face(self._link) if self._link.link is Link.LOST else self._subject.empty
        if self.model.rowCount() == 0:
            what = self.tr("Nothing matches “%1”").replace("%1", self._bar.text())
            return Face(what, wish=CLEAR, button=self.tr("Clear the filter"))
        return None

    def _is_reading(self) -> bool:
        """Some rows are there, and the others are on their way."""
        return self._status.state is State.RUNNING and self._link.link is Link.READING

    def _show_lost(self, lost: bool) -> None:
        """What was last known, greyed, under a line that says so. The keyboard goes there and back, not away."""
        focused = QApplication.focusWidget()
        if lost:
            self.setFocusProxy(self._lost)
            self._lost.show_reason(self._link.reason)
            if focused is self.table:
                self._lost.setFocus()
        self.table.setEnabled(not lost)
        if not lost:
            if focused is not None and self._lost.isAncestorOf(focused):
                self.table.setFocus()
            self._lost.hide()

    def _summary(self, records: list[R]) -> str:
        shown = self.model.matching()
        if not records:
            return ""
        if self._is_reading():
            return self.tr("%1 so far, more are being read").replace("%1", self.locale().toString(shown))
        if shown == len(records):
            self._all_words = self._all_words or self._subject.summary(records)
            return self._all_words
        words = self.tr("%1 of %2").replace("%1", self.locale().toString(shown))
        return words.replace("%2", self.locale().toString(len(records)))

    def _enable_acts(self) -> None:
        """Not while some are missing: what is done with all of a project would miss them."""
        shows_rows = self._body.currentWidget() is self.table and self.table.isEnabled()
        self._acts.enable(shows_rows and not self._is_reading())

    def _tell_shown(self) -> None:
        shown = is_on_screen(self) and self._body.currentWidget() is self.table
        if shown != self._shown:
            self._shown = shown
            self.shown_changed.emit(shown)
