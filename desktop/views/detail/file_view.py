"""The table of the files of one folder."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from desktop.models.file_table import FileTable

from ..record_view import ROW_PADDING_PX
from .text_view import read_left_to_right

COLUMNS_PX = (280, 100, 110, 120)


class _RoomyRows(QStyledItemDelegate):
    """As high as those of the other tables."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        style: Any = option  # Qt's stubs leave the fields of style options out
        return QSize(super().sizeHint(option, index).width(), style.fontMetrics.height() + ROW_PADDING_PX)


def file_view(model: FileTable, name: str) -> QTreeView:
    """Sorted by name at first; `name` is what it is called to who cannot see it."""
    made = QTreeView()
    made.setObjectName("files_table")
    made.setAccessibleName(name)
    read_left_to_right(made)
    made.setModel(model)
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setFrameShape(QTreeView.Shape.NoFrame)
    made.setItemDelegate(_RoomyRows(made))
    made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    made.header().setObjectName("files_table_header")
    made.header().setStretchLastSection(True)
    made.setSortingEnabled(True)
    made.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    for column, width_px in enumerate(COLUMNS_PX):
        made.header().resizeSection(column, width_px)
    return made
