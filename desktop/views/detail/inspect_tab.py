"""All that the engine tells of a container: facts in words, a tree to search, and raw JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from desktop.core.text import visible_lines
from desktop.models.detail_tree import VALUE_ROLE, DetailTree

from ..card import Facts, button
from ..on_screen import OnScreen, Watched
from ..search_edit import search_edit
from ..show_part import show_part
from .inspect_facts import facts_of
from .low_scroll import LowScroll
from .text_view import problem_label, read_left_to_right, text_view

RAW_LIMIT = 2_000_000
NAME_COLUMN_PX = 260
LEAST_BODY_PX = 56
"""The tree's header and a row, where a notice and the bar above leave little."""
FIRST_EXPANDED = (("State",), ("Config",), ("Config", "Env"))


class InspectTab(Watched, QWidget):
    looked_at = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspect_tab")
        self.setAccessibleName(self.tr("Details"))
        self.model = DetailTree(self)
        self._matches = _Matches(self.model, self)
        self._has_answer = False
        self._place()
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.looked_at)
        self._connect()
        self.begin()

    def begin(self) -> None:
        """Another container."""
        self._has_answer = False
        self._reveal.setChecked(False)
        self._search.clear()
        self.model.show_answer({})
        self._problem.setText(self.tr("Not read yet."))
        self._refresh()

    def show_last_lines(self, lines: Sequence[str]) -> None:
        """What it wrote before it ended badly; none where it did not."""
        self._facts.show_value("last", "\n".join(lines))

    def show_answer(self, answer: Any) -> None:
        if answer == self.model.answer and self._has_answer:
            return
        first, self._has_answer = not self._has_answer, True
        opened, at_hand = set(FIRST_EXPANDED) if first else self._opened(), self._at_hand()
        place = self.tree.verticalScrollBar().value()
        self.model.show_answer(answer)
        self._open(opened)
        self._take_up(at_hand)
        self.tree.verticalScrollBar().setValue(place)
        for key, words in facts_of(answer).items():
            self._facts.show_value(key, words)
        self._refresh()

    def show_problem(self, words: str) -> None:
        self._problem.setText(words)
        self._refresh()

    def _place(self) -> None:
        self._facts = Facts(
            "inspect_facts",
            (
                ("state", self.tr("State")),
                ("last", self.tr("Last lines")),
                ("health", self.tr("Health")),
                ("restarts", self.tr("Restarts")),
                ("image", self.tr("Image")),
                ("command", self.tr("Command")),
            ),
        )
        self._facts.setContentsMargins(20, 0, 20, 12)
        self._search = search_edit("inspect_search", self.tr("Search"), self.tr("Clear the search"), 320)
        self._reveal = button("inspect_reveal", self.tr("Show environment"), lambda: None, "toggle")
        self._json = button("inspect_json", self.tr("JSON"), lambda: None, "toggle")
        for toggle in (self._reveal, self._json):
            toggle.setCheckable(True)
        self._copy_all = button("inspect_copy", self.tr("Copy all"), self._copy_raw)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 10)
        row.setSpacing(8)
        row.addWidget(self._search, 1)
        row.addStretch(0)
        for part in (self._reveal, self._json, self._copy_all):
            row.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(LowScroll("inspect_facts_scroll", self.tr("In short"), self._facts))
        column.addLayout(row)
        self._body = QStackedLayout()
        column.addLayout(self._body, 1)
        self._fill_body()  # not before: without a parent the first part would be a window of its own

    def _fill_body(self) -> None:
        self.tree = QTreeView()
        read_left_to_right(self.tree)
        self.tree.setObjectName("inspect_tree")
        self.tree.setAccessibleName(self.tr("Details"))
        self.tree.setModel(self._matches)
        self.tree.setUniformRowHeights(True)
        self.tree.setStyleSheet("QTreeView::item { padding: 3px 8px; }")
        self.tree.setFrameShape(QTreeView.Shape.NoFrame)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.header().setObjectName("inspect_tree_header")
        self.tree.header().resizeSection(0, NAME_COLUMN_PX)
        self._copy = QAction(self.tr("Copy value"), self.tree)
        self._copy.setObjectName("inspect_copy_value")
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.tree.addAction(self._copy)
        self.raw = text_view("inspect_raw", self.tr("JSON"))
        self._problem = problem_label("inspect_problem")
        self._problem.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for part in (self.tree, self.raw, self._problem):
            part.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # the bar has its room first
            part.setMinimumHeight(LEAST_BODY_PX)
            self._body.addWidget(part)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._on_search)
        self._reveal.toggled.connect(self._on_reveal)
        self._json.toggled.connect(lambda _: self._refresh())
        self._copy.triggered.connect(self._copy_value)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._search.setFocus)

    def _on_search(self, text: str) -> None:
        opened = self._opened()
        self._matches.set_needle(text)
        if text:
            self.tree.expandAll()
        else:
            self.tree.collapseAll()
            self._open(opened & set(FIRST_EXPANDED) or set(FIRST_EXPANDED))

    def _on_reveal(self, revealed: bool) -> None:
        opened, at_hand = self._opened(), self._at_hand()
        self.model.set_revealed(revealed)
        self._open(opened)
        self._take_up(at_hand)
        self._refresh()

    def _refresh(self) -> None:
        as_json = self._json.isChecked()
        self._search.setEnabled(self._has_answer and not as_json)
        for which in (self._reveal, self._json, self._copy_all):
            which.setEnabled(self._has_answer)
        if not self._has_answer:
            show_part(self, self._body, self._problem)
            for key in ("state", "last", "health", "restarts", "image", "command"):
                self._facts.show_value(key, "")
            return
        if as_json:
            text = visible_lines(self.model.raw()[:RAW_LIMIT], RAW_LIMIT)
            if text != self.raw.toPlainText():
                self.raw.setPlainText(text)
        show_part(self, self._body, self.raw if as_json else self.tree)

    def _opened(self) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        waiting: list[QModelIndex | QPersistentModelIndex] = [QModelIndex()]
        while waiting:
            parent = waiting.pop()
            for row in range(self._matches.rowCount(parent)):
                index = self._matches.index(row, 0, parent)
                if self.tree.isExpanded(index):
                    found.add(self.model.path(self._matches.mapToSource(index)))
                    waiting.append(index)
        return found

    def _open(self, paths: set[tuple[str, ...]], parent: QModelIndex | None = None) -> None:
        above = parent or QModelIndex()
        for row in range(self._matches.rowCount(above)):
            index = self._matches.index(row, 0, above)
            if self.model.path(self._matches.mapToSource(index)) in paths:
                self.tree.setExpanded(index, True)
                self._open(paths, index)

    def _at_hand(self) -> tuple[str, ...]:
        """Of the current row; empty: there is none."""
        return self.model.path(self._matches.mapToSource(self.tree.currentIndex()))

    def _take_up(self, path: tuple[str, ...]) -> None:
        """Makes it the current row again, where it still is."""
        place = QModelIndex()
        for length in range(1, len(path) + 1):
            below = (self._matches.index(row, 0, place) for row in range(self._matches.rowCount(place)))
            found = (index for index in below if self.model.path(self._matches.mapToSource(index)) == path[:length])
            place = next(found, QModelIndex())
            if not place.isValid():
                return
        if path:
            self.tree.setCurrentIndex(place)

    def _on_menu(self, where: QPoint) -> None:
        if not self.tree.currentIndex().isValid():
            return
        menu = QMenu(self.tree)
        menu.setObjectName("inspect_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._copy)
        menu.addAction(self.tr("Copy name"), self._copy_name)
        menu.popup(self.tree.viewport().mapToGlobal(where))

    def _copy_value(self) -> None:
        index = self.tree.currentIndex()
        if index.isValid():
            QGuiApplication.clipboard().setText(str(index.data(VALUE_ROLE)))

    def _copy_name(self) -> None:
        path = self._at_hand()
        QGuiApplication.clipboard().setText(path[-1] if path else "")

    def _copy_raw(self) -> None:
        QGuiApplication.clipboard().setText(self.model.raw())


class _Matches(QSortFilterProxyModel):
    """Rows whose name or shown value has the needle, with what is above and below them."""

    def __init__(self, source: DetailTree, parent: QWidget) -> None:
        super().__init__(parent)
        self._needle = ""
        self.setRecursiveFilteringEnabled(True)
        self.setAutoAcceptChildRows(True)
        self.setSourceModel(source)

    def set_needle(self, needle: str) -> None:
        self._needle = needle.lower()
        self.setFilterFixedString(needle)  # and so filters anew, in every version of Qt

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        if not self._needle:
            return True
        model = self.sourceModel()
        return any(self._needle in str(model.index(row, column, parent).data()).lower() for column in range(2))
