"""Which process it is: a pid means nothing without the time at which it was started."""

from __future__ import annotations

import sys

import psutil


def start_time(pid: int) -> float | None:
    """When it was started, in seconds; None where there is no such process. Only good to be compared.

    On Linux since the boot: there psutil's own figure moves when the clock is set.
    """
    try:
        created_s = float(psutil.Process(pid).create_time())
        return round(created_s - psutil.boot_time(), 2) if sys.platform == "linux" else created_s
    except psutil.Error:
        return None
