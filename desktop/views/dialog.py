"""A dialog of this app: it blocks nothing, is opened by the one who made it, and is gone when it is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.text import visible_lines

MARGINS = (22, 20, 22, 18)


class Dialog(QDialog):
    """`title` is what it is called; `column` holds its parts."""

    def __init__(self, parent: QWidget | None, name: str, title: str, spacing: int = 10) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(visible_lines(title))
        self.setWindowTitle("Moorage")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*MARGINS)
        self.column.setSpacing(spacing)

    def add_buttons(self, *made: QPushButton) -> QHBoxLayout:
        """At the end of the column and of its line."""
        row = QHBoxLayout()
        row.addStretch(1)
        for each in made:
            row.addWidget(each)
        self.column.addLayout(row)
        return row
