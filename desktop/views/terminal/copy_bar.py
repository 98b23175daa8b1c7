"""The question before a program in a console puts something on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QTimer
from PySide6.QtWidgets import QWidget

from .question_bar import QuestionBar

PAUSE_MS = 10_000
"""A program that asks again and again is heard once in a while."""


class CopyBar(QuestionBar):
    """Takes no focus: the user may be typing. What is asked about never changes under the user's mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("copy", QCoreApplication.translate("CopyBar", "C&opy"), parent)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self.closed.connect(self._pause.start)

    def ask(self, text: str) -> None:
        if self.isHidden() and not self._pause.isActive():
            question = self.tr("Put this on the clipboard? A program in this console asks for it. Characters: %1")
            self.show_question(text, question.replace("%1", QLocale().toString(len(text))))
