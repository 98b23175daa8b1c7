"""A pane of what is read only while it is looked at: before that it says that it reads, or why it cannot."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Link
from desktop.core.text import visible
from desktop.models.record_table import RecordTableModel

from .engine_face import CONSOLE, RETRY
from .face import Face
from .record_pane import RecordPane
from .subject import Subject
from .told import told_sentence

R = TypeVar("R")


class ObjectPane(RecordPane[R], Generic[R]):
    seen_changed = Signal(bool)  # it is on the screen, rows or not

    def __init__(self, subject: Subject[R], model: RecordTableModel[R], parent: QWidget | None = None) -> None:
        self._outcome: str | None = None
        super().__init__(subject, model, parent)
        self._on_screen.changed.connect(self.seen_changed)

    def show_read(self, outcome: str | None) -> None:
        """None until the engine was asked; then empty, or why it refused."""
        self._outcome = outcome
        self._refresh()

    def _face_now(self, total: int) -> Face | None:
        """Overrides RecordPane's."""
        face = super()._face_now(total)
        if face is not self._subject.empty or self._outcome == "":
            return face
        translate = QCoreApplication.translate
        if self._link.link is not Link.UP or self._outcome is None:
            return Face(
                translate("Faces", "Asking the engine"), wish=CONSOLE, button=translate("Faces", "Open the console")
            )
        return Face(
            translate("Faces", "The engine refused to tell"),
            visible(told_sentence(self._outcome), 400),
            wish=RETRY,
            button=translate("Faces", "Try again now"),
        )
