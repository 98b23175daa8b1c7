"""What can be freed, by kind, before it is: the user switches on what shall go."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.core.disk_use import CACHE, CONTAINERS, DANGLING, UNUSED, VOLUMES, Reclaimable
from desktop.models import words

from .busy_bar import BusyBar
from .card import button
from .dialog import Dialog
from .plain import PlainLabel
from .switch import Switch

CHOSEN_AT_FIRST = (DANGLING, CACHE)
"""What costs nothing but the time of building it again."""


class PruneDialog(Dialog):
    """Opens at once and measures until `show_found`; says `answered` with the kinds, none where it was put away."""

    answered = Signal(list)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "prune", self.tr("Clean up"))
        self._boxes: dict[str, Switch] = {}
        self._found: dict[str, Reclaimable] = {}
        self._grid = QGridLayout()
        self._measuring = PlainLabel(self.tr("The engine adds up what nothing uses…"), name="prune_measuring")
        self._bar = BusyBar("prune_bar", self.tr("The engine adds up what nothing uses…"))
        self._sum = PlainLabel(name="prune_sum", role="strong")
        self._confirm = button("prune_confirm", self.tr("Delete"), self.accept, "danger")
        self._cancel = button("prune_cancel", self.tr("Cancel"), self.reject)
        self._place()
        self._on_toggled()
        self.finished.connect(lambda result: self.answered.emit(self._kinds() if result else []))
        self.open()

    def show_found(self, found: Sequence[Reclaimable]) -> None:
        self._measuring.hide()
        self._bar.hide()
        self._found = {each.kind: each for each in found}
        for row, each in enumerate(found):
            self._add(row, each)
        self._on_toggled()
        self._cancel.setFocus()

    def _add(self, row: int, each: Reclaimable) -> None:
        box = self._boxes[each.kind] = Switch(f"prune_{each.kind}", self._title(each.kind))
        count = self.locale().toString(each.count)
        size = words.size(each.bytes)
        box.setAccessibleDescription(f"{count}, {size}")
        box.setEnabled(each.count > 0)
        box.setChecked(each.count > 0 and each.kind in CHOSEN_AT_FIRST)
        box.toggled.connect(lambda _checked: self._on_toggled())
        self._grid.addWidget(box, row, 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column, (key, text) in enumerate((("count", count), ("size", size)), 1):
            self._grid.addWidget(PlainLabel(text, name=f"prune_{each.kind}_{key}", role="name"), row, column, right)

    def _on_toggled(self) -> None:
        kinds = self._kinds()
        freed = sum(self._found[kind].bytes for kind in kinds)
        self._sum.setText(self.tr("Gives back about %1").replace("%1", words.size(freed)) if kinds else "")
        self._confirm.setEnabled(bool(kinds))

    def _kinds(self) -> list[str]:
        """Those that are switched on. All unused images are more than those without a tag."""
        kinds = [kind for kind, box in self._boxes.items() if box.isChecked()]
        return [kind for kind in kinds if kind != DANGLING or UNUSED not in kinds]

    def _title(self, kind: str) -> str:
        return {
            CONTAINERS: self.tr("Containers that do not run, with what they wrote"),
            DANGLING: self.tr("Images without a tag that no container uses"),
            UNUSED: self.tr("All images that no container uses"),
            VOLUMES: self.tr("Unnamed volumes that no container uses, with their data"),
            CACHE: self.tr("Build cache"),
        }.get(kind, kind)

    def _place(self) -> None:
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        row = QHBoxLayout()
        row.addWidget(self._sum, 1)
        row.addWidget(self._cancel)
        row.addWidget(self._confirm)
        self.column.addWidget(PlainLabel(self.tr("Clean up"), name="prune_title", role="heading"))
        note = self.tr("What is switched on is deleted for good. Then this computer gets the room back.")
        self.column.addWidget(PlainLabel(note, name="prune_note", role="caption", wrap=True))
        for part in (self._measuring, self._bar):
            self.column.addWidget(part)
        self.column.addLayout(self._grid)
        self.column.addSpacing(6)
        self.column.addLayout(row)
        self.setMinimumWidth(570)
