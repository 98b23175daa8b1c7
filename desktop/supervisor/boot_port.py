"""The guest's boot port: each step as the guest names it, with the time since power-on."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from pathlib import Path

from desktop.core.machine import BootStep
from desktop.core.signal import Signal
from desktop.core.text import visible

FAILED = "failed"
LINE_LIMIT = 4096
NAME_CHARS = 300
AT_ONCE, PACE_S = 200, 0.1  # of these, and what more comes: a guest could name steps without end


class BootPort:
    """Reads the steps of one VM. `step` carries each; the guest keeps back what nobody has read yet."""

    def __init__(self, booted_at_s: float) -> None:
        self.step: Signal[BootStep] = Signal()
        self._booted_at_s = booted_at_s
        self._kernel_start_s: float | None = None  # firmware and QEMU itself come before the guest's clock

    async def follow(self, socket: Path) -> None:
        """Reads until the VM is gone."""
        with contextlib.suppress(OSError):  # QEMU is gone
            reader, writer = await asyncio.open_unix_connection(socket, limit=LINE_LIMIT)
            with contextlib.closing(writer):
                taken = 0
                while line := await self._line(reader):
                    step = self._parse(line)
                    if step is not None:
                        self.step.emit(step)
                        taken += 1
                    if taken > AT_ONCE:
                        await asyncio.sleep(PACE_S)

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readline()
        except ValueError:
            return b"\n"  # longer than any step: it was dropped

    def _parse(self, line: bytes) -> BootStep | None:
        uptime, _, name = line.decode(errors="replace").strip().partition(" ")
        try:
            uptime_s = float(uptime)
        except ValueError:
            return None
        if not math.isfinite(uptime_s):  # which no JSON can say
            return None
        if self._kernel_start_s is None:
            self._kernel_start_s = max(0.0, time.monotonic() - self._booted_at_s - uptime_s)
        return BootStep(visible(name, NAME_CHARS), round(uptime_s + self._kernel_start_s, 2))
