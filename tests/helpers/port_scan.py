"""Looks for whatever answers on TCP at every address that can be reached from where it runs.

Runs in a container of `scanner_image`, hence with nothing but a few modules of the standard library. Its words are
addresses to try on every port, besides the system's gateways; at the system's own addresses, where the kernel tells who
listens, those ports are tried. Prints a JSON object: each address where somebody is, with how many ports refused, how
many gave no answer, and what those that are open said.
"""

from __future__ import annotations

import contextlib
import errno
import json
import re
import socket
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

PORTS = [2375, 2376, *range(1, 2375), *range(2377, 65536)]
FIRST = PORTS[:256]
SILENT_AT_MOST = 3
ANSWER_S = 5
SAYS_S = 60.0
TENTATIVE = 0x40
REQUEST = b"GET /_ping HTTP/1.0\r\n\r\n"


def gateways() -> Iterator[str]:
    with open("/proc/net/route") as table:
        found = {row.split()[2] for row in table.readlines()[1:]} - {"00000000"}
    yield from (socket.inet_ntoa(bytes.fromhex(gateway)[::-1]) for gateway in found)


def own_addresses() -> Iterator[str]:
    with open("/proc/net/fib_trie") as table:
        yield from re.findall(r"\|-- (\S+)\s+/32 host LOCAL", table.read())
    with contextlib.suppress(FileNotFoundError), open("/proc/net/if_inet6") as table:
        for row in table:
            digits, _, _, scope, flags, interface = row.split()
            address = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(digits))
            # Not those of other containers, which come and go, nor one that is still asked about, which is nobody's.
            if not interface.startswith("veth") and not int(flags, 16) & TENTATIVE:
                yield f"{address}%{interface}" if scope == "20" else address


def own_ports() -> list[int]:
    """Where somebody in this network namespace listens, at whichever address."""
    found = set()
    for name in ("tcp", "tcp6"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/net/{name}") as table:
            rows = [row.split() for row in table.readlines()[1:]]
            found |= {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}
    return sorted(found)


def inhabited(addresses: Iterable[str]) -> list[str]:
    """Those where one of the first ports gives a sign that somebody is there. All are asked at once: the others cost
    but one wait."""
    asked: dict[str, list[tuple[Any, socket.socket]]] = {}
    for address in addresses:
        family, places = places_of(address, FIRST)
        asked[address] = [(at, socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)) for at in places]
        for at, connection in asked[address]:
            connection.connect_ex(at)
    time.sleep(ANSWER_S)
    found = []
    for address, calls in asked.items():
        # The second call tells what has become of the first.
        if {connection.connect_ex(at) for at, connection in calls} & {0, errno.ECONNREFUSED}:
            found.append(address)
        for _, connection in calls:
            connection.close()
    return found


def scan(address: str, ports: list[int]) -> dict[str, Any]:
    """One port after the other: a system that is there answers at once. Where some are silent it goes no further."""
    refused, silent, talks = 0, 0, {}
    family, places = places_of(address, ports)
    connection = None
    for port, at in zip(ports, places, strict=True):
        if connection is None:
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", ANSWER_S, 0))
        code = connection.connect_ex(at)
        if code == errno.ECONNREFUSED:  # it can be used again, which saves much time
            refused += 1
            continue
        if code:
            silent += 1
        elif (said := converse(connection)) == REQUEST:
            refused += 1  # where nobody listens, a connection may still meet itself
        else:
            talks[port] = said.decode("latin-1")
        connection.close()
        connection = None
        if silent == SILENT_AT_MOST:
            break
    if connection:
        connection.close()
    return {"refused": refused, "silent": silent, "open": talks}


def places_of(address: str, ports: list[int]) -> tuple[socket.AddressFamily, list[Any]]:
    if ":" not in address:
        return socket.AF_INET, [(address, port) for port in ports]
    plain, _, interface = address.partition("%")
    scope = socket.if_nametoindex(interface) if interface else 0
    return socket.AF_INET6, [(plain, port, 0, scope) for port in ports]


def converse(connection: socket.socket) -> bytes:
    """What the other side says to REQUEST, and to its end."""
    said = b""
    with contextlib.suppress(OSError):
        connection.settimeout(SAYS_S)
        connection.sendall(REQUEST)
        connection.shutdown(socket.SHUT_WR)
        while len(said) < 4096 and (more := connection.recv(4096)):
            said += more
    return said


if __name__ == "__main__":
    others = dict.fromkeys([*gateways(), *sys.argv[1:]])
    asked = {address: own_ports() for address in own_addresses()} | dict.fromkeys(inhabited(others), PORTS)
    print(json.dumps({address: scan(address, ports) for address, ports in asked.items() if ports}))
