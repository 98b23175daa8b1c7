"""The table widget of the panes: rows of one height, columns that fill the width, plain tooltips."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from desktop.models.record_table import HINT_ROLE, ID_ROLE, LINKS_ROLE, MARK_ROLE, RecordTableModel

from .plain import plain_tooltip
from .record_links import LinkDelegate
from .state_mark import SIZE_PX, mark_icon
from .theme import colours_of

R = TypeVar("R")

ROW_PADDING_PX = 12
LEAST_STRETCHED_PX = 80
# Rules for items make Qt paint them by its style sheets: half a millisecond for a screen of rows.
_SHEET = "QTableView::item { padding: 0 8px; } QHeaderView::section { padding: 6px 11px; }"


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
        self.setTabKeyNavigation(False)  # Tab leaves the table, as a keyboard user expects
        self.setStyleSheet(_SHEET)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._set_headers()
        for number, column in enumerate(model.columns):
            if column.mark is not None:
                self.setItemDelegateForColumn(number, _MarkDelegate(self))
            elif column.links is not None:
                self.setItemDelegateForColumn(number, LinkDelegate(self))
        self.doubleClicked.connect(self._on_double_click)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def selected_ids(self) -> list[str]:
        """Ids of the selected rows, from the top."""
        indexes = sorted(self.selectionModel().selectedRows(), key=lambda index: index.row())
        return [str(index.data(ID_ROLE)) for index in indexes]

    def record(self, row: int) -> R:
        return self._records.record(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

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

    def _on_double_click(self, index: QModelIndex) -> None:
        if not index.data(LINKS_ROLE):  # its first click has opened the link
            self.opened.emit(index.row())

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
        columns = self._records.columns
        room = self.viewport().width() - sum(column.width for column in columns)
        stretched = [column for column in columns if column.stretch]
        shares = sum(column.stretch for column in stretched)
        whole = sum(column.width for column in stretched)
        self._fitting = True
        for number, column in enumerate(columns):
            if column.stretch:
                share = room * column.stretch // shares if room > 0 else room * column.width // whole
                self.horizontalHeader().resizeSection(number, max(LEAST_STRETCHED_PX, column.width + share))
        self._fitting = False


class _MarkDelegate(QStyledItemDelegate):
    """Puts the shape that a column names before its text."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        mark = index.data(MARK_ROLE)
        if mark:
            style: Any = option  # Qt's stubs leave the fields of style options out
            style.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
            style.decorationSize = QSize(SIZE_PX, SIZE_PX)
            scale = style.widget.devicePixelRatioF() if style.widget else 1.0
            style.icon = mark_icon(mark, colours_of(style.palette), scale)
