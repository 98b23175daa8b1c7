"""How a table is looked at: in groups or flat, in which order, and which columns; a button's menu and the header's."""

from __future__ import annotations

from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from .card import button
from .plain import plain_action_text
from .record_view import RecordView

R = TypeVar("R")


class ViewMenu(QObject, Generic[R]):
    changed = Signal()

    def __init__(self, name: str, table: RecordView[R], groups: str) -> None:
        """`groups` are the words for the switch, where there is a grouping."""
        super().__init__(table)
        self._name, self._table = name, table
        self.group = QAction(groups, self, checkable=True)
        self.group.setObjectName(f"{name}_group_action")
        self.group.setVisible(bool(groups))
        self.group.toggled.connect(self._on_grouped)
        self.button: QPushButton = button(f"{name}_view", self.tr("View"), self._open_below)
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda where: self._open(header.mapToGlobal(where)))

    def _open_below(self) -> None:
        self._open(self.button.mapToGlobal(QPoint(0, self.button.height())))

    def _open(self, where: QPoint) -> None:
        menu = QMenu(self._table)
        menu.setObjectName(f"{self._name}_view_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.group)
        self._add_sorting(menu)
        self._add_moving(menu)
        menu.addSection(self.tr("Columns"))
        for number, column in enumerate(self._table.columns):
            if number:  # a row without its name would say nothing
                action = menu.addAction(plain_action_text(column.title))
                action.setObjectName(f"{self._name}_column_{column.key}")
                action.setCheckable(True)
                action.setChecked(not self._table.isColumnHidden(number))
                action.toggled.connect(partial(self._show_column, number))
        menu.popup(where)

    def _add_sorting(self, menu: QMenu) -> None:
        inner = menu.addMenu(plain_action_text(self.tr("Sort by")))
        inner.setObjectName(f"{self._name}_sort_menu")
        header = self._table.horizontalHeader()
        at, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        which, ways = QActionGroup(inner), QActionGroup(inner)
        for number in self._shown():
            column = self._table.columns[number]
            action = inner.addAction(plain_action_text(column.title), partial(self._table.sortByColumn, number, order))
            action.setObjectName(f"{self._name}_sort_{column.key}")
            _choose_among(which, action, number == at)
        inner.addSeparator()
        for words, key, way in (
            (self.tr("Ascending"), "ascending", Qt.SortOrder.AscendingOrder),
            (self.tr("Descending"), "descending", Qt.SortOrder.DescendingOrder),
        ):
            action = inner.addAction(words, partial(self._table.sortByColumn, at, way))
            action.setObjectName(f"{self._name}_sort_{key}")
            _choose_among(ways, action, way is order)

    def _add_moving(self, menu: QMenu) -> None:
        """What the mouse does with the header."""
        forward = -1 if self._table.isRightToLeft() else 1
        shown = self._shown()
        for words, key, step in (
            (self.tr("Move a column left"), "left", -forward), (self.tr("Move a column right"), "right", forward),
        ):  # fmt: skip
            inner = menu.addMenu(plain_action_text(words))
            inner.setObjectName(f"{self._name}_{key}_menu")
            for place, number in enumerate(shown):
                if 0 <= place + step < len(shown):
                    column = self._table.columns[number]
                    move = partial(self._move, number, shown[place + step])
                    action = inner.addAction(plain_action_text(column.title), move)
                    action.setObjectName(f"{self._name}_{key}_{column.key}")

    def _shown(self) -> list[int]:
        """Numbers of the columns, as they stand."""
        header = self._table.horizontalHeader()
        standing = [header.logicalIndex(place) for place in range(header.count())]
        return [number for number in standing if not self._table.isColumnHidden(number)]

    def _move(self, number: int, to: int) -> None:
        """To the place of another one."""
        header = self._table.horizontalHeader()
        header.moveSection(header.visualIndex(number), header.visualIndex(to))

    def _show_column(self, number: int, shown: bool) -> None:
        self._table.show_column(number, shown)
        self.changed.emit()

    def _on_grouped(self, wanted: bool) -> None:
        self._table.set_grouped(wanted)
        self.changed.emit()


def _choose_among(group: QActionGroup, action: QAction, chosen: bool) -> None:
    action.setCheckable(True)
    action.setChecked(chosen)
    group.addAction(action)
