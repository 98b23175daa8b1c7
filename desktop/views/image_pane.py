"""The images pane."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.core.engine import EngineLink, Image, Link
from desktop.core.machine import MachineStatus
from desktop.models import words
from desktop.models.record_table import RecordTableModel

from .card import button
from .face import Face
from .flow import Flow
from .record_pane import CLEAR, RecordPane
from .subject import RUN, Act, Subject, Tool

EXAMPLE = "docker pull nginx"


class ImagePane(RecordPane[Image]):
    """Acts: `run history push tag save remove`. `wished` carries what needs no row: `pull build load prune login`."""

    wished = Signal(str)

    def __init__(self, model: RecordTableModel[Image], parent: QWidget | None = None) -> None:
        super().__init__(image_subject(), model, parent)
        self._which = self._make_which()
        self._wishes = self._make_wishes()
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self._make_bar())
        self._bar.put_beside(self._which)
        self._enable_wishes()

    def show_total(self, total_bytes: int | None) -> None:
        """What all images take; None where the engine has not said it yet."""
        self._subject = replace(self._subject, summary=partial(_summary, total_bytes=total_bytes))
        self._on_facts()

    def show_situation(self, status: MachineStatus, link: EngineLink) -> None:
        super().show_situation(status, link)
        self._enable_wishes()

    def _on_filter(self, text: str) -> None:
        super()._on_filter(f"{text} {self._which.currentData()}")

    def _on_wish(self, wish: str) -> None:
        if wish == CLEAR:
            self._which.setCurrentIndex(0)
        super()._on_wish(wish)

    def _face_now(self, total: int) -> Face | None:
        face = super()._face_now(total)
        if face is not None and face.wish == CLEAR and not self._bar.text():
            return replace(face, what=QCoreApplication.translate("Images", "There are no such images"))
        return face

    def _enable_wishes(self) -> None:
        for made in self._wishes:
            made.setEnabled(self._link.link is Link.UP)

    def _make_wishes(self) -> list[QPushButton]:
        return [button(f"images_{wish.key}", wish.label, partial(self.wished.emit, wish.key)) for wish in _wishes()]

    def _make_which(self) -> QComboBox:
        translate = QCoreApplication.translate
        box = QComboBox()
        box.setObjectName("images_which")
        box.setAccessibleName(translate("Images", "Which images"))
        for token, label in (
            ("", translate("Images", "All images")),
            ("is:unused", translate("Images", "Not in use")),
            ("is:dangling", translate("Images", "Without a tag and a use")),
        ):
            box.addItem(label, token)
        box.currentIndexChanged.connect(lambda _index: self._on_filter(self._bar.text()))
        return box

    def _make_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("images_wishes")
        row = QHBoxLayout(bar)
        row.setContentsMargins(20, 12, 20, 0)
        flow = Flow()
        for made in self._wishes:
            flow.addWidget(made)
        row.addLayout(flow)
        return bar


def _wishes() -> tuple[Tool, ...]:
    translate = QCoreApplication.translate
    return (
        Tool("pull", translate("Images", "Pull…")),
        Tool("build", translate("Images", "Build…")),
        Tool("load", translate("Images", "Load…")),
        Tool("prune", translate("Images", "Clean up…")),
        Tool("login", translate("Images", "Log in…")),
    )


def images_of_palette() -> Subject[Image]:
    return replace(image_subject(), tools=_wishes())


def image_subject() -> Subject[Image]:
    translate = QCoreApplication.translate
    return Subject(
        name="images",
        title=translate("Images", "Images"),
        filter_hint=translate("Images", "Filter images"),
        acts=_acts(),
        opens="history",
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


def _acts() -> tuple[Act[Image], ...]:
    translate = QCoreApplication.translate
    return (
        Act(RUN, translate("Images", "Run…"), lambda image: not image.busy, single=True),
        Act("history", translate("Images", "History"), lambda image: True, single=True),
        Act("push", translate("Images", "Push"), lambda image: bool(image.tags)),
        Act("tag", translate("Images", "Add a tag…"), lambda image: not image.busy, in_bar=False, single=True),
        Act("save", translate("Images", "Save…"), lambda image: True, in_bar=False),
        Act(
            "remove", translate("Images", "Remove"), lambda image: not image.busy,
            QKeySequence.StandardKey.Delete,
        ),
    )  # fmt: skip


def _name(image: Image) -> str:
    return image.tags[0] if image.tags else words.short_id(image.id)


def _summary(records: list[Image], total_bytes: int | None = None) -> str:
    """Without the engine's own total the sum of all is the most that they take: what they share counts once."""
    translate = QCoreApplication.translate
    if total_bytes is None:
        size = words.size(sum(record.size_bytes for record in records))
        text = translate("Images", "1 image, at most %2") if len(records) == 1 else translate("Images", "%1 images, at most %2")  # noqa: E501
    else:
        size = words.size(total_bytes)
        text = translate("Images", "1 image, %2") if len(records) == 1 else translate("Images", "%1 images, %2")
    return text.replace("%1", QLocale().toString(len(records))).replace("%2", size)
