"""Which ports of the host a published port is to be, and which there are too many or too few of."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from desktop.core.engine import Port
from desktop.engine.published import Owner
from desktop.machine.command import CONTAINER_ADDRESS
from desktop.machine.forwarding import Forward, Forward6

from .port_refusal import NO_PROTOCOL, NO_UDP6, Refusal

_ANY = ipaddress.IPv4Address("0.0.0.0")
_ANY6 = ipaddress.IPv6Address("::")
PROTOCOLS = ("tcp", "udp")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass
class Wanted:
    """What is wanted, each with the name of the container or service that it is for."""

    forwards: dict[Forward, str] = field(default_factory=dict)
    forwards6: dict[Forward6, str] = field(default_factory=dict)
    impossible: dict[Port, tuple[str, Refusal]] = field(default_factory=dict)

    def owner_of(self, place: Forward | Forward6) -> str:
        return self.forwards6[place] if isinstance(place, Forward6) else self.forwards[place]


def wanted(owners: Iterable[Owner], publish_on: str) -> Wanted:
    """What is published on no address in particular is wanted at `publish_on`, and at its like of IPv6."""
    found = Wanted()
    for owner in sorted(owners, key=lambda owner: owner.name):
        for port in sorted(owner.ports, key=lambda port: (port.host_port, port.protocol, port.host_ip)):
            _want(found, owner, port, publish_on)
    return found


def moved(forward: Forward, publish_on: str) -> Forward:
    """What was wanted once, where it would be wanted now."""
    return forward._replace(address=publish_on) if forward.guest == CONTAINER_ADDRESS else forward


def moved6(forward: Forward6, publish_on: str) -> Forward6:
    if not forward.guest:
        return _beside(publish_on, forward.port, forward.protocol)
    return _alone(publish_on, forward.guest, forward.port)


def is_outside(forward: Forward) -> bool:
    """Whether it leads to an address that the guest does not have itself."""
    return forward.guest != CONTAINER_ADDRESS and not _is_loopback(forward.guest)


def is_closed_beside_passt(forward: Forward) -> bool:
    """Whether slirp sends no answer to who calls there, where it is to lead nowhere: it answers itself alone."""
    return forward.protocol != "tcp" or not _is_loopback(forward.address)


def _want(found: Wanted, owner: Owner, port: Port, publish_on: str) -> None:
    # A guest may say anything: what goes on from here is an address and a number.
    address, number = _address(port.host_ip), port.host_port
    if address is None or not 0 < number < 1 << 16:
        return
    if port.protocol not in PROTOCOLS:
        found.impossible[port] = owner.name, Refusal(NO_PROTOCOL)
    elif address == _ANY:
        found.forwards.setdefault(Forward(port.protocol, publish_on, number, CONTAINER_ADDRESS), owner.name)
    elif isinstance(address, ipaddress.IPv4Address):
        found.forwards.setdefault(Forward(port.protocol, str(address), number, str(address)), owner.name)
    elif address == _ANY6 and _is_on_ipv4_too(owner, port):
        found.forwards6.setdefault(_beside(publish_on, number, port.protocol), owner.name)
    elif port.protocol == "tcp":
        found.forwards6.setdefault(_alone(publish_on, str(address), number), owner.name)
    else:
        found.impossible[port] = owner.name, Refusal(NO_UDP6)


def _beside(address: str, port: int, protocol: str) -> Forward6:
    """The like on IPv6."""
    return Forward6("::1" if _is_loopback(address) else "::", port, address, protocol=protocol)


def _alone(publish_on: str, guest: str, port: int) -> Forward6:
    address = _beside(publish_on, port, "tcp").address if guest == str(_ANY6) else guest
    return Forward6(address, port, "", guest)


def _is_on_ipv4_too(owner: Owner, port: Port) -> bool:
    return any(
        (other.protocol, other.host_port) == (port.protocol, port.host_port) and _address(other.host_ip) == _ANY
        for other in owner.ports
    )


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text) if text else _ANY
        return None if getattr(address, "scope_id", None) else address
    except ValueError:
        return None


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
