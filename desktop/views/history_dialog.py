"""How an image was made: its layers, the newest first, and what each takes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.core.disk_use import Layer
from desktop.core.store import Store
from desktop.models import words
from desktop.models.column import Column
from desktop.models.record_table import RecordTableModel

from .card import button
from .dialog import Dialog
from .plain import PlainLabel
from .record_view import RecordView


class HistoryDialog(Dialog):
    """Opens at once, and is read until `show_layers`."""

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent, "history", self.tr("History"), spacing=8)
        self._layers: Store[Layer] = Store(lambda layer: str(layer.number))
        model = RecordTableModel(self._columns(), lambda layer: str(layer.number), lambda layer: (), self)
        model.follow(self._layers)
        title = self.tr("History of %1").replace("%1", name)
        self._table: RecordView[Layer] = RecordView("history_table", self.tr("Layers"), model)
        self._table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        self._summary = PlainLabel(self.tr("Reading…"), name="history_summary", role="caption")
        self.column.addWidget(PlainLabel(title, name="history_title", role="heading", elide=True))
        self.column.addWidget(self._summary)
        self.column.addWidget(self._table, 1)
        self.add_buttons(button("history_close", self.tr("Close"), self.accept))
        self.resize(760, 420)
        self.open()

    def show_layers(self, layers: Sequence[Layer]) -> None:
        self._layers.replace(layers)
        total = words.size(sum(layer.size_bytes for layer in layers))
        summary = self.tr("1 layer, %2") if len(layers) == 1 else self.tr("%1 layers, %2")
        self._summary.setText(summary.replace("%1", self.locale().toString(len(layers))).replace("%2", total))

    def _columns(self) -> tuple[Column[Layer], ...]:
        return (
            Column(
                "number", self.tr("Layer"), lambda layer: str(layer.number), lambda layer: layer.number, 96, right=True
            ),
            Column(
                "size", self.tr("Size"), lambda layer: words.size(layer.size_bytes), lambda layer: layer.size_bytes,
                90, right=True,
            ),
            Column(
                "created", self.tr("Created"), lambda layer: words.age(layer.created_s),
                lambda layer: -layer.created_s, 100, right=True, hint=lambda layer: words.moment(layer.created_s),
            ),
            Column(
                "by", self.tr("Made by"), lambda layer: layer.created_by, lambda layer: layer.created_by,
                420, stretch=1, hint=lambda layer: "\n".join((layer.created_by, *layer.tags)).strip(),
            ),
        )  # fmt: skip
