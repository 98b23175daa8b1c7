"""Fails a test for every warning or error that is logged, but for those it said it expects."""

from __future__ import annotations

import logging
import re


class LogWatch(logging.Handler):
    """Gathers records from WARNING up. Qt's own messages come as the logger `qt`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._records: list[logging.LogRecord] = []
        self._expected: list[str] = []
        self._allowed: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def expect(self, pattern: str) -> None:
        """A record that `pattern` is found in must come, any number of times."""
        self._expected.append(pattern)

    def allow(self, pattern: str) -> None:
        """A record that `pattern` is found in may come: what is tested goes on either way."""
        self._allowed.append(pattern)

    def faults(self) -> list[str]:
        """Records that nobody expects, and expectations that nothing met."""
        texts = [f"{record.name} {record.levelname}: {record.getMessage()}" for record in self._records]
        known = self._expected + self._allowed
        unmet = [pattern for pattern in self._expected if not any(re.search(pattern, text) for text in texts)]
        stray = [text for text in texts if not any(re.search(pattern, text) for pattern in known)]
        return [f"not logged: {pattern}" for pattern in unmet] + [f"logged: {text}" for text in stray]
