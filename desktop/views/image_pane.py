"""The images pane."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Image
from desktop.models import words
from desktop.models.record_table import RecordTableModel

from .face import Face
from .record_pane import RecordPane
from .subject import Act, Subject

EXAMPLE = "docker pull nginx"


class ImagePane(RecordPane[Image]):
    """Acts: `remove`."""

    def __init__(self, model: RecordTableModel[Image], parent: QWidget | None = None) -> None:
        super().__init__(_subject(), model, parent)


def _subject() -> Subject[Image]:
    translate = QCoreApplication.translate
    remove: Act[Image] = Act(
        "remove", translate("Images", "Remove"), lambda image: not image.busy,
        QKeySequence.StandardKey.Delete,
    )  # fmt: skip
    return Subject(
        name="images",
        title=translate("Images", "Images"),
        filter_hint=translate("Images", "Filter images"),
        acts=(remove,),
        id_of=lambda record: record.id,
        name_of=_name,
        summary=_summary,
        empty=Face(
            translate("Images", "No images yet"),
            translate("Images", "What you pull or build from a terminal shows up here at once. For example:"),
            code=EXAMPLE,
            wish="copy",
            button=translate("Images", "Copy the command"),
        ),
    )


def _name(image: Image) -> str:
    return image.tags[0] if image.tags else words.short_id(image.id)


def _summary(records: list[Image]) -> str:
    size = words.size(sum(record.size_bytes for record in records))
    if len(records) == 1:
        return QCoreApplication.translate("Images", "1 image, %1").replace("%1", size)
    text = QCoreApplication.translate("Images", "%1 images, %2")
    return text.replace("%1", QLocale().toString(len(records))).replace("%2", size)
