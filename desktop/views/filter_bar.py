"""The bar over a table: the filter, how many rows there are, and the buttons for the selected ones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from .plain import PlainLabel

WIDEST_FILTER_PX = 320
ONE_LINE_FROM_PX = 760


class FilterBar(QFrame):
    changed = Signal(str)  # the filter, at each keystroke
    left = Signal()  # Return or Down: to the rows

    def __init__(self, name: str, hint: str, buttons: list[QPushButton], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_bar")
        self._edit = QLineEdit()
        self._edit.setObjectName(f"{name}_filter")
        self._edit.setPlaceholderText(hint)
        self._edit.setAccessibleName(hint)
        self._edit.setMaximumWidth(WIDEST_FILTER_PX)
        self._edit.setClearButtonEnabled(True)
        self._name_clear_button(f"{name}_filter_clear")
        self._edit.textChanged.connect(self.changed)
        self._edit.installEventFilter(self)
        self._summary = PlainLabel(name=f"{name}_summary", role="caption", elide=True)
        self._lines = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._lines.setContentsMargins(20, 12, 20, 12)
        self._lines.setSpacing(8)
        filtering, acting = QHBoxLayout(), QHBoxLayout()
        filtering.setSpacing(12)
        filtering.addWidget(self._edit, 2)
        filtering.addWidget(self._summary, 1)
        acting.setSpacing(8)
        for made in buttons:
            acting.addWidget(made)
        acting.addStretch(0)
        self._lines.addLayout(filtering, 1)
        self._lines.addLayout(acting)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        one_line = event.size().width() >= ONE_LINE_FROM_PX
        direction = QBoxLayout.Direction.LeftToRight if one_line else QBoxLayout.Direction.TopToBottom
        if self._lines.direction() is not direction:
            self._lines.setDirection(direction)

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

    def _name_clear_button(self, name: str) -> None:
        for made in self._edit.findChildren(QToolButton):
            made.setObjectName(name)
            made.setAccessibleName(self.tr("Clear the filter"))

