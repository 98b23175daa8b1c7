"""Cells whose text is a link: underlined, and a click on it opens it; of several, the one chosen in a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu, QTableView

from desktop.models.record_table import LINKS_ROLE

from .cell_delegate import PADDING_PX

LINKS_SHOWN = 12


class RecordLinks(QObject):
    """Watches the mouse over one table."""

    link_requested = Signal(str)

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._pressed: Sequence[str] = ()
        table.setMouseTracking(True)
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        links = self._links_at(event.position().toPoint())
        if event.type() is QEvent.Type.MouseMove:
            self._table.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if links else Qt.CursorShape.ArrowCursor
            )
        elif event.type() is QEvent.Type.MouseButtonPress:
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier  # else it selects
            self._pressed = links if plain and event.button() is Qt.MouseButton.LeftButton else ()
        elif event.type() is QEvent.Type.MouseButtonRelease:
            if links and links == self._pressed:
                self._follow(links, event.globalPosition().toPoint())
            self._pressed = ()
        return False

    def _links_at(self, where: QPoint) -> Sequence[str]:
        """Those of the text there; beside the text is nothing but the row."""
        index = self._table.indexAt(where)
        links: Sequence[str] = index.data(LINKS_ROLE) or () if index.isValid() else ()
        if not links:
            return ()
        width = self._table.fontMetrics().horizontalAdvance(str(index.data()))
        cell = self._table.visualRect(index)
        into = cell.right() - where.x() if self._table.isRightToLeft() else where.x() - cell.left()
        return links if PADDING_PX <= into <= PADDING_PX + width else ()

    def _follow(self, links: Sequence[str], where: QPoint) -> None:
        if len(links) == 1:
            self.link_requested.emit(links[0])
            return
        menu = QMenu(self._table)
        menu.setObjectName("links_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_links(menu, links, self.link_requested.emit)
        menu.popup(where)


def add_links(menu: QMenu, links: Sequence[str], follow: Callable[[str], None]) -> None:
    for link in links[:LINKS_SHOWN]:
        words = QCoreApplication.translate("RecordLinks", "Open %1")
        menu.addAction(words.replace("%1", link), partial(follow, link)).setObjectName(f"open_{link}")
