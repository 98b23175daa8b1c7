"""The volumes pane."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Volume
from desktop.models.record_table import RecordTableModel
from desktop.models.volume_columns import summary_words

from .face import Face
from .object_pane import ObjectPane
from .subject import Act, Subject, Tool


class VolumePane(ObjectPane[Volume]):
    """Acts: `files export clone remove`; without a volume: `create import prune`."""

    def __init__(self, model: RecordTableModel[Volume], parent: QWidget | None = None) -> None:
        self._measuring = False
        super().__init__(volume_subject(), model, parent)

    def show_measuring(self, measuring: bool) -> None:
        self._measuring = measuring
        self._refresh()

    def _summary(self, records: list[Volume]) -> str:
        """Overrides RecordPane's."""
        if records and self.model.rowCount() == len(records):
            return summary_words(records, self._measuring)
        return super()._summary(records)


def volume_subject() -> Subject[Volume]:
    translate = QCoreApplication.translate
    return Subject(
        name="volumes",
        title=translate("Volumes", "Volumes"),
        filter_hint=translate("Volumes", "Filter volumes"),
        tools=(
            Tool("create", translate("Volumes", "Create…")),
            Tool("import", translate("Volumes", "Import…")),
            Tool("prune", translate("Volumes", "Remove unused…")),
        ),
        acts=(
            Act("files", translate("Volumes", "Browse"), lambda v: not v.busy, in_bar=False, single=True),
            Act("export", translate("Volumes", "Export…"), lambda v: not v.busy, in_bar=False, single=True),
            Act("clone", translate("Volumes", "Clone…"), lambda v: not v.busy, in_bar=False, single=True),
            Act("remove", translate("Volumes", "Remove"), lambda v: not v.busy, QKeySequence.StandardKey.Delete),
        ),
        id_of=lambda record: record.name,
        name_of=lambda record: record.name,
        summary=lambda records: summary_words(records, False),
        opens="files",
        empty=Face(
            translate("Volumes", "No volumes yet"),
            translate("Volumes", "What containers keep in volumes stays when they go. New ones show up here at once."),
            wish="create",
            button=translate("Volumes", "Create a volume"),
        ),
    )
