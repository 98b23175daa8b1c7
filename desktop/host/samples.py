"""What a process uses: CPU between two looks, and memory."""

from __future__ import annotations

import time

import psutil

from desktop.core.machine import HostUse

_MIB = 1 << 20
_known: dict[int, psutil.Process] = {}


def sample(pid: int) -> HostUse:
    """CPU percent of one core since the last look at this process (since its start, at the first), and MiB."""
    try:
        process = _known.get(pid)
        if process is None or not process.is_running():
            process = _known[pid] = psutil.Process(pid)
            cpu = _since_start(process)
            process.cpu_percent()  # from now on, since this look
        else:
            cpu = process.cpu_percent()
        return HostUse(cpu_percent=round(cpu, 1), rss_mib=round(process.memory_info().rss / _MIB, 1))
    except psutil.Error:
        _known.pop(pid, None)
        return HostUse()


def _since_start(process: psutil.Process) -> float:
    age_s = time.time() - process.create_time()
    times = process.cpu_times()
    return float(100 * (times.user + times.system) / age_s) if age_s > 1 else 0.0
