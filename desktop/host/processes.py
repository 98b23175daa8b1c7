"""Which process it is: a pid means nothing without the time at which it was started."""

from __future__ import annotations

import psutil


def start_time(pid: int) -> float | None:
    """Seconds since 1970, or None where there is no such process."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return None
