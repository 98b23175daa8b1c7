"""Takes out of a raw replay what a terminal would answer or what would wreck the terminal of a user.

When a console's past is sent raw to a foreign terminal, its queries were answered long ago: answered again, the
answers would be typed into the guest. Resets, clipboard and window operations of the past are nobody's wish either.
"""

from __future__ import annotations

import re

MAX_HELD_BYTES = 64 * 1024
"""A string sequence longer than this is let go of: it is dropped up to its end, not kept."""

_QUERY_CSI = re.compile(
    rb"""\x1b\[ (?:
        [?>=]? [\d;:]* [cn]              # device attributes (DA1-3), status and position reports (DSR, CPR)
      | \?? [\d;]* \$p                   # is a mode set (DECRQM)
      | [>=]? [\d;]* q                   # the terminal's name (XTVERSION), not the cursor's shape, which has a blank
      | \? [\d;]* u                      # keyboard flags
      | [\d;]* (?: t | x | \$w | [*]y | &u | ["]p | !p | \#S )   # window operations, reports, resets
      | \? [\d;]* S                      # graphics limits
    )""",
    re.VERBOSE,
)
_UNWANTED_ESCAPES = frozenset((b"\x1bc", b"\x1bZ"))  # RIS; DECID, an old query

_GROUND, _ESCAPE, _CSI, _STRING, _STRING_ESCAPE = range(5)
# Text and sequences whose last byte no query has: nearly all of any stream, taken in one step.
_PLAIN = re.compile(rb"(?:[^\x1b\x05]+|\x1b\[[0-?]*[@-RT-bd-morsvz{|}~])+")
_STRING_END = re.compile(rb"[\x07\x18\x1a\x1b]")
_STRING_STARTS = b"]PX^_"


class QueryFilter:
    """Filters a stream that arrives in pieces; a sequence cut by a piece's end is held until its rest has come."""

    def __init__(self) -> None:
        self._state = _GROUND
        self._held = bytearray()
        self._is_dropping = False

    def feed(self, data: bytes) -> bytes:
        """Return what may be shown of `data`, with what was held before."""
        out = bytearray()
        at = 0
        while at < len(data):
            if self._state == _GROUND:
                at = self._ground(data, at, out)
            elif self._state == _STRING:
                at = self._string(data, at, out)
            else:
                self._step(data[at], out)
                at += 1
        return bytes(out)

    def _ground(self, data: bytes, at: int, out: bytearray) -> int:
        if plain := _PLAIN.match(data, at):
            out += plain[0]
            return plain.end()
        if data[at] == 0x1B:  # ENQ, the other one, is dropped
            self._start_escape()
        return at + 1

    def _start_escape(self) -> None:
        self._held = bytearray(b"\x1b")
        self._is_dropping = False
        self._state = _ESCAPE

    def _string(self, data: bytes, at: int, out: bytearray) -> int:
        found = _STRING_END.search(data, at)
        end = found.start() if found else len(data)
        self._hold(data[at:end])
        if found is None:
            return end
        byte = data[end]
        if byte == 0x1B:
            self._state = _STRING_ESCAPE
        elif byte == 0x07 and self._held[1:2] != b"]":
            self._hold(b"\x07")  # a bell ends an OSC only
        else:
            self._hold(data[end : end + 1])
            self._finish(out, byte == 0x07)
        return end + 1

    def _step(self, byte: int, out: bytearray) -> None:
        if self._state == _STRING_ESCAPE:
            if byte == 0x5C:
                self._hold(b"\x1b\\")
                self._finish(out, True)
            else:  # an escape breaks the string off and begins something new
                self._start_escape()
                self._step(byte, out)
        elif byte in (0x18, 0x1A):
            self._state = _GROUND
        elif byte == 0x1B:
            self._start_escape()
        elif byte >= 0x80:  # breaks it off, and as a C1 control it may ask too
            self._state = _GROUND
        elif byte == 0x7F:
            pass  # as terminals do
        elif byte < 0x20:
            if byte != 0x05:
                out.append(byte)  # obeyed in the midst of a sequence, as terminals do
        elif self._state == _ESCAPE:
            self._escape(byte, out)
        else:
            self._hold(bytes((byte,)))
            if 0x40 <= byte <= 0x7E:
                self._finish(out, _QUERY_CSI.fullmatch(self._held) is None)

    def _escape(self, byte: int, out: bytearray) -> None:
        self._held.append(byte)
        if byte == 0x5B:
            self._state = _CSI
        elif len(self._held) == 2 and byte in _STRING_STARTS:
            self._state = _STRING
        elif not 0x20 <= byte <= 0x2F:
            self._finish(out, bytes(self._held) not in _UNWANTED_ESCAPES)

    def _hold(self, data: bytes) -> None:
        if len(self._held) + len(data) > MAX_HELD_BYTES:
            self._is_dropping = True
        else:
            self._held += data

    def _finish(self, out: bytearray, is_wanted: bool) -> None:
        held = bytes(self._held)
        if is_wanted and not self._is_dropping and (held[1:2] not in b"]PX^_" or _is_harmless_string(held)):
            out += held
        self._held.clear()
        self._state = _GROUND


def _is_harmless_string(sequence: bytes) -> bool:
    """Titles, hyperlinks and colours that are set. What asks, copies, notifies or draws pictures is not."""
    if sequence[1:2] != b"]":
        return False
    number, _, rest = sequence[2:].partition(b";")
    if number in (b"0", b"1", b"2", b"8"):
        return True
    return number in (b"4", b"10", b"11", b"12") and b"?" not in rest


def strip_queries(data: bytes) -> bytes:
    """Filter a whole replay; an unfinished sequence at its end is left out."""
    return QueryFilter().feed(data)
