"""The containers of the engine."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.core.engine import Container
from desktop.models.record_table import RecordTableModel

from .record_pane import Act, Face, RecordPane


class ContainerPane(RecordPane):
    def __init__(self, model: RecordTableModel[Container], parent: QWidget | None = None) -> None:
        acts = (
            Act("start", self.tr("Start"), lambda c: not c.busy and not c.running),
            Act("stop", self.tr("Stop"), lambda c: not c.busy and c.running),
            Act("restart", self.tr("Restart"), lambda c: not c.busy and c.running),
            Act("kill", self.tr("Kill"), lambda c: c.running and c.busy in ("", "stopping", "restarting")),
            Act("remove", self.tr("Remove"), lambda c: not c.busy, "danger"),
        )
        super().__init__("containers", self.tr("Containers"), model, acts, parent)

    def nothing(self) -> Face:
        return Face(self.tr("No containers"), self.tr("What you start with docker run appears here."))
