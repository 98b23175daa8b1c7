"""The bar over a table: the filter, how many rows there are, and the buttons for the selected ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMargins, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from .flow import Flow
from .plain import PlainLabel, set_plain_tooltip
from .search_edit import search_edit
from .two_line_bar import TwoLineBar

LEAST_FILTER_PX, WIDEST_FILTER_PX = 170, 320
SPACING_PX = 12


class FilterBar(TwoLineBar):
    changed = Signal(str)  # the filter, at each keystroke
    left = Signal()  # Return or Down: to the rows

    def __init__(
        self, name: str, hint: str, buttons: list[QPushButton], help: str = "", beside: QPushButton | None = None
    ) -> None:
        """`beside`: a button that stays beside the filter where the others stand below it."""
        super().__init__(f"{name}_bar", 0, QMargins(20, 12, 20, 12))
        self._edit = search_edit(f"{name}_filter", hint, self.tr("Clear the filter"), WIDEST_FILTER_PX)
        set_plain_tooltip(self._edit, help)
        self._edit.textChanged.connect(self.changed)
        self._edit.installEventFilter(self)
        self._summary = PlainLabel(name=f"{name}_summary", role="caption", elide=True)
        self._summary_px = 0  # of its longest words yet: the bar does not turn while a filter is typed
        self._filtering, self._acting = QHBoxLayout(), Flow()
        self._filtering.setSpacing(SPACING_PX)
        self._filtering.addWidget(self._edit, 1)
        self._filtering.addWidget(self._summary)
        self._filtering.addStretch()
        self._beside: list[QWidget] = []
        if beside is not None:
            self.put_beside(beside)
        for made in buttons:
            self._acting.addWidget(made)
        self.set_halves(self._filtering, self._acting)

    def put_beside(self, made: QWidget) -> None:
        """One more thing beside the filter, for which one line has to be longer."""
        self._beside.append(made)
        self._filtering.addWidget(made)

    def one_line_from_px(self) -> int:
        """Overrides TwoLineBar's: as much as all words and a few letters of a filter take."""
        margins = self._halves.contentsMargins()
        parts = [LEAST_FILTER_PX, self._summary_px, *(made.sizeHint().width() for made in self._beside)]
        first = sum(parts) + SPACING_PX * len(parts)
        return margins.left() + margins.right() + first + self._halves.spacing() + self._acting.sizeHint().width()

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
        wished_px = self._summary.sizeHint().width()
        if wished_px > self._summary_px:
            self._summary_px = wished_px
            self.turn()

    def set_usable(self, usable: bool) -> None:
        self._edit.setEnabled(usable)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self.left.emit()
                    return True
        return super().eventFilter(watched, event)
