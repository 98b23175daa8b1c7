"""Keys, mouse and paste, as the bytes that the guest's modes ask for."""

from __future__ import annotations

from typing import Any

from desktop.terminal.ghostty import check, ffi, lib, new_sized
from desktop.terminal.screen import Screen

SHIFT, CTRL, ALT, SUPER = 1, 2, 4, 8
PRESS, RELEASE, MOTION = 0, 1, 2
"""Mouse actions."""
KEY_RELEASE, KEY_PRESS, KEY_REPEAT = 0, 1, 2
LEFT, RIGHT, MIDDLE, WHEEL_UP, WHEEL_DOWN, WHEEL_LEFT, WHEEL_RIGHT = range(1, 8)

_BUFFER_BYTES = 128
_MODE_PIXELS = 1016
_WITH_CTRL = {"ENTER": "M", "NUMPAD_ENTER": "M", "TAB": "I", "BRACKET_LEFT": "["}


class KeyEncoder:
    """Encodes keys the way the guest of `screen` has asked for: legacy, application cursor keys, kitty."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        encoder, event = ffi.new("GhosttyKeyEncoder*"), ffi.new("GhosttyKeyEvent*")
        check(lib.ghostty_key_encoder_new(ffi.NULL, encoder), "key encoder")
        check(lib.ghostty_key_event_new(ffi.NULL, event), "key event")
        self._encoder = ffi.gc(encoder[0], lib.ghostty_key_encoder_free)
        self._event = ffi.gc(event[0], lib.ghostty_key_event_free)
        self._buffer, self._length = ffi.new("char[]", _BUFFER_BYTES), ffi.new("size_t*")

    def encode(
        self, name: str, modifiers: int = 0, text: str = "", unshifted: str = "", action: int = KEY_PRESS
    ) -> bytes:
        """The bytes for a key, none if it sends nothing.

        `name` is W3C's name in capitals (`A`, `DIGIT_1`, `ARROW_UP`, `F5`) or `UNIDENTIFIED`, `text` what the
        keyboard layout makes of it, `unshifted` the character of the key alone.
        """
        if not modifiers & (CTRL | ALT | SUPER) and name == "UNIDENTIFIED":
            return text.encode() if action != KEY_RELEASE else b""
        if not text.isprintable():
            text = ""  # a control character, which toolkits make of Ctrl+C: the encoder makes its own
        event, data = self._event, text.encode()
        keep = ffi.new("char[]", data)
        lib.ghostty_key_event_set_action(event, action)
        lib.ghostty_key_event_set_key(event, getattr(lib, f"GHOSTTY_KEY_{name}"))
        lib.ghostty_key_event_set_mods(event, modifiers)
        # A shifted letter has used its Shift up; other keys still carry it.
        lib.ghostty_key_event_set_consumed_mods(event, modifiers & SHIFT if text else 0)
        lib.ghostty_key_event_set_utf8(event, keep, len(data))
        lib.ghostty_key_event_set_unshifted_codepoint(event, ord(unshifted) if unshifted else 0)
        lib.ghostty_key_encoder_setopt_from_terminal(self._encoder, self._screen.handle)
        result = lib.ghostty_key_encoder_encode(self._encoder, event, self._buffer, _BUFFER_BYTES, self._length)
        check(result, f"key {name}")
        encoded: bytes = ffi.buffer(self._buffer, self._length[0])[:]
        if modifiers & CTRL and action != KEY_RELEASE and (not encoded or encoded.startswith(b"\x1b[")):
            return self._classic(name, modifiers, text or unshifted, encoded)
        if encoded == b"\r" and self._screen.wants_newlines:
            return b"\r\n"  # which the library leaves out
        return encoded

    def _classic(self, name: str, modifiers: int, text: str, encoded: bytes) -> bytes:
        """The control character that keys such as Ctrl+[ and Ctrl+I have always sent, unless the guest wants better.

        libghostty tells Ctrl+I from Tab at all times, by a sequence that a shell on a serial line does not know.
        """
        flags = ffi.new("uint8_t*")
        lib.ghostty_terminal_get(self._screen.handle, lib.GHOSTTY_TERMINAL_DATA_KITTY_KEYBOARD_FLAGS, flags)
        character = _WITH_CTRL.get(name) or text.upper()
        if flags[0] or not (name in _WITH_CTRL or encoded.endswith(b"u") or not encoded):
            return encoded
        if len(character) != 1 or not "@" <= character <= "_":
            return b"" if not character.isprintable() else character.lower().encode()
        control = bytes([ord(character) & 0x1F])
        return b"\x1b" + control if modifiers & ALT else control


class MouseEncoder:
    """Encodes mouse events the way the guest of `screen` has asked for."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        encoder, event = ffi.new("GhosttyMouseEncoder*"), ffi.new("GhosttyMouseEvent*")
        check(lib.ghostty_mouse_encoder_new(ffi.NULL, encoder), "mouse encoder")
        check(lib.ghostty_mouse_event_new(ffi.NULL, event), "mouse event")
        self._encoder = ffi.gc(encoder[0], lib.ghostty_mouse_encoder_free)
        self._event = ffi.gc(event[0], lib.ghostty_mouse_event_free)
        self._buffer, self._length = ffi.new("char[]", _BUFFER_BYTES), ffi.new("size_t*")
        self._cell_width = self._cell_height = 1
        self._last_motion: tuple[int, int, int] | None = None

    def set_cell_size(self, width_px: int, height_px: int) -> None:
        self._cell_width, self._cell_height = width_px, height_px
        size = new_sized("GhosttyMouseEncoderSize")
        size.cell_width, size.cell_height = width_px, height_px
        size.screen_width = self._screen.columns * width_px
        size.screen_height = self._screen.rows * height_px
        self._option(lib.GHOSTTY_MOUSE_ENCODER_OPT_SIZE, size)

    def encode(
        self, action: int, button: int, x: float, y: float, modifiers: int = 0, is_pressed: bool = False
    ) -> bytes:
        """The bytes for an event at `x`, `y` in pixels; none if the guest has not asked for it. Button 0 is none."""
        if self._is_no_news(action, button, x, y):
            return b""
        lib.ghostty_mouse_encoder_setopt_from_terminal(self._encoder, self._screen.handle)
        self._option(lib.GHOSTTY_MOUSE_ENCODER_OPT_ANY_BUTTON_PRESSED, ffi.new("bool*", is_pressed))
        event: Any = self._event
        lib.ghostty_mouse_event_set_action(event, action)
        if button:
            lib.ghostty_mouse_event_set_button(event, button)
        else:
            lib.ghostty_mouse_event_clear_button(event)
        lib.ghostty_mouse_event_set_mods(event, modifiers)
        lib.ghostty_mouse_event_set_position(event, {"x": x, "y": y})
        self._length[0] = 0
        result = lib.ghostty_mouse_encoder_encode(self._encoder, event, self._buffer, _BUFFER_BYTES, self._length)
        check(result, "mouse")
        encoded: bytes = ffi.buffer(self._buffer, self._length[0])[:]
        return encoded

    def _is_no_news(self, action: int, button: int, x: float, y: float) -> bool:
        """Motion within a cell, unless the guest counts in pixels."""
        motion = (button, int(x // self._cell_width), int(y // self._cell_height)) if action == MOTION else None
        is_same = motion is not None and motion == self._last_motion
        self._last_motion = motion
        return is_same and not self._screen.mode(_MODE_PIXELS)

    def _option(self, option: int, value: Any) -> None:
        lib.ghostty_mouse_encoder_setopt(self._encoder, option, value)


def is_paste_safe(text: str, is_bracketed: bool) -> bool:
    """Whether pasting cannot run anything by itself: one line, or lines that the guest takes as text.

    A program that asked for bracketed paste shows lines and waits; the end mark inside the text would break out of
    that, so it is never safe.
    """
    data = text.encode("utf-8", "replace")
    if is_bracketed:
        return b"\x1b[201~" not in data
    return bool(lib.ghostty_paste_is_safe(data, len(data))) and "\r" not in text


def encode_paste(text: str, is_bracketed: bool) -> bytes:
    """The bytes to send for a paste: control characters out, line ends as Enter, marks where asked for."""
    data = text.replace("\r\n", "\n").encode("utf-8", "replace")
    source, capacity = ffi.new("char[]", data), len(data) + 16
    buffer, length = ffi.new("char[]", capacity), ffi.new("size_t*")
    result = lib.ghostty_paste_encode(source, len(data), is_bracketed, buffer, capacity, length)
    check(result, "paste")
    encoded: bytes = ffi.buffer(buffer, length[0])[:]
    return encoded


def encode_focus(is_focused: bool) -> bytes:
    """What a guest hears that has asked to be told about focus (mode 1004)."""
    return b"\x1b[I" if is_focused else b"\x1b[O"
