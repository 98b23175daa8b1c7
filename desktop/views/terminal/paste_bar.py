"""The question before a paste that could run something."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from .question_bar import QuestionBar


class PasteBar(QuestionBar):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("paste", QCoreApplication.translate("PasteBar", "&Paste"), parent)

    def ask(self, text: str) -> None:
        """Show the question for `text`."""
        count = len(text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n"))
        self.show_question(
            text, self.tr("Paste %n line(s)? The shell in the machine may run them at once.", "", count)
        )
        self.focus_cancel()
