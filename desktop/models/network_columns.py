"""What the networks table shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from desktop.core.engine import Member, Network

from . import words
from .column import Column, natural
from .record_table import RecordTableModel

MEMBERS_SHOWN = 40
"""In a cell; the filter and the dialogs know all."""


def networks_model(parent: QObject | None = None) -> RecordTableModel[Network]:
    return RecordTableModel(network_columns(), lambda network: network.id, _words, parent)


def network_columns() -> tuple[Column[Network], ...]:
    translate = QCoreApplication.translate
    return (
        Column(
            "name", translate("Networks", "Name"), lambda n: n.name, lambda n: natural(n.name), 180, stretch=3,
            hint=_hint,
        ),
        Column("driver", translate("Networks", "Driver"), driver_words, driver_words, 130),
        Column(
            "subnet", translate("Networks", "Subnet"), lambda n: ", ".join(n.subnets) or words.NOTHING,
            lambda n: natural(", ".join(n.subnets)), 150, stretch=1,
            hint=lambda n: "\n".join((*n.subnets, *n.gateways)),
        ),
        Column(
            "members", translate("Networks", "Containers"), members_words,
            lambda n: (-len(n.members), natural(members_words(n))), 240, stretch=5,
            hint=lambda n: "\n".join(map(member_words, n.members[:MEMBERS_SHOWN])),
        ),
        Column(
            "created", translate("Networks", "Created"), lambda n: words.age(n.created_s), lambda n: -n.created_s,
            110, right=True, ages=True, hint=lambda n: words.moment(n.created_s),
        ),
    )  # fmt: skip


def driver_words(network: Network) -> str:
    if network.internal:
        return QCoreApplication.translate("Networks", "%1, internal").replace("%1", network.driver)
    return network.driver


def members_words(network: Network) -> str:
    if network.busy:
        return QCoreApplication.translate("Networks", "Removing…")
    return ", ".join(map(member_words, network.members[:MEMBERS_SHOWN])) or words.NOTHING


def member_words(member: Member) -> str:
    """The name with the address, where it has one now."""
    return f"{member.name} {member.address}".strip()


def summary_words(records: list[Network]) -> str:
    translate = QCoreApplication.translate
    count = translate("Networks", "1 network") if len(records) == 1 else translate("Networks", "%1 networks")
    return count.replace("%1", QLocale().toString(len(records)))


def _hint(network: Network) -> str:
    return "\n".join([network.name, network.id[:12], *(f"{key}={value}" for key, value in network.labels)])


def _words(network: Network) -> tuple[str, ...]:
    members = (word for member in network.members for word in (member.name, member.address))
    return (network.name, network.id, network.driver, *network.subnets, *members)
