"""Qt's key events as the names, modifiers and text that `desktop.terminal.keys` encodes."""

from __future__ import annotations

import sys
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from desktop.terminal.keys import ALT, CTRL, SHIFT, SUPER

_Key = Qt.Key

_NAMES: dict[int, str] = {
    _Key.Key_Return: "ENTER",
    _Key.Key_Enter: "NUMPAD_ENTER",
    _Key.Key_Tab: "TAB",
    _Key.Key_Backtab: "TAB",
    _Key.Key_Backspace: "BACKSPACE",
    _Key.Key_Escape: "ESCAPE",
    _Key.Key_Space: "SPACE",
    _Key.Key_Delete: "DELETE",
    _Key.Key_Insert: "INSERT",
    _Key.Key_Home: "HOME",
    _Key.Key_End: "END",
    _Key.Key_PageUp: "PAGE_UP",
    _Key.Key_PageDown: "PAGE_DOWN",
    _Key.Key_Up: "ARROW_UP",
    _Key.Key_Down: "ARROW_DOWN",
    _Key.Key_Left: "ARROW_LEFT",
    _Key.Key_Right: "ARROW_RIGHT",
    _Key.Key_Pause: "PAUSE",
    _Key.Key_Print: "PRINT_SCREEN",
    _Key.Key_Menu: "CONTEXT_MENU",
    _Key.Key_BracketLeft: "BRACKET_LEFT",
    _Key.Key_BracketRight: "BRACKET_RIGHT",
    _Key.Key_Backslash: "BACKSLASH",
    _Key.Key_Slash: "SLASH",
    _Key.Key_Minus: "MINUS",
    _Key.Key_Equal: "EQUAL",
    _Key.Key_Comma: "COMMA",
    _Key.Key_Period: "PERIOD",
    _Key.Key_Semicolon: "SEMICOLON",
    _Key.Key_Apostrophe: "QUOTE",
    _Key.Key_QuoteLeft: "BACKQUOTE",
    **{_Key.Key_F1 + n: f"F{n + 1}" for n in range(24)},
    **{_Key.Key_A + n: chr(ord("A") + n) for n in range(26)},
    **{_Key.Key_0 + n: f"DIGIT_{n}" for n in range(10)},
}
_KEYPAD = {
    "HOME": "NUMPAD_HOME", "END": "NUMPAD_END", "PAGE_UP": "NUMPAD_PAGE_UP", "PAGE_DOWN": "NUMPAD_PAGE_DOWN",
    "ARROW_UP": "NUMPAD_UP", "ARROW_DOWN": "NUMPAD_DOWN", "ARROW_LEFT": "NUMPAD_LEFT",
    "ARROW_RIGHT": "NUMPAD_RIGHT", "INSERT": "NUMPAD_INSERT", "DELETE": "NUMPAD_DELETE",
    "MINUS": "NUMPAD_SUBTRACT", "SLASH": "NUMPAD_DIVIDE", "EQUAL": "NUMPAD_EQUAL",
    **{f"DIGIT_{n}": f"NUMPAD_{n}" for n in range(10)},
}  # fmt: skip
# X11 key codes of the letters, wherever the layout puts them: Ctrl+C is C's key on a Russian keyboard too.
_LETTER_ROWS = {24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"}
_LETTER_CODES = {start + n: letter for start, row in _LETTER_ROWS.items() for n, letter in enumerate(row)}

_MODIFIER_KEYS = frozenset(
    (
        _Key.Key_Shift, _Key.Key_Control, _Key.Key_Alt, _Key.Key_Meta, _Key.Key_AltGr, _Key.Key_CapsLock,
        _Key.Key_NumLock, _Key.Key_ScrollLock, _Key.Key_Super_L, _Key.Key_Super_R,
    )
)  # fmt: skip

_Modifier = Qt.KeyboardModifier
_IS_MAC = sys.platform == "darwin"


class Key(NamedTuple):
    """What `KeyEncoder.encode` wants."""

    name: str
    modifiers: int
    text: str
    unshifted: str


def key_of(event: QKeyEvent) -> Key | None:
    """The key of an event, or None for a bare modifier."""
    code = event.key()
    if is_bare_modifier(event):
        return None
    modifiers = modifiers_of(event.modifiers())
    if code == _Key.Key_Backtab:
        modifiers |= SHIFT
    name, text = _NAMES.get(code, "UNIDENTIFIED"), event.text()
    if event.modifiers() & _Modifier.KeypadModifier:
        name = _KEYPAD.get(name, name)
    if modifiers & (CTRL | ALT):
        if name == "UNIDENTIFIED" or code > 0x7F:
            name = _LETTER_CODES.get(event.nativeScanCode(), name)
        if not text.isprintable() or not text:
            text = _character(code, modifiers)
    unshifted = chr(code).lower() if 0x20 <= code < 0x7F else text.lower()
    return Key(name, modifiers, text, unshifted if len(unshifted) == 1 else "")


def is_bare_modifier(event: QKeyEvent) -> bool:
    return event.key() in _MODIFIER_KEYS


def modifiers_of(modifiers: Qt.KeyboardModifier) -> int:
    """Qt's modifiers as the encoders' bits."""
    control, meta = _Modifier.ControlModifier, _Modifier.MetaModifier
    if _IS_MAC:  # Qt swaps Control and Command there
        control, meta = meta, control
    bits = SHIFT if modifiers & _Modifier.ShiftModifier else 0
    bits |= CTRL if modifiers & control else 0
    bits |= ALT if modifiers & _Modifier.AltModifier else 0
    return bits | (SUPER if modifiers & meta else 0)


def _character(code: int, modifiers: int) -> str:
    """With Ctrl, Qt's text is a control character or nothing: take the key's own character."""
    if not 0x20 <= code < 0x7F:
        return ""
    return chr(code) if modifiers & SHIFT else chr(code).lower()
