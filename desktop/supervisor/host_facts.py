"""What the supervisor wants to know of the host; psutil is loaded at the first question, not before."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import msgspec

from desktop.core.machine import HostUse, MachineStatus


def start_time(pid: int) -> float | None:
    from desktop.host.processes import start_time as found

    return found(pid)


async def sample(status: MachineStatus) -> dict[str, Any]:
    """The changes to a status that tell what hypervisor and supervisor use."""
    return await asyncio.to_thread(_sample, status)


def _sample(status: MachineStatus) -> dict[str, Any]:
    from desktop.host.samples import sample as look

    pid = status.hypervisor.pid
    own = look(os.getpid())
    return {
        "host": look(pid) if pid else HostUse(),
        "supervisor": msgspec.structs.replace(status.supervisor, rss_mib=own.rss_mib),
    }
