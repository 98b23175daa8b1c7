"""A few fields in a dialog that blocks nothing: it is opened, and says later what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QWidget,
)

from .card import button
from .dialog import Dialog
from .file_dialog import of_folder
from .plain import PlainLabel, plain_action_text
from .setting_row import CONTROL_HEIGHT_PX

Values = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """A line to type; or a check box, whose value is "yes" or nothing.

    `choices` are offered, and others may be typed; `folder` has a button that looks for one.
    """

    key: str
    label: str
    hint: str = ""
    value: str = ""
    choices: Sequence[str] = ()
    folder: bool = False
    needed: bool = True
    is_check: bool = False
    is_secret: bool = False  # shown as dots, and taken as it is


class Form(Dialog):
    """Opens at once; says `answered` with what was typed, None where it was put away."""

    answered = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        title: str,
        fields: Sequence[Field],
        ok: str,
        note: str = "",
        problem: Callable[[Values], str] = lambda values: "",
    ) -> None:
        super().__init__(parent, name, title, spacing=6)
        self._name = name
        self._fields = fields
        self._problem = problem
        self._wrong = PlainLabel(name=f"{name}_problem", role="error", wrap=True)
        self._read: dict[str, Callable[[], str]] = {}
        self.column.addWidget(PlainLabel(title, name=f"{name}_title", role="heading", wrap=True))
        if note:
            self.column.addWidget(PlainLabel(note, name=f"{name}_note", role="caption", wrap=True))
        self._ok = button(f"{name}_ok", ok, self.accept, "primary")
        for field in fields:
            self._add(field)
        self.column.addWidget(self._wrong)
        self._add_buttons()
        self.setMinimumWidth(460)
        self._on_edited()
        self.finished.connect(lambda result: self.answered.emit(self._values() if result else None))
        self.open()

    def _add(self, field: Field) -> None:
        self.column.addSpacing(6)
        if field.is_check:
            self.column.addWidget(self._make_check(field))
            return
        self.column.addWidget(PlainLabel(field.label, name=f"{self._name}_{field.key}_label", role="name"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._make_box(field) if field.choices else self._make_edit(field), 1)
        if field.folder:
            row.addWidget(button(f"{self._name}_{field.key}_look", self.tr("Choose…"), lambda: self._look(field)))
        self.column.addLayout(row)

    def _make_edit(self, field: Field) -> QLineEdit:
        edit = QLineEdit(field.value)
        edit.setObjectName(f"{self._name}_{field.key}")
        edit.setAccessibleName(field.label)
        edit.setPlaceholderText(field.hint)
        edit.textChanged.connect(self._on_edited)
        if field.is_secret:
            edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._read[field.key] = lambda: edit.text() if field.is_secret else edit.text().strip()
        return edit

    def _make_box(self, field: Field) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"{self._name}_{field.key}")
        box.setAccessibleName(field.label)
        box.setEditable(True)
        box.setMinimumHeight(CONTROL_HEIGHT_PX)
        box.addItems(list(field.choices))
        if "" in field.choices:
            box.setItemData(field.choices.index(""), field.hint, Qt.ItemDataRole.AccessibleTextRole)
        edit = box.lineEdit()
        assert edit is not None
        edit.setObjectName(f"{self._name}_{field.key}_edit")
        edit.setAccessibleName(field.label)
        edit.setPlaceholderText(field.hint)
        box.setCurrentText(field.value)
        self._read[field.key] = lambda: box.currentText().strip()
        return box

    def _make_check(self, field: Field) -> QCheckBox:
        check = QCheckBox(plain_action_text(field.label))
        check.setObjectName(f"{self._name}_{field.key}")
        check.setAccessibleName(field.label)
        self._read[field.key] = lambda: "yes" if check.isChecked() else ""
        return check

    def _add_buttons(self) -> None:
        cancel = button(f"{self._name}_cancel", self.tr("Cancel"), self.reject)
        cancel.setAutoDefault(False)
        self.add_buttons(cancel, self._ok).setContentsMargins(0, 12, 0, 0)
        self._ok.setDefault(True)

    def _look(self, field: Field) -> None:
        start = self._read[field.key]() or str(Path.home())
        dialog = of_folder(self, f"{self._name}_{field.key}_dialog", field.label, start)
        edit = self.findChild(QLineEdit, f"{self._name}_{field.key}")
        assert isinstance(edit, QLineEdit)
        dialog.fileSelected.connect(edit.setText)
        dialog.open()

    def _on_edited(self) -> None:
        values = self._values()
        problem = self._problem(values)
        # An empty first line is no mistake yet, but nothing to go on with either.
        self._wrong.setText(problem if values[self._fields[0].key] else "")
        self._ok.setEnabled(not problem and all(values[field.key] for field in self._fields if field.needed))

    def _values(self) -> dict[str, str]:
        return {key: read() for key, read in self._read.items()}
