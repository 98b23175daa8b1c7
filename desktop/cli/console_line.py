"""A line that `moorage console` asks for, on a terminal that is raw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from desktop.core.text import rows_of, visible

from .console_keys import KEY

_ENTER, _ERASE, _LEAVE = (b"\r", b"\n"), (b"\x7f", b"\b"), (b"\x1b", b"\x03", b"\x07")
LONGEST = 80


class Line:
    """One question, at the foot of a terminal of `size` columns and rows. `feed` it what is typed; `answer` is the
    line, or None where it was left with Esc or Ctrl+C."""

    def __init__(self, write: Callable[[bytes], None], question: str, size: tuple[int, int]) -> None:
        self._write = write
        self._question = visible(question)
        self._typed = bytearray()
        self._height = 1
        self._done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.draw(size)

    @property
    def is_done(self) -> bool:
        return self._done.done()

    def draw(self, size: tuple[int, int]) -> None:
        self._size = columns, rows = size
        shown = rows_of(f"{self._question} {self._typed.decode(errors='ignore')}", columns)[-rows:]
        self._height = min(max(self._height, len(shown)), rows)  # rows that it has once covered stay its own
        shown = [""] * (self._height - len(shown)) + shown
        first = rows + 1 - self._height
        parts = [b"\x1b[%d;1H\x1b[2K%b" % (row, text.encode()) for row, text in enumerate(shown, first)]
        self._write(b"\x1b[r\x1b[m" + b"".join(parts) + b"\x1b[?25h")

    async def answer(self) -> str | None:
        return await self._done

    def feed(self, data: bytes) -> bytes:
        """Returns what was typed after the line."""
        while data and not self.is_done:
            key, data = _first_key(data)
            if key in _ENTER:
                self._done.set_result(self._typed.decode("utf-8", "replace").strip())
            elif key in _LEAVE:
                self._done.set_result(None)
            elif key in _ERASE:
                self._typed = bytearray(self._typed.decode(errors="ignore")[:-1].encode())
            elif len(key) == 1 and key >= b" " and len(self._typed) < LONGEST:
                self._typed += key
        self.draw(self._size)
        return data


def _first_key(data: bytes) -> tuple[bytes, bytes]:
    found = KEY.match(data)
    end = found.end() if found is not None else len(data)
    return data[:end], data[end:]
