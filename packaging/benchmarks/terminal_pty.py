"""`terminal_pty.py FILE`: what `cat` prints into a pty of 200 by 60 cells goes into the socket that is standard input,
once a byte has come there. As the supervisor is in the app, it is a process of its own beside the window."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import socket
import struct
import sys
import termios

import precedence

COLUMNS, ROWS = 200, 60
READ_BYTES = 1 << 16


def main() -> None:
    precedence.raise_own()
    window = socket.socket(fileno=0)
    window.recv(1)
    pid, line = pty.fork()
    if pid == 0:
        precedence.raise_own()
        os.execvp("cat", ["cat", sys.argv[1]])
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    os.set_blocking(line, False)
    while data := _read(line):
        window.sendall(data)
    os.waitpid(pid, 0)


def _read(line: int) -> bytes:
    """What is there, nothing at the end; a pty gives four kilobytes at a time, which are handed over together."""
    select.select([line], [], [])
    parts, size = list[bytes](), 0
    try:
        while size < READ_BYTES:
            parts.append(os.read(line, READ_BYTES))
            size += len(parts[-1])
    except OSError:  # there is no more for now, or ever: its other side is closed
        pass
    return b"".join(parts)


if __name__ == "__main__":
    main()
