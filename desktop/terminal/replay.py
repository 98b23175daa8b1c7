"""A screen and its scrollback as escape sequences, for a terminal that is not ours (`moorage console`).

The foreign terminal may have more rows than the screen. So the scrollback is printed first and pushed off its top,
then the screen is drawn row by row from the upper left corner, then modes, cursor and the first half of a
sequence that is under way. The library writes scrollback and state; the screen's rows are ours, since the
library leaves out cells that hold nothing but a background (seen in pyghostty 0.1.3).
"""

from __future__ import annotations

from typing import Any

from desktop.terminal.foreign import blank
from desktop.terminal.ghostty import check, ffi, lib, new_sized, take
from desktop.terminal.screen import Screen
from desktop.terminal.sgr import row_as_vt

_ALTERNATE = {mode: b"\x1b[?%dh" % mode for mode in (1049, 1047, 47)}
_LEAVE_ALTERNATE = b"\x18\x1b[?1049l\x1b[?1047l\x1b[?47l"  # CAN first: ends a sequence that is under way
_INSERT = b"\x1b[4h"
_EMPTY = b"\x1b[m\x1b[?6l\x1b[r\x1b[H\x1b[2J"


def as_vt(screen: Screen, limit_lines: int = 1000, viewer_rows: int | None = None) -> bytes:
    """Sequences that show `screen`, after at most `limit_lines` of scrollback, in a terminal of `viewer_rows`.

    What the foreign terminal showed above its cursor is pushed into its own scrollback, not erased. The screen's
    viewport must be at its bottom, and its dirty rows are used up: it is meant for a screen that nobody paints.
    """
    rows = max(viewer_rows or 0, screen.rows)
    parts = [blank(rows)]
    if screen.is_alternate:
        parts += [*_primary_beneath(screen, limit_lines, rows), *_enter_alternate(screen), _EMPTY]
    else:
        parts += _history(screen, limit_lines, rows)
    parts += [_picture(screen), _half_sequence(screen)]
    return b"".join(parts)


def _primary_beneath(screen: Screen, limit_lines: int, rows: int) -> list[bytes]:
    """The screen that comes back when the full-screen program ends."""
    below = Screen(screen.columns, screen.rows)
    try:
        below.is_muted = True
        below.restore(screen.snapshot())
        below.feed(_LEAVE_ALTERNATE)
        return [*_history(below, limit_lines, rows), _picture(below)]
    finally:
        below.close()


def _history(screen: Screen, limit_lines: int, rows: int) -> list[bytes]:
    lines = screen.scroll.total - screen.rows
    shown = min(lines, limit_lines)
    if shown <= 0:
        return []
    selection = new_sized("GhosttySelection")
    selection.start = screen.ref(0, lines - shown, "SCREEN")[0]
    selection.end = screen.ref(screen.columns - 1, lines - 1, "SCREEN")[0]
    return [_format(screen, selection, None), b"\x1b[m\r\n", _push(min(shown, rows - 1), rows)]


def _picture(screen: Screen) -> bytes:
    rows = b"".join(row_as_vt(row) for row in screen.changed_rows(full=True))
    # The library writes state around a text: here around the first cell, once more and before a mode can move it.
    corner = new_sized("GhosttySelection")
    corner.start = corner.end = screen.ref(0, 0, "ACTIVE")[0]
    state = _format(screen, corner, _state(screen))
    inserts = _INSERT if _INSERT in state else b""
    for done in (_INSERT, *_ALTERNATE.values()):  # entering the alternate screen again would clear it
        state = state.replace(done, b"")
    return rows + b"\x1b[H" + state + inserts


def _enter_alternate(screen: Screen) -> list[bytes]:
    return [sequence for mode, sequence in _ALTERNATE.items() if screen.mode(mode)][:1]


def _push(lines: int, rows: int) -> bytes:
    """Scroll `lines` lines off the top of a terminal of `rows` rows, then go home."""
    return b"\x1b[%d;1H" % rows + b"\n" * lines + b"\x1b[H"


def _state(screen: Screen) -> Any:
    extra = new_sized("GhosttyFormatterTerminalExtra")
    extra.modes = extra.scrolling_region = extra.tabstops = extra.keyboard = True
    of_screen = extra.screen
    of_screen.cursor = of_screen.style = of_screen.hyperlink = of_screen.protection = True
    of_screen.kitty_keyboard = of_screen.charsets = True
    return extra


def _format(screen: Screen, selection: Any, extra: Any) -> bytes:
    options = new_sized("GhosttyFormatterTerminalOptions")
    options.emit = lib.GHOSTTY_FORMATTER_FORMAT_VT
    options.trim, options.selection = False, selection
    if extra is not None:
        options.extra = extra[0]
    out, pointer, length = ffi.new("GhosttyFormatter*"), ffi.new("uint8_t**"), ffi.new("size_t*")
    check(lib.ghostty_formatter_terminal_new(ffi.NULL, out, screen.handle, options[0]), "formatter")
    try:
        check(lib.ghostty_formatter_format_alloc(out[0], ffi.NULL, pointer, length), "format")
        return take(pointer, length)
    finally:
        lib.ghostty_formatter_free(out[0])


def _half_sequence(screen: Screen) -> bytes:
    pointer, length = ffi.new("uint8_t**"), ffi.new("size_t*")
    if lib.ghostty_terminal_continuation_alloc(screen.handle, ffi.NULL, pointer, length):
        return b""
    return take(pointer, length)
