"""What processes use: CPU between two looks, and memory."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psutil

from desktop.core.machine import HostUse

_MIB = 1 << 20
_SHORTEST_S = 0.05  # two looks closer together than this say nothing: the kernel counts in hundredths


@dataclass(frozen=True)
class _Look:
    process: psutil.Process
    at_s: float
    cpu_s: float
    percent: float


class Sampler:
    """Remembers its last look at each process. A pid that another process has by now is a new one."""

    def __init__(self) -> None:
        self._looks: dict[int, _Look] = {}

    def sample(self, pid: int) -> HostUse:
        """CPU percent of one core since the last look, or since the start at the first, and resident MiB."""
        try:
            look = self._look(pid)
            rss = look.process.memory_info().rss
        except psutil.Error:
            self._looks.pop(pid, None)
            return HostUse()
        self._looks[pid] = look
        return HostUse(cpu_percent=round(look.percent, 1), rss_mib=round(rss / _MIB, 1))

    def _look(self, pid: int) -> _Look:
        last = self._looks.get(pid)
        if last is None or not last.process.is_running():
            process = psutil.Process(pid)
            began_s, used_s = time.monotonic() - max(0.0, time.time() - process.create_time()), 0.0
        else:
            process, began_s, used_s = last.process, last.at_s, last.cpu_s
        at_s = time.monotonic()
        if last is not None and process is last.process and at_s - began_s < _SHORTEST_S:
            return last
        times = process.cpu_times()
        cpu_s = times.user + times.system
        return _Look(process, at_s, cpu_s, 100 * (cpu_s - used_s) / max(at_s - began_s, _SHORTEST_S))
