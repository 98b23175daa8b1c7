"""The networks pane."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.core.engine import Network
from desktop.models.network_columns import summary_words
from desktop.models.record_table import RecordTableModel

from .face import Face
from .object_pane import ObjectPane
from .subject import Act, Subject, Tool


class NetworkPane(ObjectPane[Network]):
    """Acts: `connect disconnect remove`; without a network: `create prune`."""

    def __init__(self, model: RecordTableModel[Network], parent: QWidget | None = None) -> None:
        super().__init__(network_subject(), model, parent)


def network_subject() -> Subject[Network]:
    translate = QCoreApplication.translate
    return Subject(
        name="networks",
        title=translate("Networks", "Networks"),
        filter_hint=translate("Networks", "Filter networks"),
        tools=(
            Tool("create", translate("Networks", "Create…")),
            Tool("prune", translate("Networks", "Remove unused…")),
        ),
        acts=(
            Act("connect", translate("Networks", "Connect…"), _takes_members, single=True),
            Act("disconnect", translate("Networks", "Disconnect…"), lambda n: bool(n.members), single=True),
            Act(
                "remove", translate("Networks", "Remove"), lambda n: not n.built_in and not n.busy,
                QKeySequence.StandardKey.Delete,
            ),
        ),
        id_of=lambda record: record.id,
        name_of=lambda record: record.name,
        summary=summary_words,
        empty=Face(
            translate("Networks", "No networks"),
            translate("Networks", "An engine usually has three of its own."),
            wish="create",
            button=translate("Networks", "Create a network"),
        ),
    )  # fmt: skip


def _takes_members(network: Network) -> bool:
    return network.name not in ("host", "none") and not network.busy
