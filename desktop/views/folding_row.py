"""Buttons in one line. Those for which there is no room stand in a menu at its end."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from .card import button
from .plain import set_plain_tooltip

SPACING_PX = 8


class FoldingRow(QWidget):
    """The first button always stays, those at the end go first."""

    def __init__(self, name: str, buttons: Sequence[QPushButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons = tuple(buttons)
        self._more = button(f"{name}_more", "⋯", lambda: None)
        self._more.setAccessibleName(self.tr("More"))
        set_plain_tooltip(self._more, self.tr("More"))
        menu = QMenu(self)
        menu.setObjectName(f"{name}_menu")
        menu.setTitle(self.tr("More"))
        menu.menuAction().setObjectName(f"{name}_menu_action")
        menu.aboutToShow.connect(self._fill)
        self._more.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.setSpacing(SPACING_PX)
        for made in (*self._buttons, self._more):
            row.addWidget(made)
        row.addStretch(1)
        self._more.hide()

    def sizeHint(self) -> QSize:
        return self._size(self._buttons)

    def minimumSizeHint(self) -> QSize:
        return self._size((self._buttons[0], self._more))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        shown = list(self._buttons)
        if self._size(shown).width() > width:
            while len(shown) > 1 and self._size((*shown, self._more)).width() > width:
                shown.pop()
        for made in self._buttons:
            made.setVisible(made in shown)
        self._more.setVisible(len(shown) < len(self._buttons))

    def _size(self, buttons: Sequence[QPushButton]) -> QSize:
        sizes = [made.sizeHint() for made in buttons]
        width = sum(size.width() for size in sizes) + SPACING_PX * (len(sizes) - 1)
        return QSize(width, max(size.height() for size in sizes))

    def _fill(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for made in self._buttons:
            if made.isHidden():
                action = menu.addAction(made.text(), made.click)
                action.setObjectName(f"{made.objectName()}_action")
                action.setCheckable(made.isCheckable())
                action.setChecked(made.isChecked())
                action.setEnabled(made.isEnabled())
