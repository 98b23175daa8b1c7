"""Keys of GNU screen among what is typed into `moorage console`."""

from __future__ import annotations

import re
from typing import NamedTuple

from desktop.terminal.prefix import ScreenKey, key_after_prefix, prefix_character

HELP = """\
{prefix} d detaches              {prefix} {letter} types {prefix}
{prefix} [ is copy mode          {prefix} ] pastes what was copied
{prefix} H logs to a file        {prefix} h writes the screen to a file
{prefix} C clears the screen     {prefix} l draws it again
{prefix} c opens a shell in the machine or in a container
{prefix} n p 0-9 and " go from one to another
{prefix} A renames, {prefix} k closes, {prefix} b sends a break on the machine's line
{prefix} i says what this is, {prefix} ? shows this
"""


KEY = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[ -NP-Z\\-~])|.", re.DOTALL)
"""One key as a terminal sends it, which may be a sequence, or a byte of a character."""


_PASTE_BEGIN, _PASTE_END = b"\x1b[200~", b"\x1b[201~"


class Asked(NamedTuple):
    """A key of screen, with what was typed for it."""

    key: ScreenKey
    typed: str


class Keys:
    """Looks for the prefix in what is typed; everything else goes to the guest. What is pasted is text, where the
    terminal marks it: it detaches nobody, and sends no break."""

    def __init__(self, letter: str = "a") -> None:
        self._letter = letter
        self._prefix = prefix_character(letter).encode()
        self._prefixed = self._is_pasted = False
        self._tail = b""  # in which a mark may have begun

    def first(self, data: bytes) -> tuple[bytes | Asked, bytes]:
        """What comes first in what is typed, bytes for the guest or a key of screen, and the rest, not looked at.

        The rest may be meant for another window, or for a question that the key leads to.
        """
        if self._prefixed and data:
            self._prefixed = False
            typed = data[:1].decode("latin-1")
            key = key_after_prefix(self._letter, typed)
            if key is ScreenKey.LITERAL:
                return self._prefix, data[1:]
            return (b"" if key is None else Asked(key, typed)), data[1:]
        if not self._prefix:
            return data, b""
        place, marked = data.find(self._prefix), self._end_of_mark(data)
        if marked and (self._is_pasted or not 0 <= place < marked):
            self._is_pasted = not self._is_pasted
            return self._cut(data, marked)
        if self._is_pasted or place < 0:
            return self._cut(data, len(data))
        self._prefixed, self._tail = True, b""
        return data[:place], data[place + 1 :]

    def _end_of_mark(self, data: bytes) -> int:
        """Of the next one that is awaited, wherever pieces part it; 0 where there is none."""
        mark = _PASTE_END if self._is_pasted else _PASTE_BEGIN
        place = (self._tail + data).find(mark)
        return place + len(mark) - len(self._tail) if place >= 0 else 0

    def _cut(self, data: bytes, end: int) -> tuple[bytes, bytes]:
        self._tail = (self._tail + data[:end])[1 - len(_PASTE_END) :]
        return data[:end], data[end:]
