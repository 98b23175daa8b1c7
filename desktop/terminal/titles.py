"""What a guest may make a window say: a title, and no more than a title."""

from __future__ import annotations

import re

from desktop.core.text import OBEYED

MAX_TITLE = 128
_NO_TITLE = re.compile(f"[{OBEYED}]")


def clean_title(text: str) -> str:
    """Return `text` in one line, without control or direction characters, at most 128 characters long."""
    kept = " ".join(_NO_TITLE.sub("", text[: MAX_TITLE * 8]).split())
    return kept if len(kept) <= MAX_TITLE else kept[: MAX_TITLE - 1] + "…"
