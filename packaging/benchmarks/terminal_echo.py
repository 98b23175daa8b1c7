"""`terminal_echo.py SOCKET [flood]`: a guest's end of a serial line, as QEMU gives it to one client. Answers each key
with the bell and itself; a flood prints and prints besides, several times as much as a VM's serial line takes."""

from __future__ import annotations

import contextlib
import select
import socket
import sys
import time

FLOOD_BYTES_S = 4_000_000
LINES = b"".join(b"%05d  a line that a busy container prints, one of very many of them\r\n" % n for n in range(15))


def main() -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(sys.argv[1])
        listening.listen(1)
        with listening.accept()[0] as line, contextlib.suppress(ConnectionError):
            serve(line, "flood" in sys.argv)


def serve(line: socket.socket, is_flooding: bool) -> None:
    next_s = time.monotonic()
    while True:
        wait_s = max(0.0, next_s - time.monotonic()) if is_flooding else None
        if select.select([line], [], [], wait_s)[0]:
            data = line.recv(64)
            if not data:
                return
            line.sendall(b"".join(b"\x07%c" % byte for byte in data))
        elif is_flooding:
            line.sendall(LINES)
            next_s = max(next_s, time.monotonic() - 0.1) + len(LINES) / FLOOD_BYTES_S


if __name__ == "__main__":
    main()
