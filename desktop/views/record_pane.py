"""A table with a filter, buttons for what is selected, and an honest face where there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.models.record_table import HINT_ROLE, MARK_ROLE, RecordTableModel

from .card import button
from .icons import mark_icon
from .plain import PlainLabel, plain_action_text, plain_tooltip

ROW_PX = 30
AGES_MS = 30_000


@dataclass(frozen=True)
class Act:
    """Something to do with records: its key, its words, and which records it suits."""

    key: str
    label: str
    suits: Callable[[Any], bool]
    kind: str = ""


@dataclass(frozen=True)
class Face:
    """What is shown instead of rows: a heading, words, and the one button that helps (`verb`)."""

    title: str
    words: str = ""
    verb: str = ""
    label: str = ""


class MarkDelegate(QStyledItemDelegate):
    """Draws a shape before the words of a state, and shows hints as plain text."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        super().initStyleOption(option, index)
        if mark := index.data(MARK_ROLE):
            option.icon = mark_icon(mark, 14)  # type: ignore[attr-defined]
            option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration  # type: ignore[attr-defined]

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: QModelIndex  # type: ignore[override]
    ) -> bool:
        if event.type() != QEvent.Type.ToolTip:
            return super().helpEvent(event, view, option, index)
        hint = index.data(HINT_ROLE)
        QToolTip.showText(event.globalPos(), plain_tooltip(str(hint)) if hint else "", view)
        return True


class RecordPane(QWidget):
    """`act_requested` carries the key of an act and the ids of the records."""

    act_requested = Signal(str, list)
    verb_requested = Signal(str)
    shown_changed = Signal(bool)

    def __init__(
        self, name: str, title: str, model: RecordTableModel[Any], acts: Sequence[Act], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_pane")
        self.setAccessibleName(title)
        self._name, self._title, self.model, self._acts = name, title, model, tuple(acts)
        self._face: Face | None = None
        self._buttons: dict[str, QPushButton] = {}
        self._build()
        self._ages = QTimer(self, interval=AGES_MS)
        self._ages.timeout.connect(model.refresh_ages)
        for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset, model.layoutChanged):
            signal.connect(self._refresh)
        model.dataChanged.connect(self._refresh_buttons)
        self.table.selectionModel().selectionChanged.connect(self._refresh_buttons)
        self._refresh()

    def show_face(self, face: Face | None) -> None:
        """Why there is nothing to show; None: the rows count."""
        self._face = face
        self._refresh()

    def selected(self) -> list[Any]:
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.model.record(row) for row in rows]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.refresh_ages()
        self._ages.start()
        self.shown_changed.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ages.stop()
        self.shown_changed.emit(False)

    def _build(self) -> None:
        self.filter = QLineEdit()
        self.filter.setObjectName(f"{self._name}_filter")
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(280)
        self.filter.textChanged.connect(self.model.set_filter)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)
        row = QHBoxLayout()
        row.setContentsMargins(20, 12, 20, 10)
        row.setSpacing(8)
        row.addWidget(self.filter, 1)
        row.addStretch(1)
        for act in self._acts:
            made = button(f"{self._name}_{act.key}", act.label, lambda act=act: self._ask(act), act.kind)
            self._buttons[act.key] = made
            row.addWidget(made)
        self._build_table()
        self._build_face()
        self._stack = QStackedWidget()
        self._stack.setObjectName(f"{self._name}_stack")
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._faces)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._stack, 1)

    def _build_table(self) -> None:
        table = self.table = QTableView()
        table.setObjectName(f"{self._name}_table")
        table.setAccessibleName(self._title)
        table.setModel(self.model)
        table.setItemDelegate(MarkDelegate(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        for number, column in enumerate(self.model.columns):
            table.setColumnWidth(number, column.width)
            if column.stretch:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        table.setSortingEnabled(True)
        table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        remove = QShortcut(QKeySequence.StandardKey.Delete, table, context=Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self._on_delete)

    def _build_face(self) -> None:
        self._faces = QWidget()
        self._face_title = PlainLabel(name=f"{self._name}_face_title", role="heading", wrap=True)
        self._face_words = PlainLabel(name=f"{self._name}_face_words", role="name", wrap=True, selectable=True)
        self._face_button = button(f"{self._name}_face_button", "", self._on_face_button, "primary")
        column = QVBoxLayout(self._faces)
        column.addStretch(2)
        for label in (self._face_title, self._face_words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(self._face_button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)

    def _refresh(self) -> None:
        face = self._face or self._empty_face()
        self._stack.setCurrentWidget(self.table if face is None else self._faces)
        if face is not None:
            self._face_title.setText(face.title)
            self._face_words.setText(face.words)
            self._face_words.setVisible(bool(face.words))
            self._face_button.setVisible(bool(face.verb))
            self._face_button.setText(plain_action_text(face.label))
            self._face_button.setAccessibleName(face.label)
        self._refresh_buttons()

    def _empty_face(self) -> Face | None:
        if self.model.rowCount():
            return None
        if self.filter.text():
            return Face(self.tr("Nothing matches the filter"), "", "clear_filter", self.tr("Clear filter"))
        return self.nothing()

    def nothing(self) -> Face:
        """What an engine without any shows."""
        return Face(self.tr("Nothing here"))

    def _refresh_buttons(self) -> None:
        selected = self.selected()
        for act in self._acts:
            self._buttons[act.key].setEnabled(any(act.suits(record) for record in selected))

    def _ask(self, act: Act) -> None:
        ids = [record.id for record in self.selected() if act.suits(record)]
        if ids:
            self.act_requested.emit(act.key, ids)

    def _on_delete(self) -> None:
        for act in self._acts:
            if act.key == "remove":
                self._ask(act)

    def _on_face_button(self) -> None:
        face = self._face or self._empty_face()
        if face is None:
            return
        if face.verb == "clear_filter":
            self.filter.clear()
        else:
            self.verb_requested.emit(face.verb)

    def _show_menu(self, place: QPoint) -> None:
        if not self.table.indexAt(place).isValid():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected = self.selected()
        for act in self._acts:
            action = menu.addAction(plain_action_text(act.label))
            action.setEnabled(any(act.suits(record) for record in selected))
            action.triggered.connect(lambda _checked=False, act=act: self._ask(act))
        menu.popup(self.table.viewport().mapToGlobal(place))

    def select(self, id: str) -> None:
        """Selects one record, where it is shown."""
        row = self.model.place(id)
        if row is not None:
            index = self.model.index(row, 0)
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(index, flags)
