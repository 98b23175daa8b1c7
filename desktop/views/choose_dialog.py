"""Some of a list of foreign names: each has a box, and none is ticked at first. It blocks nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QWidget

from desktop.core.text import visible

from .card import button
from .dialog import Dialog
from .plain import PlainLabel

ROWS_SHOWN = 8


class ChooseDialog(Dialog):
    """Opens at once; says `answered` with the ticked ones, none where it was put away."""

    answered = Signal(list)

    def __init__(self, parent: QWidget | None, name: str, what: str, names: Sequence[str], word: str) -> None:
        super().__init__(parent, name, what)
        self._names = tuple(names)
        self.list = QListView()
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self.list.setObjectName(f"{name}_list")
        self.list.setAccessibleName(visible(what))
        for each in self._names:
            item = QStandardItem(visible(each, 200))
            item.setEditable(False)
            item.setCheckable(True)
            self._model.appendRow(item)
        row_px = max(self.list.sizeHintForRow(0), 1)
        self.list.setMinimumHeight(row_px * min(ROWS_SHOWN, len(self._names)) + 2 * self.list.frameWidth() + 4)
        self._cancel = button(f"{name}_cancel", QCoreApplication.translate("Actions", "Cancel"), self.reject)
        self._done = button(f"{name}_done", word, self.accept, "primary")
        self._place(name, what)
        self._model.itemChanged.connect(lambda _: self._refresh())
        self.finished.connect(lambda result: self.answered.emit(self._chosen() if result else []))
        self._refresh()
        self.setMinimumWidth(440)
        self.open()
        self.list.setCurrentIndex(self._model.index(0, 0))
        self.list.setFocus()

    def _chosen(self) -> list[str]:
        ticked = Qt.CheckState.Checked
        return [name for row, name in enumerate(self._names) if self._model.item(row).checkState() == ticked]

    def _refresh(self) -> None:
        self._done.setEnabled(bool(self._chosen()))

    def _place(self, name: str, what: str) -> None:
        self.column.addWidget(PlainLabel(what, name=f"{name}_what", role="heading", wrap=True))
        self.column.addWidget(self.list, 1)
        self.add_buttons(self._cancel, self._done)
        self._done.setDefault(True)
