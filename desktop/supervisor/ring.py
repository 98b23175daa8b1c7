"""The last bytes of the console, as they came."""

from __future__ import annotations

LIMIT_BYTES = 1 << 20


class Ring:
    """Keeps at most `limit_bytes`; what is older is let go of, half a ring at a time."""

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
        """All of it, from the first whole line on where the beginning is gone."""
        start = self._bytes.find(b"\n") + 1 if self._is_cut else 0
        return bytes(self._bytes[start:])
