"""The containers pane."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Container
from desktop.models.container_columns import links_of
from desktop.models.record_table import RecordTableModel

from .face import Face
from .record_pane import RecordPane
from .subject import Act, Subject

EXAMPLE = "docker run -d -p 8080:80 nginx"


class ContainerPane(RecordPane[Container]):
    """Acts: `logs details shell start stop restart kill remove`."""

    def __init__(self, model: RecordTableModel[Container], parent: QWidget | None = None) -> None:
        super().__init__(_subject(), model, parent)


def _subject() -> Subject[Container]:
    translate = QCoreApplication.translate
    return Subject(
        name="containers",
        title=translate("Containers", "Containers"),
        filter_hint=translate("Containers", "Filter containers"),
        acts=(*_looks(), *container_acts()),
        opens="logs",
        id_of=lambda record: record.id,
        name_of=lambda record: record.name,
        summary=_summary,
        links_of=links_of,
        empty=Face(
            translate("Containers", "No containers yet"),
            translate("Containers", "What you run from a terminal shows up here at once. For example:"),
            code=EXAMPLE,
            wish="copy",
            button=translate("Containers", "Copy the command"),
        ),
    )


def _looks() -> tuple[Act[Container], ...]:
    """What only shows something."""
    translate = QCoreApplication.translate
    return (
        Act("logs", translate("Containers", "Logs"), lambda c: True),
        Act("details", translate("Containers", "Details"), lambda c: True, in_bar=False),
    )


def container_acts() -> tuple[Act[Container], ...]:
    translate = QCoreApplication.translate
    return (
        Act("start", translate("Containers", "Start"), lambda c: not c.running and not c.busy),
        Act("stop", translate("Containers", "Stop"), lambda c: c.running and not c.busy),
        Act("restart", translate("Containers", "Restart"), lambda c: not c.busy),
        Act("kill", translate("Containers", "Kill"), lambda c: c.running and c.busy in ("", "stopping", "restarting")),
        Act("shell", translate("Containers", "Open a shell"), lambda c: c.state == "running", in_bar=False),
        Act(
            "remove", translate("Containers", "Remove"), lambda c: c.busy != "removing" and c.state != "removing",
            QKeySequence.StandardKey.Delete,
        ),
    )  # fmt: skip


def _summary(records: list[Container]) -> str:
    running = QLocale().toString(sum(record.state == "running" for record in records))
    if len(records) == 1:
        return QCoreApplication.translate("Containers", "1 container, %1 running").replace("%1", running)
    words = QCoreApplication.translate("Containers", "%1 containers, %2 running")
    return words.replace("%1", QLocale().toString(len(records))).replace("%2", running)
