"""Why a published port is not on the host, in words, and who has it."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Iterable
from typing import NamedTuple

from desktop.core.text import visible

PLACES_NAMED = 3
NAME_CHARS = 80

# Besides errno's own.
OF_QEMU, NO_GUEST_ADDRESS, NO_UDP6, NO_PROTOCOL, NOT_BESIDE_PASST = 0, -1, -2, -3, -4


class Refusal(NamedTuple):
    code: int
    detail: str = ""  # the address that is not there, or the name of the program that has the port
    pid: int | None = None  # of that program


def probe(protocol: str, address: str, port: int) -> int:
    """The errno with which the host refuses a port now; 0 where it would give it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as place:
        if protocol == "tcp":
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((address, port))
        except OSError as error:
            return error.errno or errno.EIO
    return 0


async def explain(code: int, protocol: str, address: str, port: int, known: Refusal | None = None) -> Refusal:
    """`known` is the earlier answer, which stays where nothing has changed."""
    if known is not None and known.code == code and (known.pid is None or _lives(known.pid)):
        return known
    if code == errno.EADDRINUSE:
        return await asyncio.to_thread(_taken, protocol, address, port)
    return Refusal(code, address if code == errno.EADDRNOTAVAIL else "")


def refused(owner: str, places: Iterable[tuple[int, str]], refusal: Refusal) -> str:
    """One warning for all ports that a container does not get for the same reason, each by number and in words."""
    found = sorted(places)
    more = len(found) - PLACES_NAMED
    named = ", ".join(words for _, words in found[:PLACES_NAMED]) + (f" (+{more})" if more > 0 else "")
    code, detail, pid = refusal
    if code == errno.EADDRINUSE:
        if pid is None:
            return f"{owner} publishes {named}, which a program of another user has. It is opened as soon as it is free"
        return f"{owner} publishes {named}, which {detail} (process {pid}) has. It is opened as soon as it is free"
    if code in (errno.EACCES, errno.EPERM):
        return (
            f"{owner} publishes {named}, but here only root opens so low a port. To let everybody:"
            f" `sudo sysctl net.ipv4.ip_unprivileged_port_start={found[0][0]}`"
        )
    if code == errno.EADDRNOTAVAIL:
        return f"{owner} publishes {named}, but this computer does not have the address {detail}"
    if code == NO_UDP6:
        return f"{owner} publishes {named}, but Moorage publishes no UDP on IPv6 alone"
    if code == NO_PROTOCOL:
        return f"{owner} publishes {named}, but Moorage publishes TCP and UDP only"
    if code == NOT_BESIDE_PASST:
        return (
            f"{owner} publishes {named}, which passt keeps shut:"
            " only TCP on this computer's loopback is open beside it"
        )
    if code == NO_GUEST_ADDRESS:
        return f"{owner} publishes {named}, but the guest does not take the address. It is tried again"
    if code == OF_QEMU:
        return f"{owner} publishes {named}, which QEMU could not open. It is tried again"
    return f"{owner} publishes {named}, which this system refuses: {os.strerror(code)}"


def _taken(protocol: str, address: str, port: int) -> Refusal:
    from desktop.host.ports import port_holder  # psutil is loaded when it is needed, not before

    pid, name = port_holder(protocol, address, port) or (None, "")
    return Refusal(errno.EADDRINUSE, visible(name, NAME_CHARS), pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
