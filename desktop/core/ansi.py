"""Text with a terminal's colours in it: what is to be read, piece by piece, with the look of each.

Colours and weight are taken; whatever else a sequence would do to a terminal is left out. Control characters that
remain are shown as `core/text` shows them.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .text import OBEYED, named

TEXT_LIMIT = 4000
_SEQUENCE = re.compile(
    r"\x1b\[([0-9;:]*)m"  # looks
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)"
    r"|\x1b[ -/]*[0-~]?"
)
_UNSAFE = re.compile(rf"[{OBEYED}](?<!\t)")

Colour = int | tuple[int, int, int] | None
"""One of 256, or red, green and blue; None is the default."""


class Look(NamedTuple):
    foreground: Colour = None
    background: Colour = None
    is_bold: bool = False
    is_faint: bool = False
    is_italic: bool = False
    is_underlined: bool = False
    is_inverse: bool = False


PLAIN = Look()
Piece = tuple[str, Look]


def pieces(text: str, look: Look = PLAIN) -> tuple[list[Piece], Look]:
    """One line's pieces, and the look that goes on in the next line."""
    text = _overwritten(text)
    found: list[Piece] = []
    place, room = 0, TEXT_LIMIT
    for match in _SEQUENCE.finditer(text):
        room -= _add(found, text[place : match.start()], look, room)
        place = match.end()
        if match[1] is not None:
            look = _changed(look, match[1])
    _add(found, text[place:], look, room)
    return found, look


def _overwritten(text: str) -> str:
    """What is left of a line that a progress bar wrote again and again."""
    text = text.rstrip("\r")
    return text if "\r" not in text else text.rpartition("\r")[2]


def _add(found: list[Piece], text: str, look: Look, room: int) -> int:
    if text and room > 0:
        shown = text if len(text) <= room else text[: room - 1] + "…"
        found.append((safe(shown), look))
    return len(text)


def safe(text: str) -> str:
    """Without anything that a text view would obey; tabs stay."""
    return _UNSAFE.sub(named, text)


def _changed(look: Look, parameters: str) -> Look:
    numbers = [int(part) if part.isdigit() and len(part) < 4 else 0 for part in re.split("[;:]", parameters or "0")]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            look = PLAIN
        elif code in _SWITCHES:
            look = look._replace(**_SWITCHES[code])
        elif code in (38, 48):
            colour, numbers = _extended(numbers)
            look = look._replace(foreground=colour) if code == 38 else look._replace(background=colour)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            look = look._replace(foreground=code - 30 if code < 40 else code - 82)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            look = look._replace(background=code - 40 if code < 50 else code - 92)
    return look


def _extended(numbers: list[int]) -> tuple[Colour, list[int]]:
    if numbers[:1] == [5] and len(numbers) > 1:
        return min(numbers[1], 255), numbers[2:]
    if numbers[:1] == [2] and len(numbers) > 3:
        red, green, blue = (min(number, 255) for number in numbers[1:4])
        return (red, green, blue), numbers[4:]
    return None, []


_SWITCHES: dict[int, dict[str, Any]] = {
    1: {"is_bold": True}, 2: {"is_faint": True}, 3: {"is_italic": True}, 4: {"is_underlined": True},
    7: {"is_inverse": True}, 22: {"is_bold": False, "is_faint": False}, 23: {"is_italic": False},
    24: {"is_underlined": False}, 27: {"is_inverse": False}, 39: {"foreground": None}, 49: {"background": None},
}  # fmt: skip
