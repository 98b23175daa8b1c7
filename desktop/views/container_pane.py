"""The containers pane."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Container
from desktop.models.container_columns import links_of, running_words
from desktop.models.record_table import RecordTableModel

from .face import Face
from .record_pane import RecordPane
from .subject import RUN, Act, Subject, Tool

SIGNALS = ("TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "STOP", "CONT")
EXAMPLE = "docker run -d -p 8080:80 nginx"


class ContainerPane(RecordPane[Container]):
    """Acts: those of `_looks` and of `container_acts`; without a container: `run`."""

    sight_changed = Signal()  # other rows may be in sight

    def __init__(self, model: RecordTableModel[Container], parent: QWidget | None = None) -> None:
        super().__init__(container_subject(), model, parent)
        self.table.verticalScrollBar().valueChanged.connect(lambda _: self.sight_changed.emit())
        self.table.horizontalHeader().sortIndicatorChanged.connect(lambda *_: self.sight_changed.emit())

    def measured(self) -> set[str] | None:
        """Whose CPU and memory somebody sees, in a row or in a group's sum; None where all stand in their order."""
        columns = [number for number, column in enumerate(self.model.columns) if column.key in ("cpu", "memory")]
        if all(self.table.isColumnHidden(number) for number in columns):
            return set()
        if self.table.horizontalHeader().sortIndicatorSection() in columns:
            return None
        return {record.id for row in self.table.rows_in_sight() for record in self.model.members(row)}

    def _on_filter(self, text: str) -> None:
        super()._on_filter(text)
        self.sight_changed.emit()


def container_subject() -> Subject[Container]:
    translate = QCoreApplication.translate
    return Subject(
        name="containers",
        title=translate("Containers", "Containers"),
        filter_hint=translate("Containers", "Filter, or status:running"),
        filter_help=translate(
            "Containers",
            "Words that a row must hold, anywhere or in one of these:\nname: image: status: label: project: port: id:",
        ),
        groups=translate("Containers", "Group by Compose project"),
        tools=(Tool(RUN, translate("Containers", "Run…")),),
        acts=(*_looks(), *container_acts()),
        opens="logs",
        id_of=lambda record: record.id,
        name_of=lambda record: record.name,
        summary=running_words,
        links_of=links_of,
        empty=Face(
            translate("Containers", "No containers yet"),
            translate("Containers", "What you run from a terminal shows up here at once. For example:"),
            code=EXAMPLE,
            wish=RUN,
            button=translate("Containers", "Run a container"),
        ),
    )


def _looks() -> tuple[Act[Container], ...]:
    """What only shows something."""
    translate = QCoreApplication.translate
    return (
        Act("logs", translate("Containers", "Logs"), lambda c: True),
        Act("details", translate("Containers", "Details"), lambda c: True, in_bar=False, single=True),
        Act("shell", translate("Containers", "Open a shell"), lambda c: c.state == "running", in_bar=False),
        Act("attach", translate("Containers", "Attach"), lambda c: c.state == "running", in_bar=False, single=True),
    )


def container_acts() -> tuple[Act[Container], ...]:
    translate = QCoreApplication.translate
    signals = translate("Containers", "Send a signal")
    return (
        Act("start", translate("Containers", "Start"), lambda c: not c.running and not c.busy),
        Act("stop", translate("Containers", "Stop"), lambda c: c.running and not c.busy),
        Act("restart", translate("Containers", "Restart"), lambda c: not c.busy),
        Act("pause", translate("Containers", "Pause"), lambda c: c.state == "running" and not c.busy, in_bar=False),
        Act("unpause", translate("Containers", "Resume"), lambda c: c.state == "paused" and not c.busy, in_bar=False),
        Act(
            "kill", translate("Containers", "Kill"),
            lambda c: c.running and c.busy in ("", "stopping", "restarting"), in_bar=False,
        ),
        *(Act(f"signal-{name}", f"SIG{name}", _takes_signal, in_bar=False, under=signals) for name in SIGNALS),
        Act(
            "rename", translate("Containers", "Rename…"), lambda c: not c.busy,
            QKeySequence(Qt.Key.Key_F2), in_bar=False, single=True,
        ),
        Act("commit", translate("Containers", "Make an image…"), lambda c: not c.busy, in_bar=False, single=True),
        Act("copy_run", translate("Containers", "Copy docker run line"), lambda c: True, in_bar=False),
        Act(
            "remove", translate("Containers", "Remove"), lambda c: c.busy != "removing" and c.state != "removing",
            QKeySequence.StandardKey.Delete,
        ),
    )  # fmt: skip


def _takes_signal(container: Container) -> bool:
    return container.state == "running" and container.busy in ("", "stopping", "restarting")
