"""Ports of this host, as tests look at them from outside."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Sequence

import psutil


def _loopbacks() -> tuple[str, ...]:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return "127.0.0.1", "::1"
    return ("127.0.0.1",)


LOOPBACKS = _loopbacks()
"""Where a port answers that is published on no address in particular."""


def free_port() -> int:
    """One that nobody has. It is none of those that the system gives to whoever connects meanwhile."""
    while True:
        port = random.randrange(10_000, 30_000)
        with contextlib.suppress(OSError), contextlib.ExitStack() as taken:
            for address in LOOPBACKS:
                family = socket.AF_INET6 if ":" in address else socket.AF_INET
                taken.enter_context(socket.create_server((address, port), family=family))
            return port


def is_open(port: int, addresses: Sequence[str] = LOOPBACKS[:1]) -> bool:
    """Whether somebody listens there, at each of these addresses."""
    return all(_is_open(port, address) for address in addresses)


def is_closed(port: int, addresses: Sequence[str] = LOOPBACKS) -> bool:
    """Whether nobody listens there, at any of these addresses."""
    return not any(_is_open(port, address) for address in addresses)


def own_address() -> str:
    """An IPv4 address of this host that is not loopback, if it has one; what is sent there does not leave it."""
    found = [entry for entries in psutil.net_if_addrs().values() for entry in entries]
    return next((a.address for a in found if a.family is socket.AF_INET and not a.address.startswith("127.")), "")


def _is_open(port: int, address: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as connection:
        return connection.connect_ex((address, port)) == 0
