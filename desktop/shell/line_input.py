"""Lines for a program that has no terminal: echoed and edited here, and sent when they are done."""

from __future__ import annotations

import codecs

_ERASED = "\b \b"


class LineInput:
    def __init__(self) -> None:
        self._line = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def take(self, data: bytes) -> tuple[bytes, bytes]:
        """What is to be shown, and the lines that are done. Keys that are no text do nothing."""
        shown, done = "", ""
        for char in self._decode(data) if not data.startswith(b"\x1b") else "":
            if char == "\r":
                shown, done, self._line = shown + "\r\n", done + self._line + "\n", ""
            elif char in "\x7f\b":
                shown, self._line = shown + _ERASED * bool(self._line), self._line[:-1]
            elif char.isprintable() or char == "\t":
                shown, self._line = shown + char, self._line + char
        return shown.encode(), done.encode()
