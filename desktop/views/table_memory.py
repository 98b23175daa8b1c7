"""Keeps how a user left a table: columns, their widths and order, the sorted one, groups."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, QTimer

from .record_view import RecordView
from .view_menu import ViewMenu

R = TypeVar("R")

SAVE_AFTER_MS = 500


class TableMemory(QObject, Generic[R]):
    def __init__(self, name: str, table: RecordView[R], view: ViewMenu[R], memory: QSettings) -> None:
        super().__init__(table)
        self._name, self._table, self._view, self._memory = name, table, view, memory
        self._columns = " ".join(column.key for column in table.columns)
        self._restore()
        self._later = QTimer(self, interval=SAVE_AFTER_MS, singleShot=True)
        self._later.timeout.connect(self.save)
        header = table.horizontalHeader()
        for changed in (header.sectionResized, header.sectionMoved, header.sortIndicatorChanged, view.changed):
            changed.connect(lambda *_: self._later.start())

    def save(self) -> None:
        self._later.stop()
        self._memory.setValue(self._key("columns"), self._columns)
        self._memory.setValue(self._key("header"), self._table.horizontalHeader().saveState())
        self._memory.setValue(self._key("widths"), self._table.fitted_by_user)
        self._memory.setValue(self._key("grouped"), self._view.group.isChecked())

    def _restore(self) -> None:
        self._view.group.setChecked(self._memory.value(self._key("grouped"), False, bool) is True)
        if self._memory.value(self._key("columns")) != self._columns:
            return  # of another version of the app
        state = self._memory.value(self._key("header"))
        if isinstance(state, QByteArray):
            fitted = self._memory.value(self._key("widths"), False, bool) is True
            self._table.restore(state, fitted)

    def _key(self, what: str) -> str:
        return f"{self._name}/{what}"
