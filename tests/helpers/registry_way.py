"""The way to a registry, which can be bad: slow, cut off, or ended by an answer of its own.

Runs in a container of `python_image`. What the way is like stands in the file MODE, and holds for each connection from
its beginning: `open`, `slow BYTES_PER_S`, `cut BYTES`, or the answer that every call gets, such as `401 Unauthorized`.
BYTES are of either direction; after a cut the way is one that answers AFTER_A_CUT, which an engine takes for final.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

PORT, REGISTRY_PORT = 5001, 5000
MODE = "/mode"
AFTER_A_CUT = "429 Too Many Requests"
SAID_AFTER_A_CUT = "the way is closed"
_BODY = b'{"errors": [{"code": "TOOMANYREQUESTS", "message": "%s"}]}' % SAID_AFTER_A_CUT.encode()
_HEAD = (
    'WWW-Authenticate: Basic realm="tests"\r\nContent-Type: application/json\r\n'
    f"Content-Length: {len(_BODY)}\r\nConnection: close\r\n\r\n"
)
_BLOCK = 1 << 14


def main() -> None:
    _set_mode("open")
    with socket.create_server(("127.0.0.1", PORT), backlog=64) as listener:
        print("listening on", PORT, flush=True)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve, args=(client,), daemon=True).start()


def _set_mode(mode: str) -> None:
    with open(MODE, "w") as file:
        file.write(mode)


def _serve(client: socket.socket) -> None:
    with open(MODE) as file:
        mode = file.read().strip()
    word, _, number = mode.partition(" ")
    with client, contextlib.suppress(OSError):
        if word.isdigit():
            client.recv(_BLOCK)
            client.sendall(f"HTTP/1.1 {mode}\r\n{_HEAD}".encode() + _BODY)
            client.shutdown(socket.SHUT_WR)
            while client.recv(_BLOCK):  # closing before it has said all would take the answer with it
                pass
            return
        with socket.socket() as registry:
            registry.connect(("127.0.0.1", REGISTRY_PORT))
            back = threading.Thread(target=_carry, args=(client, registry, word, number), daemon=True)
            back.start()
            _carry(registry, client, word, number)
            back.join()


def _carry(source: socket.socket, target: socket.socket, word: str, number: str) -> None:
    carried = 0
    with contextlib.suppress(OSError):
        while block := source.recv(_BLOCK):
            carried += len(block)
            if word == "cut" and carried > int(number):
                _set_mode(AFTER_A_CUT)
                _reset(source, target)
                return
            if word == "slow":
                time.sleep(len(block) / int(number))
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)


def _reset(*connections: socket.socket) -> None:
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    main()
