"""Ports of the host that QEMU's own network carries into the guest: added, removed and listed while it runs.

They are QEMU's, so they outlive a supervisor; and it binds nothing else. WORKAROUND: QMP has no command for them, so
the monitor for people is asked in QMP's name, and what it prints is read. This can become commands where QMP gets
them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .command import CONTAINER_NETWORK as NETWORK

if TYPE_CHECKING:  # the app knows of forwards, and has no monitor
    from .qmp import Monitor

_ROW = re.compile(r"^\s+(TCP|UDP)\[HOST_FORWARD\]\s+\d+\s+(\S+)\s+(\d+)\s+(\S+)\s+(\d+)\s", re.MULTILINE)
_ANY = {"*": "0.0.0.0"}


class Forward(NamedTuple):
    """A port of the host at one IPv4 address, and the guest's address that has a port of the same number."""

    protocol: str  # tcp or udp
    address: str
    port: int
    guest: str

    @property
    def place(self) -> str:
        """What the host gives only once."""
        return f"{self.protocol}:{self.address}:{self.port}"

    @property
    def words(self) -> str:
        return f"{self.address}:{self.port}" + ("" if self.protocol == "tcp" else f"/{self.protocol}")


class Forward6(NamedTuple):
    """A port of the host at an IPv6 address, which QEMU cannot open.

    It leads on to one of QEMU's on IPv4, or, a TCP port that is on IPv6 alone, to an address of the guest.
    """

    address: str
    port: int
    onward: str  # IPv4; empty where it is
    guest: str = ""  # IPv6, :: for a port of no address in particular
    protocol: str = "tcp"

    @property
    def words(self) -> str:
        return f"[{self.address}]:{self.port}" + ("" if self.protocol == "tcp" else f"/{self.protocol}")


class Refused(Exception):
    """The host did not give the port: it is taken, privileged, or of an address that the host does not have."""


async def add(monitor: Monitor, forward: Forward) -> None:
    words = await _ask(monitor, f"hostfwd_add {NETWORK} {forward.place}-{forward.guest}:{forward.port}")
    if words:
        raise Refused(words)


async def remove(monitor: Monitor, forward: Forward) -> None:
    """Connections through it live on. One that is not there is removed already."""
    await _ask(monitor, f"hostfwd_remove {NETWORK} {forward.place}")


async def existing(monitor: Monitor) -> set[Forward]:
    return forwards_in(await _ask(monitor, "info usernet"))


def forwards_in(table: str) -> set[Forward]:
    """Those of the containers' network in what `info usernet` prints."""
    sections = re.split(r"^Hub -?\d+ \((.*)\):\s*$", table, flags=re.MULTILINE)
    rows = "".join(text for name, text in zip(sections[1::2], sections[2::2], strict=True) if name == NETWORK)
    return {
        Forward(protocol.lower(), _ANY.get(address, address), int(port), guest)
        for protocol, address, port, guest, guest_port in _ROW.findall(rows)
        if port == guest_port
    }


async def _ask(monitor: Monitor, line: str) -> str:
    return str(await monitor.execute("human-monitor-command", command_line=line)).strip()
