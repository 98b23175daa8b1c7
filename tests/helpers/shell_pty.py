"""A program on a real pty, joined to a terminal widget as the supervisor would join it to the guest."""

from __future__ import annotations

import fcntl
import json
import os
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from desktop.core import frames

DEADLINE_S = 60.0


def until(condition: Callable[[], object], deadline_s: float = DEADLINE_S) -> None:
    """Let Qt work until it is so."""
    deadline = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        QCoreApplication.processEvents()
        time.sleep(0.001)


class ShellPty:
    """`take` is the widget's `send`; `pump` brings what the program prints to `receive`."""

    def __init__(self, *command: str) -> None:
        self.received: list[tuple[bytes, bytes]] = []
        self._master, slave = os.openpty()
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "PS1": "$ ", "LC_ALL": "C.UTF-8"}
        # setsid makes the pty the program's controlling terminal: job control and SIGWINCH work.
        self._process = subprocess.Popen(
            ["setsid", "--ctty", *command], stdin=slave, stdout=slave, stderr=slave, env=environment
        )
        os.close(slave)

    def take(self, kind: bytes, payload: bytes) -> None:
        self.received.append((kind, payload))
        if kind in (frames.TYPED, frames.REPLY):
            os.write(self._master, payload)
        elif kind == frames.WINDOW:
            size = json.loads(payload)
            window = struct.pack("HHHH", size["rows"], size["cols"], 0, 0)
            fcntl.ioctl(self._master, termios.TIOCSWINSZ, window)

    def pump(self, receive: Callable[[bytes, bytes], None]) -> None:
        while select.select([self._master], [], [], 0)[0]:
            try:
                receive(frames.OUTPUT, os.read(self._master, 1 << 16))
            except OSError:  # the program has ended
                return

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)
