"""The line on a terminal that shows what was, and takes no keys: why, and what can be done."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from .plain import PlainLabel


class TerminalBar(QWidget):
    def __init__(self, name: str, *buttons: QPushButton) -> None:
        super().__init__()
        self.setObjectName(name)
        self.words = PlainLabel(name=f"{name}_words", role="strong", elide=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.addWidget(self.words, 1)
        for button in buttons:
            row.addWidget(button)
