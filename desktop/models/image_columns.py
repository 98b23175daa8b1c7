"""What the images table shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop.core.engine import Image

from . import words
from .column import Column, natural
from .record_table import RecordTableModel


def images_model(parent: QObject | None = None) -> RecordTableModel[Image]:
    return RecordTableModel(image_columns(), lambda record: record.id, lambda i: (i.id, *i.tags), parent)


def image_columns() -> tuple[Column[Image], ...]:
    translate = QCoreApplication.translate
    return (
        Column(
            "tags", translate("Images", "Tags"), tags_words, lambda i: (not i.tags, natural(tags_words(i))),
            280, stretch=5, hint=lambda i: "\n".join(i.tags) or i.id,
        ),
        Column(
            "id", translate("Images", "ID"), lambda i: words.short_id(i.id), lambda i: i.id, 130,
            hint=lambda i: i.id,
        ),
        Column(
            "size", translate("Images", "Size"), lambda i: words.size(i.size_bytes), lambda i: i.size_bytes,
            96, right=True,
        ),
        Column(
            "created", translate("Images", "Created"), lambda i: words.age(i.created_s),
            lambda i: -i.created_s, 110, right=True, ages=True, hint=lambda i: words.moment(i.created_s),
        ),
        Column("use", translate("Images", "In use"), use_words, lambda i: -i.containers, 130, stretch=1),
    )  # fmt: skip


def tags_words(image: Image) -> str:
    return ", ".join(image.tags) or QCoreApplication.translate("Images", "(untagged)")


def use_words(image: Image) -> str:
    if image.busy:
        return QCoreApplication.translate("Images", "Removing…")
    if image.containers == 0:
        return words.NOTHING
    if image.containers == 1:
        return QCoreApplication.translate("Images", "1 container")
    number = QLocale().toString(image.containers)
    return QCoreApplication.translate("Images", "%1 containers").replace("%1", number)
