"""What a guest may make a window say: a title, and no more than a title."""

from __future__ import annotations

import unicodedata

MAX_TITLE = 128
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_title(text: str) -> str:
    """Return `text` in one line, without control or direction characters, at most 128 characters long."""
    kept = "".join(
        char
        for char in text[: MAX_TITLE * 8]
        if unicodedata.category(char) not in ("Cc", "Cs") and char not in _DIRECTION
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= MAX_TITLE else kept[: MAX_TITLE - 1] + "…"
