"""The files of one folder of a container as rows, folders first, with those of its image that were deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from desktop.core.container_files import Change, Entry, Kind, Listing, above, joined
from desktop.core.text import visible

from . import words

NAME_LIMIT = 400
SIZE_COLUMN, CHANGE_COLUMN = 1, 3
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


class FileTable(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Entry] = []
        self._listed: tuple[Entry, ...] = ()
        self._names: set[str] = set()  # of those: thousands of files may be asked about at once
        self._path, self._is_whole = "/", False
        self._changes: Mapping[str, Change] = {}
        self._sorted_by, self._order = 0, Qt.SortOrder.AscendingOrder

    def show_listing(self, listing: Listing) -> None:
        self.beginResetModel()
        self._path, self._listed, self._is_whole = listing.path, listing.entries, listing.is_whole
        self._fill()
        self.endResetModel()

    def show_changes(self, changes: Mapping[str, Change]) -> None:
        self.beginResetModel()
        self._changes = changes
        self._fill()
        self.endResetModel()

    def entry(self, index: _Index) -> Entry | None:
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def has(self, name: str) -> bool:
        return name in self._names

    def tells_all_of(self, folder: str) -> bool:
        """Beside a file that is looked at there is still the folder from before; and one may be too big."""
        return self._is_whole and self._path == folder

    def row_of(self, name: str) -> int:
        """-1: it is not there."""
        return next((row for row, entry in enumerate(self._rows) if entry.name == name), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == SIZE_COLUMN:
            return int(_RIGHT | Qt.AlignmentFlag.AlignAbsolute)  # over its cells in every language
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        translate = QCoreApplication.translate
        return (
            translate("Files", "Name"), translate("Files", "Size"), translate("Files", "Modified"),
            translate("Files", "Against the image"),
        )[section]  # fmt: skip

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index)
        if entry is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == SIZE_COLUMN:
            return int(_RIGHT)
        if role == Qt.ItemDataRole.FontRole and entry.kind is Kind.GONE and index.column() == 0:
            struck = QFont()
            struck.setStrikeOut(True)
            return struck
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == 0:
            return visible(entry.name, NAME_LIMIT) + _SIGNS.get(entry.kind, "")
        if index.column() == 1:
            return words.size(entry.size_bytes) if entry.kind is Kind.FILE else ""
        if index.column() == 2:
            return words.age(entry.changed_s) if entry.kind is not Kind.GONE else ""
        return _change_words(self._changes.get(joined(self._path, entry.name), Change.NONE))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by, self._order = max(0, column), order
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        held = [(self._rows[index.row()].name, index.column()) for index in old]
        self._sort()
        places = {entry.name: row for row, entry in enumerate(self._rows)}
        self.changePersistentIndexList(old, [self.index(places[name], column) for name, column in held])
        self.layoutChanged.emit()

    def _fill(self) -> None:
        self._names = {entry.name for entry in self._listed}
        gone = (path.rpartition("/")[2] for path, change in self._changes.items() if self._is_gone(path, change))
        self._rows = [*self._listed, *(Entry(name=name, kind=Kind.GONE) for name in gone if name not in self._names)]
        self._sort()

    def _is_gone(self, path: str, change: Change) -> bool:
        return change is Change.DELETED and above(path) == self._path

    def _sort(self) -> None:
        keys = {
            1: lambda entry: entry.size_bytes,
            2: lambda entry: entry.changed_s,
            3: lambda entry: self._changes.get(joined(self._path, entry.name), Change.NONE),
        }
        self._rows.sort(key=lambda entry: entry.name.casefold())
        if self._sorted_by in keys or self._order is Qt.SortOrder.DescendingOrder:
            key: Any = keys.get(self._sorted_by, lambda entry: entry.name.casefold())
            self._rows.sort(key=key, reverse=self._order is Qt.SortOrder.DescendingOrder)
        self._rows.sort(key=lambda entry: entry.kind is not Kind.FOLDER)


_SIGNS = {Kind.FOLDER: "/", Kind.LINK: " →"}


def _change_words(change: Change) -> str:
    translate = QCoreApplication.translate
    return {
        Change.ADDED: translate("Files", "New"),
        Change.MODIFIED: translate("Files", "Changed"),
        Change.DELETED: translate("Files", "Deleted"),
    }.get(change, "")
