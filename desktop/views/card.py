"""Small parts that the window's pages are made of: cards, rows of facts, rules and buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.text import visible

from .plain import PlainLabel, plain_action_text

NAME_WIDTH_PX = 104


class Card(QFrame):
    """A framed part of a page under a heading."""

    def __init__(self, name: str, title: str, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(18, 14, 18, 16)
        self.body.setSpacing(10)
        self.title_row = QHBoxLayout()
        self.title_row.addWidget(PlainLabel(title, name=f"{name}_title", role="heading"))
        self.title_row.addStretch(1)
        self.body.addLayout(self.title_row)
        if note:
            self.body.addWidget(PlainLabel(note, name=f"{name}_note", role="caption", wrap=True))


class Facts(QWidget):
    """Rows of a name and a value. Values can be selected; a row without a value is hidden."""

    def __init__(self, name: str, rows: tuple[tuple[str, str], ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._names: dict[str, PlainLabel] = {}
        self._values: dict[str, PlainLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, (key, title) in enumerate(rows):
            label = PlainLabel(title, name=f"{name}_{key}_name", role="name")
            value = PlainLabel(name=f"{name}_{key}", wrap=True, selectable=True)
            value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setMinimumWidth(NAME_WIDTH_PX)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
            self._names[key], self._values[key] = label, value
        self._align()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange and hasattr(self, "_values"):
            self._align()

    def _align(self) -> None:
        """Where the window begins to read, whichever way they read themselves."""
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        for label in (*self._names.values(), *self._values.values()):
            label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def show_value(self, key: str, text: str) -> None:
        self._values[key].setText(text)
        self._values[key].setVisible(bool(text))
        self._names[key].setVisible(bool(text))

    def value(self, key: str) -> str:
        return self._values[key].text()


def button(name: str, text: str, clicked: Callable[[], object], kind: str = "") -> QPushButton:
    """A button whose accessible name is its words; `kind` is primary, danger or quiet."""
    made = QPushButton()
    made.setObjectName(name)
    made.setProperty("kind", kind)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    # The signal's `checked` is of no interest to anyone.
    made.clicked.connect(lambda _checked=False: clicked())
    set_button_text(made, text)
    return made


def set_button_text(which: QPushButton, text: str) -> None:
    which.setText(plain_action_text(text))
    which.setAccessibleName(visible(text, 200))


def rule(name: str) -> QFrame:
    """A thin line between parts."""
    line = QFrame()
    line.setObjectName(name)
    line.setProperty("role", "rule")
    return line
