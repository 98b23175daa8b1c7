"""Name servers on the loopback of a network namespace: 127.0.0.N says that every name is 192.0.2.N."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator

HOW_MANY = 3


@contextlib.contextmanager
def name_servers(pid: int) -> Iterator[None]:
    """In the namespace of that process, which is not ours."""
    where = ("-n",) if os.getuid() == 0 else ("-n", "-U", "--preserve-credentials")
    command = ["nsenter", "-t", str(pid), *where, sys.executable, "-I", __file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            yield
        finally:
            process.kill()


def main() -> None:
    servers = []
    for number in range(1, HOW_MANY + 1):
        server = socket.socket(type=socket.SOCK_DGRAM)
        server.bind((f"127.0.0.{number}", 53))
        servers.append(server)
    print("ready", flush=True)
    while True:
        for server in select.select(servers, [], [])[0]:
            question, client = server.recvfrom(512)
            number = socket.inet_aton(server.getsockname()[0])[-1]
            server.sendto(answer(question, bytes((192, 0, 2, number))), client)


def answer(question: bytes, address: bytes) -> bytes:
    """One address to a question for addresses of IPv4, none to any other. RFC 1035, 4.1."""
    end = question.index(b"\0", 12) + 5
    asked = question[12:end]
    found = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + address if asked[-4:] == b"\0\1\0\1" else b""
    return question[:2] + b"\x81\x80\0\1" + bytes((0, int(bool(found)))) + bytes(4) + asked + found


if __name__ == "__main__":
    main()
