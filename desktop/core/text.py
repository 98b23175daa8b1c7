"""Foreign text made safe to show: control characters are shown, not obeyed."""

from __future__ import annotations

import unicodedata

_BIDI = {0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def visible(text: str, limit: int = 4096) -> str:
    """One line of text from outside, at most `limit` characters.

    Newlines and tabs become blanks, other control and direction characters a <U+XXXX> in words,
    lone surrogates U+FFFD.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(char) for char in text)


def encodable(text: str) -> str:
    """The same, with a question mark for each byte of a name that is no UTF-8: no JSON has room for that."""
    return text.encode("utf-8", "replace").decode()


def visible_lines(text: str, limit: int = 65536) -> str:
    """Like `visible`, keeping line breaks."""
    return "\n".join(visible(line, limit) for line in text[:limit].replace("\r\n", "\n").split("\n"))


def _shown(char: str) -> str:
    code = ord(char)
    if char in "\n\r\t":
        return " "
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if code in _BIDI or unicodedata.category(char) == "Cc":
        return f"<U+{code:04X}>"
    return char
