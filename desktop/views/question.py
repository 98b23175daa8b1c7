"""A question in a dialog that blocks nothing: it is opened, and says later what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

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
    """Opens at once; says `answered` with the key of an answer, empty where it was put away."""

    answered = Signal(str)

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        what: str,
        why: str,
        answers: tuple[Answer, ...],
        default: str = "",
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
        self.setMinimumWidth(440)
        self.finished.connect(lambda _result: self.answered.emit(self._key))
        self.open()

    def _choose(self, key: str) -> None:
        self._key = key
        self.accept()
