"""A program on a terminal of its own, of which is seen what a user would see."""

from __future__ import annotations

import os
import re
import select
import time
from collections.abc import Mapping
from pathlib import Path

from desktop.terminal.screen import Screen

from .terminal_program import TerminalProgram


class ScreenProgram(TerminalProgram):
    """The terminal answers no query: a program that asks one and waits for the answer waits for ever."""

    def __init__(
        self, words: list[str | Path], environment: Mapping[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        self.screen = Screen(columns, rows)
        self.screen.is_muted = True
        super().__init__(words, environment, columns, rows)

    def __exit__(self, *words: object) -> None:
        super().__exit__(*words)
        self.screen.close()

    def resize(self, rows: int, columns: int) -> None:
        self.screen.resize(columns, rows)
        super().resize(rows, columns)

    def shows(self, pattern: str, timeout_s: float) -> bool:
        """Waits until it is found on the screen as it is, which lines make with \\n between them."""
        deadline = time.monotonic() + timeout_s
        while not (match := re.search(pattern, self.screen.text())):
            if not select.select([self._master], [], [], max(0, deadline - time.monotonic()))[0]:
                print(self.screen.text())  # what a test that fails wants to know
                return False
            try:
                self.screen.feed(os.read(self._master, 1 << 16))
            except OSError:  # the program has ended
                return bool(re.search(pattern, self.screen.text()))
        self.matched = match.group(1) if match.groups() else ""
        return True
