"""How terminals look, and which key is theirs: what the settings say of them."""

from __future__ import annotations

from typing import NamedTuple

from desktop.core.settings import ConsoleColours, Settings
from desktop.terminal.prefix import prefix_letter


class TerminalStyle(NamedTuple):
    font_px: int = 14
    prefix: str = ""
    """The letter of the key that begins keys of GNU screen; empty: none does."""
    family: str = ""
    """Empty: the desktop's own monospaced font."""
    colours: str = ConsoleColours.MOORAGE


def style_of(settings: Settings) -> TerminalStyle:
    prefix = prefix_letter(settings.console_prefix)
    return TerminalStyle(settings.console_font_px, prefix, settings.console_font, settings.console_colours)
