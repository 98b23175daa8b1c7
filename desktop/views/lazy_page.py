"""A page of the window that is made when it is first shown: until then it costs neither time nor memory."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget


class LazyPage(QWidget):
    def __init__(self, name: str, make: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._make: Callable[[], QWidget] | None = make
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make()

    def make(self) -> None:
        """Once; a page that is hidden stays it."""
        if self._make is not None:
            make, self._make = self._make, None
            made = make()
            layout = self.layout()
            assert layout is not None
            layout.addWidget(made)
            self.setFocusProxy(made)
            made.show()  # a layout does it in the loop's next turn: what takes the focus until then would lose it
