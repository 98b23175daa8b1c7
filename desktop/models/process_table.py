"""What runs in a container, as the engine lists it: its own columns, numbers sorted as numbers."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.core.text import visible
from desktop.core.usage import Processes

CELL_LIMIT = 1000
SORT_ROLE = Qt.ItemDataRole.UserRole + 1
_Index = QModelIndex | QPersistentModelIndex


class ProcessTable(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = Processes()

    def show_processes(self, processes: Processes) -> None:
        """The same processes keep their rows; others come as a new table."""
        before, self._shown = self._shown, processes
        if (before.titles, len(before.rows)) != (processes.titles, len(processes.rows)):
            self.beginResetModel()
            self.endResetModel()
        elif processes.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(processes.rows) - 1, len(processes.titles) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return visible(self._shown.titles[section], CELL_LIMIT) if section < len(self._shown.titles) else None
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, SORT_ROLE) or not index.isValid():
            return None
        row = self._shown.rows[index.row()]
        cell = row[index.column()] if index.column() < len(row) else ""
        if role == SORT_ROLE:
            return f"{int(cell):020}" if cell.isascii() and cell.isdigit() and len(cell) < 20 else cell
        return visible(cell, CELL_LIMIT)
