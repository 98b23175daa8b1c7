"""The bar over a table: the filter, how many rows there are, and the buttons for the selected ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from .flow import Flow
from .plain import PlainLabel, set_plain_tooltip
from .search_edit import search_edit
from .two_line_bar import TwoLineBar

WIDEST_FILTER_PX = 320
ONE_LINE_FROM_PX = 760


class FilterBar(TwoLineBar):
    changed = Signal(str)  # the filter, at each keystroke
    left = Signal()  # Return or Down: to the rows

    def __init__(
        self, name: str, hint: str, buttons: list[QPushButton], help: str = "", beside: QPushButton | None = None
    ) -> None:
        """`beside`: a button that stays beside the filter where the others stand below it."""
        super().__init__(f"{name}_bar", ONE_LINE_FROM_PX, QMargins(20, 12, 20, 12))
        self._edit = search_edit(f"{name}_filter", hint, self.tr("Clear the filter"), WIDEST_FILTER_PX)
        set_plain_tooltip(self._edit, help)
        self._edit.textChanged.connect(self.changed)
        self._edit.installEventFilter(self)
        self._summary = PlainLabel(name=f"{name}_summary", role="caption", elide=True)
        filtering, acting = QHBoxLayout(), Flow()
        filtering.setSpacing(12)
        filtering.addWidget(self._edit, 2)
        filtering.addWidget(self._summary, 1)
        self._filtering = filtering
        if beside is not None:
            filtering.addWidget(beside)
        for made in buttons:
            acting.addWidget(made)
        self.set_halves(filtering, acting)

    def put_beside(self, made: QWidget) -> None:
        """One more thing beside the filter, for which one line has to be longer."""
        self._filtering.addWidget(made)
        self._one_line_from_px += made.sizeHint().width() + self._filtering.spacing()

    def text(self) -> str:
        return self._edit.text()

    def clear(self) -> None:
        self._edit.clear()
        self.focus()

    def focus(self) -> None:
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()

    def show_summary(self, words: str) -> None:
        self._summary.setText(words)

    def set_usable(self, usable: bool) -> None:
        self._edit.setEnabled(usable)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            match event.key():
                case Qt.Key.Key_Escape if self._edit.text():
                    self._edit.clear()
                    return True
                case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self.left.emit()
                    return True
        return super().eventFilter(watched, event)
