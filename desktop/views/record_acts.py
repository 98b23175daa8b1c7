"""What can be done with the selected rows: as buttons, as a menu and by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton

from .card import button
from .plain import plain_action_text
from .record_links import add_links
from .record_view import RecordView
from .subject import Act, Subject

R = TypeVar("R")


class RecordActs(QObject, Generic[R]):
    """Says `requested` with an act and ids. Ids, because rows come and go while a menu is open."""

    requested = Signal(str, list)
    link_requested = Signal(str)

    def __init__(self, subject: Subject[R], table: RecordView[R], selected: Callable[[], list[R]]) -> None:
        super().__init__(table)
        self._subject = subject
        self._table = table
        self._selected = selected
        self._buttons = {act.key: self._make_button(act) for act in subject.acts if act.in_bar}
        self._actions = {act.key: self._make_action(act) for act in subject.acts}
        self._copy = QAction(self.tr("Copy name"), table)
        self._copy.setObjectName(f"{subject.name}_copy_action")
        self._copy.setShortcut(QKeySequence.StandardKey.Copy)
        self._copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self._copy.triggered.connect(self._copy_names)
        table.addAction(self._copy)
        table.customContextMenuRequested.connect(self._on_menu)
        if subject.opens:
            table.opened.connect(self._open)

    @property
    def buttons(self) -> list[QPushButton]:
        return list(self._buttons.values())

    def enable(self, usable: bool) -> None:
        """Offers what fits at least one selected row, where rows are usable at all."""
        records = self._selected() if usable else []
        for act in self._subject.acts:
            fits = (len(records) == 1 or not act.single) and any(act.fits(record) for record in records)
            if act.key in self._buttons:
                self._buttons[act.key].setEnabled(fits)
            self._actions[act.key].setEnabled(fits)

    def _make_button(self, act: Act[R]) -> QPushButton:
        return button(f"{self._subject.name}_{act.key}", act.label, partial(self._do, act))

    def _make_action(self, act: Act[R]) -> QAction:
        action = QAction(plain_action_text(act.label), self._table)
        action.setObjectName(f"{self._subject.name}_{act.key}_action")
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if act.shortcut is not None:
            action.setShortcut(act.shortcut)
        action.triggered.connect(lambda _checked=False: self._do(act))
        self._table.addAction(action)
        return action

    def _do(self, act: Act[R]) -> None:
        records = [record for record in self._selected() if act.fits(record)]
        if records:
            self.requested.emit(act.key, [self._subject.id_of(record) for record in records])

    def _open(self, row: int) -> None:
        self.requested.emit(self._subject.opens, [self._subject.id_of(self._table.record(row))])

    def _on_menu(self, where: QPoint) -> None:
        if not self._table.selectionModel().hasSelection():
            return
        menu = QMenu(self._table)
        menu.setObjectName(f"{self._subject.name}_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_acts(menu)
        self._add_links(menu)
        menu.addSeparator()
        menu.addAction(self._copy)
        copy_ids = menu.addAction(self.tr("Copy ID"), self._copy_ids)
        copy_ids.setObjectName(f"{self._subject.name}_copy_ids")
        menu.popup(self._table.viewport().mapToGlobal(where))

    def _add_acts(self, menu: QMenu) -> None:
        inner: dict[str, QMenu] = {}
        for act in self._subject.acts:
            if act.under and act.under not in inner:
                inner[act.under] = menu.addMenu(plain_action_text(act.under))
            (inner[act.under] if act.under else menu).addAction(self._actions[act.key])
        for made in inner.values():
            made.menuAction().setEnabled(any(action.isEnabled() for action in made.actions()))

    def _add_links(self, menu: QMenu) -> None:
        """What the selected rows have for a browser."""
        links = [link for record in self._selected() for link in self._subject.links_of(record)]
        if links:
            menu.addSeparator()
            add_links(menu, links, self.link_requested.emit)

    def _copy_names(self) -> None:
        _copy(self._subject.name_of(record) for record in self._selected())

    def _copy_ids(self) -> None:
        _copy(self._subject.id_of(record) for record in self._selected())


def _copy(lines: Iterable[str]) -> None:
    QGuiApplication.clipboard().setText("\n".join(lines))
