"""The table widget of the panes: rows of one height, columns that fill the width, plain tooltips."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop.models.column import Column
from desktop.models.record_table import HINT_ROLE, LINKS_ROLE, RecordTableModel

from .cell_delegate import MARK_GAP_PX, PADDING_PX, CellDelegate
from .plain import plain_tooltip
from .state_mark import SIZE_PX

R = TypeVar("R")

ROW_PADDING_PX = 12
LEAST_STRETCHED_PX = 80
LEAST_NAME_PX = 130
LEAST_PX = 56
"""Its header and a row: below a notice in a small window it is no higher."""
ARROW_PX = PADDING_PX + SIZE_PX + MARK_GAP_PX


class RecordView(QTableView, Generic[R]):
    """Shows a RecordTableModel; whole rows are selected, several at once."""

    opened = Signal(int)  # a row, by a double click or Return

    def __init__(
        self, name: str, title: str, model: RecordTableModel[R], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._records = model
        self._fitting = False
        self._fitted_by_user = False
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setMinimumHeight(LEAST_PX)
        self.setTabKeyNavigation(False)  # Tab leaves the table, as a keyboard user expects
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_headers()
        self.setItemDelegate(CellDelegate(self, model))
        self.doubleClicked.connect(self._on_double_click)
        model.layoutChanged.connect(self._find_place)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    @property
    def columns(self) -> tuple[Column[R], ...]:
        return self._records.columns

    @property
    def fitted_by_user(self) -> bool:
        return self._fitted_by_user

    def set_grouped(self, wanted: bool) -> None:
        self._records.set_grouped(wanted)

    def show_column(self, number: int, shown: bool) -> None:
        self._fitting = True
        self.setColumnHidden(number, not shown)
        self._fitting = False
        self._fit()

    def restore(self, header: QByteArray, fitted_by_user: bool) -> None:
        """As `QHeaderView.saveState` had it."""
        self.horizontalHeader().restoreState(header)
        self._fitted_by_user = fitted_by_user
        self.sortByColumn(self.horizontalHeader().sortIndicatorSection(), self.horizontalHeader().sortIndicatorOrder())
        self._fit()

    def rows_in_sight(self) -> range:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return range(max(0, first), (self._records.rowCount() if last < 0 else last + 1) if first >= 0 else 0)

    def record(self, row: int) -> R:
        return self._records.record(row)

    def event(self, event: QEvent) -> bool:
        """A menu that is asked for by a key is one for the row that has the focus, and stands there: Qt has it too low,
        by the headers."""
        by_key = isinstance(event, QContextMenuEvent) and event.reason() is QContextMenuEvent.Reason.Keyboard
        current = self.currentIndex() if by_key else QModelIndex()
        if not current.isValid():
            return super().event(event)
        if not self.selectionModel().hasSelection():
            self.selectRow(current.row())
        self.customContextMenuRequested.emit(self.visualRect(current).center())
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        group = self._records.group(row) if row >= 0 else None
        opens = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        if group is not None and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._records.set_open(group.name, event.key() == opens)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self._open(row)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        group = self._records.group(index.row()) if index.isValid() and index.column() == 0 else None
        if group is not None and self._is_on_arrow(index, event.position().toPoint()):
            self._records.set_open(group.name, group.closed)
        else:
            super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            hint = index.data(HINT_ROLE) if index.isValid() else None
            if hint:
                QToolTip.showText(event.globalPos(), plain_tooltip(hint), self, self.visualRect(index))
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and not self._fitting:
            self._set_row_height()

    def _find_place(self) -> None:
        """Of the focus, among the first rows that come: as where it comes to rows that are there."""
        if self.hasFocus() and not self.currentIndex().isValid():
            self.selectionModel().setCurrentIndex(self._records.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def _on_double_click(self, index: QModelIndex) -> None:
        if not index.data(LINKS_ROLE):  # its first click has opened the link
            self._open(index.row())

    def _open(self, row: int) -> None:
        if (group := self._records.group(row)) is not None:
            self._records.set_open(group.name, group.closed)
        else:
            self.opened.emit(row)

    def _is_on_arrow(self, index: QModelIndex, where: QPoint) -> bool:
        cell = self.visualRect(index)
        return 0 <= (cell.right() - where.x() if self.isRightToLeft() else where.x() - cell.left()) <= ARROW_PX

    def _set_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # measuring every row takes a second at 10,000
        self._set_row_height()
        header = self.horizontalHeader()
        header.setObjectName(f"{self.objectName()}_header")
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSortIndicatorClearable(False)
        for number, column in enumerate(self._records.columns):
            header.resizeSection(number, column.width)
        header.sectionResized.connect(self._on_section_resized)

    def _set_row_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + ROW_PADDING_PX)

    def _on_section_resized(self, _section: int, _before: int, _after: int) -> None:
        if not self._fitting and self.isVisible():
            self._fitted_by_user = True

    def _fit(self) -> None:
        """Shares out the width that is left, or missing, among the columns that stretch, until the user sets one."""
        if self._fitted_by_user:
            return
        columns = [c for number, c in enumerate(self._records.columns) if not self.isColumnHidden(number)]
        room = self.viewport().width() - sum(column.width for column in columns)
        stretched = [column for column in columns if column.stretch]
        shares = sum(column.stretch for column in stretched)
        whole = sum(column.width for column in stretched)
        widths: dict[int, int] = {}
        for number, column in enumerate(self._records.columns):
            if column.stretch and column in columns:
                share = room * column.stretch // shares if room > 0 else room * column.width // whole
                widths[number] = max(LEAST_STRETCHED_PX, column.width + share)
        fixed = sum(column.width for column in columns) - whole
        self._fitting = True
        for number, width in _named_first(widths, self.viewport().width() - fixed).items():
            self.horizontalHeader().resizeSection(number, width)
        self._fitting = False


def _named_first(widths: dict[int, int], room: int) -> dict[int, int]:
    """The first column, which has the name, is narrowed after the others, and not at all where one has to scroll."""
    lack = LEAST_NAME_PX - widths.get(0, LEAST_NAME_PX)
    if lack <= 0:
        return widths
    if LEAST_STRETCHED_PX * len(widths) > room:
        return {**widths, 0: LEAST_NAME_PX}
    spare = {number: width - LEAST_STRETCHED_PX for number, width in widths.items() if number}
    share = min(1.0, lack / (sum(spare.values()) or 1))
    given = {number: round(px * share) for number, px in spare.items()}
    given[0] = -sum(given.values())
    return {number: width - given[number] for number, width in widths.items()}
