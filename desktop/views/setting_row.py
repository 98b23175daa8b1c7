"""One setting: its name, what it does, and the control that changes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from desktop.core.text import visible

from .plain import PlainLabel

CONTROL_WIDTH_PX, CONTROL_HEIGHT_PX = 180, 28


class SettingRow(QWidget):
    """Name and help on the left, the control on the right, a complaint below."""

    def __init__(self, name: str, title: str, note: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"setting_{name}_row")
        self.control = control
        control.setObjectName(f"setting_{name}")
        control.setAccessibleName(title)
        control.setAccessibleDescription(note)
        control.setFixedWidth(CONTROL_WIDTH_PX)
        control.setMinimumHeight(CONTROL_HEIGHT_PX)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(title, name=f"setting_{name}_name", wrap=True))
        self._note = PlainLabel(note, name=f"setting_{name}_note", role="caption", wrap=True)
        if not note:  # never shown by hand: without a parent yet it would be a window of its own
            self._note.hide()
        words.addWidget(self._note)
        self._complaint = PlainLabel(name=f"setting_{name}_problem", role="error", wrap=True)
        self._complaint.hide()
        words.addWidget(self._complaint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(18)
        row.addLayout(words, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)

    def show_problem(self, words: str) -> None:
        self._complaint.setText(words)
        self._complaint.setVisible(bool(words))


def choices(options: Sequence[tuple[str, str]]) -> QComboBox:
    """A box to choose from; each option is the value that is saved and its words."""
    box = QComboBox()
    for value, words in options:
        box.addItem(words, value)
    return box


def choose(box: QComboBox, value: str) -> None:
    """One that is no choice, as a settings file may have it, becomes one."""
    if box.findData(value) < 0:
        box.addItem(visible(value), value)
    box.setCurrentIndex(box.findData(value))


def number(lowest: int, highest: int, step: int, unit: str) -> QSpinBox:
    """A number with its unit. It says its value when the user is done with it, not at each digit."""
    box = QSpinBox()
    box.setRange(lowest, highest)
    box.setSingleStep(step)
    box.setSuffix(unit)
    box.setKeyboardTracking(False)
    box.setGroupSeparatorShown(True)
    box.lineEdit().setTextMargins(6, 0, 6, 0)  # as choosers have it; a style sheet's padding does not reach it
    return box
