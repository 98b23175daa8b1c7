"""Copy mode of `moorage console`: a picture of a window, over which keys move, mark and copy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from desktop.core.text import rows_of, visible
from desktop.terminal import copy_mode
from desktop.terminal.copy_mode import CopyMode, CopyWish
from desktop.terminal.screen import Screen
from desktop.terminal.sgr import row_as_vt, selection_as_vt

from .console_keys import KEY
from .console_line import Line
from .console_windows import Size

HELP = "Copy mode: arrows move, Space marks, Enter copies, / and ? find, Esc leaves"
OLDER, NOT_KEPT = "Older lines are in the log: moorage logs console", "Older lines are not kept"

_MEANT = {
    b"A": copy_mode.UP, b"B": copy_mode.DOWN, b"C": copy_mode.RIGHT, b"D": copy_mode.LEFT,
    b"H": copy_mode.START, b"F": copy_mode.END, b"1~": copy_mode.START, b"4~": copy_mode.END,
    b"7~": copy_mode.START, b"8~": copy_mode.END, b"5~": copy_mode.PAGE_UP, b"6~": copy_mode.PAGE_DOWN,
}  # fmt: skip


class CopyView:
    """Shows `screen`, which is its own until `copied` returns; and where its oldest line is shown, `older`."""

    def __init__(self, write: Callable[[bytes], None], screen: Screen, size: Size, older: str) -> None:
        self._write, self._screen = write, screen
        self._older = older
        self._words, self._is_older = "", True
        self._keys: asyncio.Queue[bytes] = asyncio.Queue()
        self._message = HELP
        self._fit(size)
        screen.changed_rows(full=True)  # the cursor is as of then
        self._mode = CopyMode(screen)

    def feed(self, data: bytes) -> bytes:
        """What is typed."""
        for key in KEY.finditer(data):
            self._keys.put_nowait(key[0])
        return b""

    @property
    def unread(self) -> bytes:
        """What was typed after the key that left it; to be asked once, at its end."""
        keys = []
        while not self._keys.empty():
            keys.append(self._keys.get_nowait())
        return b"".join(keys)

    def resize(self, size: Size) -> None:
        self._fit(size)
        self._mode.go(self._mode.column, self._mode.line)
        self._draw()

    async def copied(self) -> str | None:
        """The text that was marked; None where the mode is left without one."""
        self._write(b"\x1b[?1049h")  # nothing of it stays in the terminal's own scrollback
        try:
            return await self._run()
        finally:
            self._write(b"\x1b[?1049l")

    async def _run(self) -> str | None:
        while True:
            self._draw()
            wish = self._mode.obey(_meant(await self._keys.get()))
            scroll = self._screen.scroll
            self._message = self._older if scroll.first == 0 and scroll.total > scroll.shown else ""
            if wish is CopyWish.LEAVE:
                return None
            if wish is CopyWish.COPY:
                return self._screen.selected_text()
            if wish in (CopyWish.FIND, CopyWish.FIND_OLDER):
                await self._look_for(wish is CopyWish.FIND_OLDER)
            elif wish is not None:
                self._find(self._is_older if wish is CopyWish.NEXT else not self._is_older)

    async def _look_for(self, older: bool) -> None:
        line = Line(self._write, "?" if older else "/", (self._columns, self._rows))
        while not line.is_done:
            line.feed(await self._keys.get())
        self._words = await line.answer() or self._words
        self._is_older = older
        self._find(older)

    def _find(self, older: bool) -> None:
        if self._words and not self._mode.find(self._words, older):
            self._message = f"Not found: {self._words}"

    def _fit(self, size: Size) -> None:
        """What it was a picture of may be larger than this terminal, where another viewer's size rules."""
        self._columns, self._rows = size
        screen = self._screen
        screen.resize(min(screen.columns, size[0]), min(screen.rows, size[1]))

    def _draw(self) -> None:
        parts = [b"\x1b[?25l\x1b[m\x1b[H\x1b[2J"]
        for row in self._screen.changed_rows(full=True):
            parts += [row_as_vt(row), selection_as_vt(row)]
        if self._message:
            words = rows_of(visible(self._message), self._columns)[0].encode()
            parts.append(b"\x1b[%d;1H\x1b[7m\x1b[2K%b\x1b[m" % (self._rows, words))
        self._write(b"".join([*parts, b"\x1b[%d;%dH\x1b[?25h" % (self._mode.row + 1, self._mode.column + 1)]))


def _meant(key: bytes) -> str:
    """What a key types, or what one without a character is here; nothing where it is none of ours."""
    return key.decode("latin-1") if len(key) == 1 else _MEANT.get(key[2:], "")
