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


class Asked(NamedTuple):
    """A key of screen, with what was typed for it."""

    key: ScreenKey
    typed: str


class Keys:
    """Looks for the prefix in what is typed; everything else goes to the guest."""

    def __init__(self, letter: str = "a") -> None:
        self._letter = letter
        self._prefix = prefix_character(letter).encode()
        self._prefixed = False

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
        to_guest, prefix, rest = data.partition(self._prefix)
        self._prefixed = bool(prefix)
        return to_guest, rest
