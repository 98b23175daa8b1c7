"""What the supervisor wants to know of the host; psutil is loaded at the first question, not before."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import msgspec

from desktop.core.machine import HostUse, MachineStatus

if TYPE_CHECKING:
    from desktop.host.samples import Sampler


def start_time(pid: int) -> float | None:
    from desktop.host.processes import start_time as found

    return found(pid)


class Samples:
    """What hypervisor and supervisor use, since the last time somebody asked."""

    def __init__(self) -> None:
        self._sampler: Sampler | None = None

    async def take(self, status: MachineStatus) -> dict[str, Any]:
        """The changes to a status."""
        return await asyncio.to_thread(self._take, status)

    def _take(self, status: MachineStatus) -> dict[str, Any]:
        if self._sampler is None:
            from desktop.host.samples import Sampler

            self._sampler = Sampler()
        pid = status.hypervisor.pid
        own = self._sampler.sample(os.getpid())
        return {
            "host": self._sampler.sample(pid) if pid else HostUse(),
            "supervisor": msgspec.structs.replace(status.supervisor, rss_mib=own.rss_mib),
        }
