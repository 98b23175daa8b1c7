"""Why the host does not give a port, in words, and who has it."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass

PLACES_NAMED = 3
AGAIN = "It is opened as soon as that changes."


@dataclass(frozen=True)
class Refusal:
    code: int  # the system's errno
    words: str
    pid: int | None = None  # of who has the port


def probe(protocol: str, address: str, port: int) -> int:
    """The errno with which the host refuses a port now; 0 where it would give it."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as place:
        if protocol == "tcp":
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            place.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            place.bind((address, port))
        except OSError as error:
            return error.errno or errno.EIO
    return 0


async def explain(code: int, protocol: str, address: str, port: int, known: Refusal | None = None) -> Refusal:
    """`known` is the earlier answer, which stays where nothing has changed."""
    if not code:
        return Refusal(0, f"which QEMU could not open. {AGAIN}")
    if known is not None and known.code == code and (known.pid is None or _lives(known.pid)):
        return known
    if code == errno.EADDRINUSE:
        return await asyncio.to_thread(_taken, protocol, address, port)
    return Refusal(code, _words(code, address, port))


def tell(owner: str, places: Iterable[str], why: str) -> str:
    """One warning for all places that are refused to a container for the same reason."""
    named = list(places)
    more = len(named) - PLACES_NAMED
    text = ", ".join(named[:PLACES_NAMED]) + (f" (+{more})" if more > 0 else "")
    return f"{owner} publishes {text}, {why}"


def _words(code: int, address: str, port: int) -> str:
    if code in (errno.EACCES, errno.EPERM):
        return (
            "but this system lets only root open so low a port."
            f" `sudo sysctl net.ipv4.ip_unprivileged_port_start={port}` lets everybody. {AGAIN}"
        )
    if code == errno.EADDRNOTAVAIL:
        return f"but this computer does not have the address {address}. {AGAIN}"
    return f"which this system refuses: {os.strerror(code)}. {AGAIN}"


def _taken(protocol: str, address: str, port: int) -> Refusal:
    from desktop.host.ports import port_holder  # psutil is loaded when it is needed, not before

    holder = port_holder(protocol, address, port)
    if holder is None:
        return Refusal(errno.EADDRINUSE, f"which a program of another user has. {AGAIN}")
    pid, name = holder
    return Refusal(errno.EADDRINUSE, f"which {name} (process {pid}) has. {AGAIN}", pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
