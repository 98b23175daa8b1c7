"""What the volumes table shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop.core.engine import Volume

from . import words
from .column import Column, natural
from .record_table import RecordTableModel


def volumes_model(parent: QObject | None = None) -> RecordTableModel[Volume]:
    return RecordTableModel(volume_columns(), lambda volume: volume.name, _words, parent)


def volume_columns() -> tuple[Column[Volume], ...]:
    translate = QCoreApplication.translate
    return (
        Column(
            "name", translate("Volumes", "Name"), lambda v: v.name, lambda v: natural(v.name), 260, stretch=4,
            hint=_hint,
        ),
        Column("driver", translate("Volumes", "Driver"), lambda v: v.driver, lambda v: v.driver, 90),
        Column(
            "size", translate("Volumes", "Size"), size_words,
            lambda v: -1 if v.size_bytes is None else v.size_bytes, 96, right=True,
        ),
        Column(
            "users", translate("Volumes", "Used by"), use_words, lambda v: (not v.users, v.users), 200, stretch=3,
            hint=lambda v: "\n".join(v.users),
        ),
        Column(
            "created", translate("Volumes", "Created"), lambda v: words.age(v.created_s), lambda v: -v.created_s,
            110, right=True, ages=True, hint=lambda v: words.moment(v.created_s),
        ),
    )  # fmt: skip


def size_words(volume: Volume) -> str:
    return words.NOTHING if volume.size_bytes is None else words.size(volume.size_bytes)


def use_words(volume: Volume) -> str:
    if volume.busy:
        return QCoreApplication.translate("Volumes", "Removing…")
    return ", ".join(volume.users) or words.NOTHING


def summary_words(records: list[Volume], measuring: bool) -> str:
    """How many, and what they take as far as it is known."""
    translate = QCoreApplication.translate
    count = translate("Volumes", "1 volume") if len(records) == 1 else translate("Volumes", "%1 volumes")
    count = count.replace("%1", QLocale().toString(len(records)))
    if measuring:
        return translate("Volumes", "%1, measuring…").replace("%1", count)
    known = [record.size_bytes for record in records if record.size_bytes is not None]
    if len(known) < len(records):
        return count
    return translate("Volumes", "%1, %2").replace("%1", count).replace("%2", words.size(sum(known)))


def _hint(volume: Volume) -> str:
    return "\n".join([volume.name, *(f"{key}={value}" for key, value in volume.labels)])


def _words(volume: Volume) -> tuple[str, ...]:
    return (volume.name, volume.driver, *volume.users, *(f"{key}={value}" for key, value in volume.labels))
