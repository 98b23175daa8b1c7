"""A line that `moorage console` asks for, on a terminal that is raw."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from desktop.core.text import visible

_ENTER, _ERASE, _LEAVE = b"\r\n", b"\x7f\b", b"\x1b\x03\x07"
LONGEST = 80


class Line:
    """One question, in the row of that number. `feed` it what is typed; `answer` is the line, or None where it was
    left with Esc or Ctrl+C."""

    def __init__(self, write: Callable[[bytes], None], question: str, row: int) -> None:
        self._write = write
        self._question = visible(question).encode()
        self._typed = bytearray()
        self._done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.draw(row)

    @property
    def is_done(self) -> bool:
        return self._done.done()

    def draw(self, row: int) -> None:
        self._write(b"\x1b[r\x1b[%d;1H\x1b[m\x1b[2K%b %b\x1b[?25h" % (row, self._question, bytes(self._typed)))

    async def answer(self) -> str | None:
        return await self._done

    def feed(self, data: bytes) -> bytes:
        """Returns what was typed after the line."""
        for at, byte in enumerate(data):
            if self.is_done:
                return data[at:]
            if byte in _ENTER:
                self._done.set_result(self._typed.decode("utf-8", "replace").strip())
            elif byte in _LEAVE:
                self._done.set_result(None)
            elif byte in _ERASE:
                self._erase()
            elif byte >= 0x20 and len(self._typed) < LONGEST:
                self._typed.append(byte)
                self._write(bytes((byte,)))
        return b""

    def _erase(self) -> None:
        while self._typed and self._typed.pop() & 0xC0 == 0x80:  # the whole of a character of several bytes
            continue
        self._write(b"\b \b")
