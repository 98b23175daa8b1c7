"""What the images table shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop.core.engine import Image

from . import words
from .column import Column, natural
from .record_table import RecordTableModel

USERS_SHOWN = 12

Users = Callable[[str], Sequence[str]]
"""Names of the containers that use an image, by its id."""


def images_model(parent: QObject | None = None, users: Users = lambda image: ()) -> RecordTableModel[Image]:
    return RecordTableModel(image_columns(users), lambda record: record.id, _words, parent)


def image_columns(users: Users) -> tuple[Column[Image], ...]:
    translate = QCoreApplication.translate
    return (
        Column(
            "tags", translate("Images", "Tags"), tags_words, lambda i: (not i.tags, natural(tags_words(i))),
            280, stretch=5, hint=lambda i: "\n".join(i.tags) or i.id,
        ),
        Column(
            "id", translate("Images", "ID"), lambda i: words.short_id(i.id), lambda i: i.id, 120,
            hint=lambda i: i.id,
        ),
        Column(
            "size", translate("Images", "Size"), lambda i: words.size(i.size_bytes), lambda i: i.size_bytes,
            88, right=True,
        ),
        Column(
            "shared", translate("Images", "Shared"),
            lambda i: words.size(i.shared_bytes) if i.shared_bytes else words.NOTHING, lambda i: i.shared_bytes,
            88, right=True,
            hint=lambda i: translate("Images", "Layers that other images have too. Removing one image frees the rest."),
        ),
        Column(
            "created", translate("Images", "Created"), lambda i: words.age(i.created_s),
            lambda i: -i.created_s, 96, right=True, ages=True, hint=lambda i: words.moment(i.created_s),
        ),
        Column(
            "use", translate("Images", "In use"), use_words, lambda i: -i.containers, 130, stretch=1,
            hint=lambda i: _users_hint(users(i.id)),
        ),
    )  # fmt: skip


def _users_hint(names: Sequence[str]) -> str:
    lines = sorted(names, key=natural)[:USERS_SHOWN]
    if len(names) > USERS_SHOWN:
        more = QLocale().toString(len(names) - USERS_SHOWN)
        lines.append(QCoreApplication.translate("Actions", "… and %1 more").replace("%1", more))
    return "\n".join(lines)


def _words(image: Image) -> tuple[str, ...]:
    """What the filter looks at: `is:unused` and `is:dangling` too."""
    unused = "is:unused" if not image.containers else ""
    return (image.id, *image.tags, unused, unused and "is:dangling" if not image.tags else "")


def tags_words(image: Image) -> str:
    return ", ".join(image.tags) or QCoreApplication.translate("Images", "(untagged)")


def use_words(image: Image) -> str:
    if image.busy:
        return _busy_words(image.busy)
    if image.containers == 0:
        return words.NOTHING
    if image.containers == 1:
        return QCoreApplication.translate("Images", "1 container")
    number = QLocale().toString(image.containers)
    return QCoreApplication.translate("Images", "%1 containers").replace("%1", number)


def _busy_words(busy: str) -> str:
    if busy == "tagging":
        return QCoreApplication.translate("Images", "Tagging…")
    return QCoreApplication.translate("Images", "Removing…")
