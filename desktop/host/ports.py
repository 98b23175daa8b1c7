"""Who has a port of this host."""

from __future__ import annotations

import socket

import psutil

_ANY = ("0.0.0.0", "::")


def port_holder(protocol: str, address: str, port: int) -> tuple[int, str] | None:
    """Pid and name of the process that keeps others from a port; None where that is not ours to see.

    Takes tens of milliseconds: call it in a thread.
    """
    wanted = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    try:
        connections = psutil.net_connections(protocol)
    except psutil.Error:  # macOS tells only root
        return None
    for found in connections:
        if found.type != wanted or not found.laddr or found.laddr.port != port or found.pid is None:
            continue
        if protocol == "tcp" and found.status != psutil.CONN_LISTEN:
            continue
        if address in _ANY or found.laddr.ip in (address, *_ANY):
            try:
                return found.pid, psutil.Process(found.pid).name()
            except psutil.Error:
                return None
    return None
