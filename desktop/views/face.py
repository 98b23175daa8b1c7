"""What a pane shows where it has no rows: what is so, why, and the one button that helps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from .card import button, set_button_text
from .icons import line_icon
from .plain import PlainLabel
from .theme import colours_of

ICON_PX = 44
WIDEST_PX = 520


@dataclass(frozen=True)
class Face:
    """`wish` is what the button says when it is pressed; `code` is a line to type in a terminal."""

    what: str
    why: str = ""
    code: str = ""
    wish: str = ""
    button: str = ""
    primary: bool = False
    danger: bool = False


class FaceView(QWidget):
    wished = Signal(str)

    def __init__(self, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._icon_name = icon
        self._wish = ""
        self._icon = PlainLabel(name=f"{name}_icon")
        self._what = PlainLabel(name=f"{name}_what", role="heading", wrap=True)
        self._why = PlainLabel(name=f"{name}_why", wrap=True, selectable=True)
        self._code = PlainLabel(name=f"{name}_code", role="mono", wrap=True, selectable=True)
        self._button = button(f"{name}_button", "", lambda: self.wished.emit(self._wish), "primary")
        self.setFocusProxy(self._button)
        middle = QWidget()
        middle.setMaximumWidth(WIDEST_PX)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(2)
        for label in (self._icon, self._what, self._why, self._code):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(6)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)

    def show_face(self, face: Face) -> None:
        self._wish = face.wish
        for label, text in ((self._what, face.what), (self._why, face.why), (self._code, face.code)):
            label.setText(text)
            label.setVisible(bool(text))
        set_button_text(self._button, face.button or face.what)
        self._button.setVisible(bool(face.button))
        kind = "danger" if face.danger else "primary" if face.primary else ""
        if self._button.property("kind") != kind:
            self._button.setProperty("kind", kind)
            self._button.style().polish(self._button)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_icon"):
            self._tint()

    def _tint(self) -> None:
        scale = self.devicePixelRatioF()
        icon = line_icon(self._icon_name, colours_of(self.palette()).muted, ICON_PX, scale)
        self._icon.setPixmap(icon.pixmap(QSize(ICON_PX, ICON_PX), scale))
