"""Foreign text made safe to show: control characters are shown, not obeyed."""

from __future__ import annotations

import re
import unicodedata

FILE_NAME_BYTES = 255
OBEYED = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
"""For a set of a pattern: what a view of text would obey, or cannot hold."""
_UNSEEN = "\u00ad\u180e\u200b\u2060-\u2064\ufeff"
"""By these, names differ that look the same. What joins characters, as in an emoji, is none of them."""
_NO_TEXT = re.compile(f"[{OBEYED}{_UNSEEN}]")
_BLANKS = str.maketrans("\n\r\t", "   ")


def visible(text: str, limit: int = 4096) -> str:
    """One line of text from outside, at most `limit` characters.

    Newlines and tabs become blanks, other characters that are obeyed or not seen a <U+XXXX> in words, lone
    surrogates U+FFFD.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return _NO_TEXT.sub(named, text.translate(_BLANKS))


def encodable(text: str) -> str:
    """The same, with a question mark for each byte of a name that is no UTF-8: no JSON has room for that."""
    return text.encode("utf-8", "replace").decode()


def visible_lines(text: str, limit: int = 65536) -> str:
    """Like `visible`, keeping line breaks."""
    return "\n".join(visible(line, limit) for line in text[:limit].replace("\r\n", "\n").split("\n"))


def file_name(name: str, ending: str = "") -> str:
    """A foreign name as one that a file of this computer may have: in one folder, and not hidden there."""
    shown = visible(name).replace("/", "-").strip(". ")
    fits = shown.encode()[: FILE_NAME_BYTES - len(ending.encode())].decode(errors="ignore").rstrip(". ")
    return (fits or "file") + ending


def named(found: re.Match[str]) -> str:
    """What stands in the place of such a character."""
    code = ord(found[0])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else f"<U+{code:04X}>"


def cells_of(char: str) -> int:
    """How many cells of a terminal it fills."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def rows_of(text: str, columns: int) -> list[str]:
    """One line, cut into rows of a terminal so wide."""
    rows, room = [""], columns
    for char in text:
        if (cells := cells_of(char)) > room:
            rows.append("")
            room = columns
        rows[-1] += char
        room -= cells
    return rows
