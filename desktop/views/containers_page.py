"""The containers: the table of all, and one of them in full. The latter is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.engine import Container

from .container_pane import ContainerPane, container_acts

if TYPE_CHECKING:
    from .detail.pane import DetailPane

DETAIL_TABS = ("logs", "stats", "terminal", "attach", "files", "details")
HEAD_ACTS = ("start", "stop", "restart")


class ContainersPage(QStackedWidget):
    """`detail_made` comes once, before the detail is shown; `left` each time the table is back."""

    detail_made = Signal(object)
    left = Signal()
    tabs = DETAIL_TABS

    def __init__(self, table: ContainerPane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("containers_page")
        self.table = table
        self.detail: DetailPane | None = None
        self.addWidget(table)
        self.setFocusProxy(table)

    def open(self, records: Sequence[Container], tab: str, project: str = "") -> None:
        """One container, or several, or all of a project: of more than one there are logs alone."""
        detail = self.detail or self._make_detail()
        detail.begin(records, project)
        self.setCurrentWidget(detail)
        self.setFocusProxy(detail)
        detail.show_tab(tab)

    def go_back(self) -> None:
        self.setCurrentWidget(self.table)
        self.setFocusProxy(self.table)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.emit()

    def _make_detail(self) -> DetailPane:
        from .detail.pane import DetailPane

        made = self.detail = DetailPane(tuple(act for act in container_acts() if act.key in HEAD_ACTS), DETAIL_TABS)
        made.back_requested.connect(self.go_back)
        self.addWidget(made)
        self.detail_made.emit(made)
        return made
