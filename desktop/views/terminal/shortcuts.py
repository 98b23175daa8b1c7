"""The keys that are the terminal widget's own; all others are the guest's."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_Key, _Modifier = Qt.Key, Qt.KeyboardModifier
_CTRL, _SHIFT, _ALT = _Modifier.ControlModifier, _Modifier.ShiftModifier, _Modifier.AltModifier


class Command(Enum):
    """What a key of the widget's own does."""

    COPY = auto()
    PASTE = auto()
    PASTE_PRIMARY = auto()
    SELECT_ALL = auto()
    FIND = auto()
    ZOOM_IN = auto()
    ZOOM_OUT = auto()
    ZOOM_RESET = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()
    TOP = auto()
    BOTTOM = auto()
    LEAVE = auto()
    LEAVE_BACK = auto()


_COMMANDS: dict[tuple[int, Qt.KeyboardModifier], Command] = {
    (_Key.Key_C, _CTRL | _SHIFT): Command.COPY,
    (_Key.Key_V, _CTRL | _SHIFT): Command.PASTE,
    (_Key.Key_A, _CTRL | _SHIFT): Command.SELECT_ALL,
    (_Key.Key_F, _CTRL | _SHIFT): Command.FIND,
    (_Key.Key_Insert, _SHIFT): Command.PASTE_PRIMARY,
    (_Key.Key_Equal, _CTRL): Command.ZOOM_IN,
    (_Key.Key_Plus, _CTRL): Command.ZOOM_IN,
    (_Key.Key_Plus, _CTRL | _SHIFT): Command.ZOOM_IN,
    (_Key.Key_Minus, _CTRL): Command.ZOOM_OUT,
    (_Key.Key_0, _CTRL): Command.ZOOM_RESET,
    (_Key.Key_PageUp, _SHIFT): Command.PAGE_UP,
    (_Key.Key_PageDown, _SHIFT): Command.PAGE_DOWN,
    (_Key.Key_Home, _SHIFT): Command.TOP,
    (_Key.Key_End, _SHIFT): Command.BOTTOM,
    (_Key.Key_Tab, _CTRL): Command.LEAVE,
    (_Key.Key_Backtab, _CTRL | _SHIFT): Command.LEAVE_BACK,
    (_Key.Key_Tab, _CTRL | _SHIFT): Command.LEAVE_BACK,
}
OF_SCROLLBACK = frozenset((Command.PAGE_UP, Command.PAGE_DOWN, Command.TOP, Command.BOTTOM))
"""A full-screen program has no scrollback: there these keys are its own."""


def command_of(event: QKeyEvent) -> Command | None:
    """The command of a key, None where it is the guest's. On a Mac, Qt calls Command what is called Ctrl here."""
    held = event.modifiers() & ~_Modifier.KeypadModifier
    return _COMMANDS.get((event.key(), held))


def is_guests(event: QKeyEvent) -> bool:
    """Whether a key goes to the guest even if the window has a shortcut on it: all but those of pages and tabs."""
    turns = _Key.Key_1 <= event.key() <= _Key.Key_9 or event.key() in (_Key.Key_PageUp, _Key.Key_PageDown)
    return not (turns and event.modifiers() & ~_Modifier.KeypadModifier == _CTRL)
