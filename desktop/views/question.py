"""A question in a dialog that blocks nothing: it is opened, and says later what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.text import visible_lines

from .card import button
from .plain import PlainLabel


@dataclass(frozen=True)
class Answer:
    """A button: the key that comes back, its words, and `primary`, `danger` or nothing."""

    key: str
    label: str
    kind: str = ""


class Question(QDialog):
    """Opens at once; says `answered` with the key of an answer, empty where it was put away.

    With words for a `tick`, it has a box to tick; `is_ticked` says whether it is.
    """

    answered = Signal(str)

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        what: str,
        why: str,
        answers: tuple[Answer, ...],
        default: str = "",
        tick: str = "",
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(visible_lines(what))
        self.setWindowTitle("Moorage")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._key = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 18)
        column.setSpacing(10)
        column.addWidget(PlainLabel(what, name=f"{name}_what", role="heading", wrap=True))
        if why:
            column.addWidget(PlainLabel(why, name=f"{name}_why", wrap=True, selectable=True))
        self.is_ticked = False
        if tick:
            box = QCheckBox(tick)
            box.setObjectName(f"{name}_tick")
            box.setAccessibleName(tick)
            box.toggled.connect(self._on_tick)
            column.addWidget(box)
        column.addSpacing(6)
        row = QHBoxLayout()
        row.addStretch(1)
        usual: QPushButton | None = None
        for answer in answers:
            made = button(
                f"{name}_{answer.key}", answer.label, partial(self._choose, answer.key), answer.kind
            )
            made.setAutoDefault(True)
            row.addWidget(made)
            if answer.key == default:
                usual = made
        column.addLayout(row)
        if usual is not None:  # the one with the focus is what Enter presses
            usual.setDefault(True)
            usual.setFocus()
        self.setMinimumSize(column.totalMinimumSize().expandedTo(QSize(440, 0)))
        self.finished.connect(lambda _result: self.answered.emit(self._key))
        self.open()

    def _on_tick(self, is_ticked: bool) -> None:
        self.is_ticked = is_ticked

    def _choose(self, key: str) -> None:
        self._key = key
        self.accept()
