"""The last bytes of the console, as they came."""

from __future__ import annotations

LIMIT_BYTES = 1 << 20

_CANCEL = b"\x18"  # ends a sequence that a terminal believes to be in


class Ring:
    """Keeps at most `limit_bytes`, and never less than half of it; what is older is let go of."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._bytes = bytearray()
        self._is_cut = False

    def add(self, data: bytes) -> None:
        self._bytes += data
        if len(self._bytes) > self._limit_bytes:
            del self._bytes[: len(self._bytes) - self._limit_bytes // 2]
            self._is_cut = True

    def clear(self) -> None:
        self._bytes.clear()
        self._is_cut = False

    def since_safe_start(self) -> bytes:
        """All of it; where the beginning is gone, from the first whole line or sequence on."""
        if not self._is_cut:
            return bytes(self._bytes)
        return _CANCEL + bytes(self._bytes[safe_start(self._bytes) :])


def safe_start(data: bytes | bytearray) -> int:
    """Where to begin in bytes that were cut anywhere: behind a line's end, else at an escape, else at once."""
    if (line := data.find(b"\n")) >= 0:
        return line + 1
    return max(data.find(b"\x1b"), 0)
