"""The keys of GNU screen: what the key after the prefix means."""

from __future__ import annotations

from enum import Enum, auto

NONE = "none"


class ScreenKey(Enum):
    """What a key after the prefix asks for."""

    DETACH = auto()
    LITERAL = auto()
    NEW = auto()
    NEXT = auto()
    PREVIOUS = auto()
    SELECT = auto()  # with the digit
    LIST = auto()
    RENAME = auto()
    CLOSE = auto()
    COPY = auto()
    PASTE = auto()
    LOG = auto()
    HARDCOPY = auto()
    BREAK = auto()
    CLEAR = auto()
    REDISPLAY = auto()
    INFO = auto()
    HELP = auto()


_KEYS = {
    "d": ScreenKey.DETACH,
    "D": ScreenKey.DETACH,
    "c": ScreenKey.NEW,
    "n": ScreenKey.NEXT,
    " ": ScreenKey.NEXT,
    "p": ScreenKey.PREVIOUS,
    '"': ScreenKey.LIST,
    "w": ScreenKey.LIST,
    "A": ScreenKey.RENAME,
    "k": ScreenKey.CLOSE,
    "K": ScreenKey.CLOSE,
    "[": ScreenKey.COPY,
    "\x1b": ScreenKey.COPY,
    "]": ScreenKey.PASTE,
    "H": ScreenKey.LOG,
    "h": ScreenKey.HARDCOPY,
    "b": ScreenKey.BREAK,
    "C": ScreenKey.CLEAR,
    "l": ScreenKey.REDISPLAY,
    "i": ScreenKey.INFO,
    "?": ScreenKey.HELP,
    **{str(digit): ScreenKey.SELECT for digit in range(10)},
}
_KEYS |= {chr(ord(letter) & 0x1F): _KEYS[letter] for letter in "cdiklnpw"}  # Ctrl is held on as often as not


def prefix_letter(setting: str) -> str:
    """The letter in a setting such as `C-a`; empty where there is to be no prefix."""
    return "" if setting == NONE else setting[-1].lower()


def prefix_character(letter: str) -> str:
    """What Ctrl with that letter types."""
    return chr(ord(letter) & 0x1F) if letter else ""


def key_after_prefix(letter: str, typed: str) -> ScreenKey | None:
    """What `typed` after the prefix means; None: nothing. The prefix itself, or its letter, is typed."""
    if typed in (letter, prefix_character(letter)):
        return ScreenKey.LITERAL
    return _KEYS.get(typed)
