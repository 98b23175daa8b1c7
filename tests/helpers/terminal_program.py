"""A program on a terminal of its own, typed at and read from."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping
from pathlib import Path


class TerminalProgram:
    """Ends the program when left."""

    def __init__(
        self, words: list[str | Path], environment: Mapping[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        self._master, slave = os.openpty()
        self.resize(rows, columns)
        # setsid makes it the program's controlling terminal, so that it hears of a new size.
        self._process = subprocess.Popen(
            ["setsid", "--ctty", *words], stdin=slave, stdout=slave, stderr=slave, env=environment
        )
        os.close(slave)
        self.unread = ""
        self.matched = ""
        """The first group of the last pattern that was found."""

    def __enter__(self) -> TerminalProgram:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """The terminal is gone."""
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def announce_size(self) -> None:
        """Once more, as a new size is announced."""
        self._process.send_signal(signal.SIGWINCH)

    def end(self, how: signal.Signals) -> None:
        """Tells the program itself to end, whose terminal stays."""
        self._process.send_signal(how)

    def stops(self, timeout_s: float) -> bool:
        """Waits until a signal has stopped it."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            number, status = os.waitpid(self._process.pid, os.WUNTRACED | os.WNOHANG)
            if number:
                return os.WIFSTOPPED(status)
            time.sleep(0.01)
        return False

    def modes(self) -> list[object]:
        """The terminal's, as programs set them."""
        return termios.tcgetattr(self._master)

    def set_modes(self, modes: list[object]) -> None:
        termios.tcsetattr(self._master, termios.TCSANOW, modes)

    def prints(self, pattern: str, timeout_s: float) -> bool:
        """Waits for it; what was printed up to there is gone then."""
        deadline = time.monotonic() + timeout_s
        while not (match := re.search(pattern, self.unread)):
            if not select.select([self._master], [], [], max(0, deadline - time.monotonic()))[0]:
                return False
            self.unread += os.read(self._master, 1 << 16).decode(errors="replace")
        self.matched = match.group(1) if match.groups() else ""
        self.unread = self.unread[match.end() :]
        return True

    def wait(self, timeout_s: float = 240) -> int:
        return self._process.wait(timeout_s)
