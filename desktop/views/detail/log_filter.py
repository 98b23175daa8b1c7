"""Which lines of a log are shown: those in which a regular expression is found.

Qt's, which is PCRE2: it gives up by itself where Python's `re` would go on looking for years, as with `(a+)+$`.
"""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression

STEPS = 100_000
"""Of looking for a match in one line; some milliseconds at most."""


class LogFilter:
    """Finds without regard to case, as the search does. An empty pattern lets all lines pass."""

    def __init__(self, pattern: str = "") -> None:
        self.pattern = pattern
        options = QRegularExpression.PatternOption
        self._begin = f"(*LIMIT_MATCH={STEPS})"
        self._expression = QRegularExpression(
            self._begin + pattern, options.CaseInsensitiveOption | options.UseUnicodePropertiesOption
        )

    @property
    def wrong_at(self) -> int | None:
        """At which character, from 1, it is no regular expression; None: it is one."""
        if not self.pattern or self._expression.isValid():
            return None
        return max(1, min(len(self.pattern), self._expression.patternErrorOffset() - len(self._begin) + 1))

    def passes(self, text: str) -> bool:
        """Raises TimeoutError where it would take too long to find out."""
        if not self.pattern:
            return True
        match = self._expression.match(text)
        if not match.isValid():
            raise TimeoutError(self.pattern)
        return match.hasMatch()
