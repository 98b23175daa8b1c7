"""The images of the engine."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.core.engine import Image
from desktop.models.record_table import RecordTableModel

from .record_pane import Act, Face, RecordPane


class ImagePane(RecordPane):
    def __init__(self, model: RecordTableModel[Image], parent: QWidget | None = None) -> None:
        acts = (Act("remove", self.tr("Remove"), lambda image: not image.busy, "danger"),)
        super().__init__("images", self.tr("Images"), model, acts, parent)

    def nothing(self) -> Face:
        return Face(self.tr("No images"), self.tr("What you pull or build with docker appears here."))
