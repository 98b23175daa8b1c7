"""A question whose answer is one line of text. It blocks nothing, and takes no text that does not fit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from .card import button
from .dialog import Dialog
from .plain import PlainLabel


class TextQuestion(Dialog):
    """Opens at once; says `answered` with the text, empty where it was put away."""

    answered = Signal(str)

    def __init__(
        self, parent: QWidget | None, name: str, what: str, label: str, text: str, word: str,
        fits: Callable[[str], bool],
        kind: str = "primary", why: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent, name, what)
        self._fits = fits
        self._edit = QLineEdit(text)
        self._edit.setObjectName(f"{name}_text")
        self._edit.setAccessibleName(label)
        self._edit.selectAll()
        self._cancel = button(f"{name}_cancel", QCoreApplication.translate("Actions", "Cancel"), self.reject)
        self._done = button(f"{name}_done", word, self.accept, kind)
        self._place(name, what, why, label)
        self._edit.textChanged.connect(self._on_text)
        self.finished.connect(lambda result: self.answered.emit(self._edit.text().strip() if result else ""))
        self._on_text(text)
        self.setMinimumWidth(440)
        self.open()
        self._edit.setFocus()

    def _place(self, name: str, what: str, why: str, label: str) -> None:
        self.column.addWidget(PlainLabel(what, name=f"{name}_what", role="heading", wrap=True))
        if why:
            self.column.addWidget(PlainLabel(why, name=f"{name}_why", wrap=True))
        self.column.addWidget(PlainLabel(label, name=f"{name}_label", role="caption", wrap=True))
        self.column.addWidget(self._edit)
        self.column.addSpacing(6)
        self.add_buttons(self._cancel, self._done)
        self._done.setDefault(True)

    def _on_text(self, text: str) -> None:
        self._done.setEnabled(self._fits(text.strip()))
