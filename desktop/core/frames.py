"""Frames on a byte stream: one type byte, a big-endian length of four bytes, the payload.

Two links speak it. The console connection between a viewer and the supervisor uses the kinds below, after its
JSON handshake; the supervisor and its screen-keeping child use kinds of their own
(`desktop.terminal.keeper_frames`).

==============  ====  ========================================================================================
to the viewer   `O`   output of the guest, as it came
..              `S`   a screen snapshot of libghostty-vt; replaces what the viewer shows
..              `V`   escape sequences that rebuild the screen; clear first, answer no query in them
..              `I`   JSON {"viewers": n, "cols": c, "rows": r, "read_only": bool}
..              `N`   a notice in words, UTF-8
to supervisor   `D`   bytes that the user typed
..              `R`   bytes that the viewer's terminal answers to a query of the guest
..              `W`   JSON {"cols": c, "rows": r}: what this viewer has room for
..              `B`   a break on the line, as C-a b of GNU screen sends it; it has no payload
..              `L`   `1` while this viewer is looked at, `0` while it is hidden; one that never says is looked at
==============  ====  ========================================================================================
"""

from __future__ import annotations

from desktop.core.errors import MoorageError

OUTPUT = b"O"
SNAPSHOT = b"S"
REPLAY = b"V"
INFO = b"I"
NOTICE = b"N"

TYPED = b"D"
REPLY = b"R"
WINDOW = b"W"
LOOKED_AT = b"L"
BREAK = b"B"

HEADER_BYTES = 5
MAX_PAYLOAD_BYTES = 256 << 20
"""A snapshot of 100,000 coloured lines is 88 MB; what is larger than this is no frame but garbage."""


class FrameError(MoorageError):
    """The peer sent something that is no frame."""


def encode(kind: bytes, payload: bytes | bytearray | memoryview = b"") -> bytes:
    """Return one frame, ready to be written."""
    if len(kind) != 1:
        raise ValueError(f"a frame's kind is one byte, not {kind!r}")
    return b"".join((kind, len(payload).to_bytes(4, "big"), payload))


class Decoder:
    """Cuts a stream that arrives in pieces of any size into frames."""

    def __init__(self, max_payload_bytes: int = MAX_PAYLOAD_BYTES) -> None:
        self._buffer = bytearray()
        self._max_payload_bytes = max_payload_bytes

    def feed(self, data: bytes | bytearray | memoryview) -> list[tuple[bytes, bytes]]:
        """Take `data` in and return the (kind, payload) of every frame that is now complete."""
        self._buffer += data
        frames: list[tuple[bytes, bytes]] = []
        start = 0
        while (frame := self._frame_at(start)) is not None:
            start += HEADER_BYTES + len(frame[1])
            frames.append(frame)
        del self._buffer[:start]
        return frames

    def _frame_at(self, start: int) -> tuple[bytes, bytes] | None:
        body = start + HEADER_BYTES
        if len(self._buffer) < body:
            return None
        length = int.from_bytes(self._buffer[start + 1 : body], "big")
        if length > self._max_payload_bytes:
            raise FrameError(
                "The console connection is garbled",
                f"a frame of {length} bytes was announced",
                "Close the console and open it again.",
            )
        if len(self._buffer) < body + length:
            return None
        return bytes(self._buffer[start : start + 1]), bytes(self._buffer[body : body + length])
