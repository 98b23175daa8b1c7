"""Room on the disk: what could be freed, freeing it, and giving it back to the host."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.disk_use import Reclaimable
from desktop.core.errors import MoorageError

from .engine import EngineService
from .job_report import Report
from .jobs import Work
from .machine import MachineService


class DiskRoom:
    def __init__(self, engine: EngineService, machine: MachineService) -> None:
        self._engine, self._machine = engine, machine

    async def reclaimable(self) -> tuple[Reclaimable, ...]:
        """What each kind would give back; it costs the engine something."""
        return await self._engine.connected("What can be freed is not known").reclaimable()

    def prune(self, kinds: Sequence[str]) -> Work:
        """Frees them one after another, then trims the machine's disk."""

        async def work(report: Report) -> None:
            before_mib = (await self._machine.sample()).vm.disk_used_mib
            freed = 0
            for kind in kinds:
                report.say(step=kind)
                freed += await self._engine.connected("It could not be cleaned up").prune(kind)
                report.say(freed_bytes=freed)
            report.say(step="trim")
            try:
                after_mib = (await self._machine.trim()).vm.disk_used_mib
            except MoorageError as error:
                report.line(str(error))  # freed it is; the host gets it back at the next discard
            else:
                report.say(host_bytes=max(0, before_mib - after_mib) << 20)

        return work
