"""A line to copy: shown in full, selectable, with a button that puts it on the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from desktop.core.text import visible

from .card import button, set_button_text
from .icons import line_icon
from .plain import set_plain_tooltip
from .theme import colours_of

COPIED_FOR_MS = 1500


class CopyField(QWidget):
    """`rows`: over how many it may be wrapped."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None, rows: int = 1) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._text = ""
        self.line = QLineEdit() if rows == 1 else QPlainTextEdit()
        self.line.setObjectName(f"{name}_line")
        self.line.setReadOnly(True)
        self.line.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # commands and paths are
        self.line.setProperty("role", "mono")
        self.line.setAccessibleName(title)
        self.copy_button = button(f"{name}_copy", self.tr("Copy"), self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.copy_button, 0, Qt.AlignmentFlag.AlignTop)
        if isinstance(self.line, QPlainTextEdit):
            self.line.setTabChangesFocus(True)
            self.line.setFixedHeight(rows * self.line.fontMetrics().lineSpacing() + 12)
        self._timer = QTimer(self, interval=COPIED_FOR_MS, singleShot=True)
        self._timer.timeout.connect(self._show_idle)
        self._show_idle()

    def setText(self, text: str) -> None:
        if text != self._text:
            self._text = text
            if isinstance(self.line, QLineEdit):
                self.line.setText(visible(text))
                self.line.setCursorPosition(0)
                set_plain_tooltip(self.line, text)
            else:
                self.line.setPlainText(visible(text))
            self.copy_button.setEnabled(bool(text))

    def text(self) -> str:
        return self._text

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_timer"):
            self._show_idle()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        set_button_text(self.copy_button, self.tr("Copied"))
        self._show_icon("check")
        self._timer.start()

    def _show_idle(self) -> None:
        set_button_text(self.copy_button, self.tr("Copy"))
        self._show_icon("copy")

    def _show_icon(self, name: str) -> None:
        colour = colours_of(self.palette()).text
        self.copy_button.setIcon(line_icon(name, colour, 16, self.devicePixelRatioF()))
