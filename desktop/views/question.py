"""A question in a dialog that blocks nothing: it is opened, and says later what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from .card import button
from .dialog import Dialog
from .plain import PlainLabel


@dataclass(frozen=True)
class Answer:
    """A button: the key that comes back, its words, and `primary`, `danger` or nothing."""

    key: str
    label: str
    kind: str = ""


class Question(Dialog):
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
        super().__init__(parent, name, what)
        self._key = ""
        self.column.addWidget(PlainLabel(what, name=f"{name}_what", role="heading", wrap=True))
        if why:
            self.column.addWidget(PlainLabel(why, name=f"{name}_why", wrap=True, selectable=True))
        self.is_ticked = False
        if tick:
            box = QCheckBox(tick)
            box.setObjectName(f"{name}_tick")
            box.setAccessibleName(tick)
            box.toggled.connect(self._on_tick)
            self.column.addWidget(box)
        self.column.addSpacing(6)
        made = {answer.key: self._made(answer) for answer in answers}
        self.add_buttons(*made.values())
        if default in made:  # the one with the focus is what Enter presses
            made[default].setDefault(True)
            made[default].setFocus()
        self.setMinimumSize(self.column.totalMinimumSize().expandedTo(QSize(440, 0)))
        self.finished.connect(lambda _result: self.answered.emit(self._key))
        self.open()

    def _made(self, answer: Answer) -> QPushButton:
        name = f"{self.objectName()}_{answer.key}"
        made = button(name, answer.label, partial(self._choose, answer.key), answer.kind)
        made.setAutoDefault(True)
        return made

    def _on_tick(self, is_ticked: bool) -> None:
        self.is_ticked = is_ticked

    def _choose(self, key: str) -> None:
        self._key = key
        self.accept()
