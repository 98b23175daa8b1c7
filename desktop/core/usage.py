"""What one container uses at a moment, and the processes that run in it."""

from __future__ import annotations

import msgspec


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """None where the engine does not tell, or where it takes two measurements and there is one."""

    at_s: float  # by this computer's monotonic clock
    cpu_percent: float | None = None  # of one core
    memory_bytes: int | None = None
    memory_limit_bytes: int | None = None
    received_s: float | None = None  # bytes per second, as all that follow
    sent_s: float | None = None
    read_s: float | None = None
    written_s: float | None = None


class Processes(msgspec.Struct, frozen=True):
    titles: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
