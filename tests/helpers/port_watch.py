"""Which ports a process has open to others, in whatever network namespace it is."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import struct
from pathlib import Path

import psutil

_LISTENS = "0A"
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")


def open_ports(pid: int) -> set[str]:
    """TCP ports that it listens on, and UDP ports but for those that the kernel gave to what was sent from them."""
    first, last = map(int, _EPHEMERAL.read_text().split())
    own = _socket_inodes(pid)
    found = set()
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        for row in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
            fields = row.split()
            port = int(fields[1].rpartition(":")[2], 16)
            listens = fields[3] == _LISTENS if protocol.startswith("tcp") else not first <= port <= last
            if listens and fields[9] in own:
                found.add(f"{protocol}/{port}")
    return found


def tcp_listeners(pid: int) -> set[tuple[str, int]]:
    """Address and port of each TCP port that it listens on."""
    own, found = _socket_inodes(pid), set()
    for protocol in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == _LISTENS and fields[9] in own:
                address, _, port = fields[1].partition(":")
                words = struct.unpack(f">{len(address) // 8}I", bytes.fromhex(address))
                packed = struct.pack(f"={len(words)}I", *words)  # each word is printed as this host's number
                family = socket.AF_INET if protocol == "tcp" else socket.AF_INET6
                found.add((socket.inet_ntop(family, packed), int(port, 16)))
    return found


def open_ports_of_tree(pid: int) -> set[str]:
    """Those of the process and of all that it started."""
    tree = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    return {port for member in tree for port in open_ports(member)}


def _socket_inodes(pid: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            if match := re.fullmatch(r"socket:\[(\d+)\]", os.readlink(entry)):
                found.add(match[1])
    return found
