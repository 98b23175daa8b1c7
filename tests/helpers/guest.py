"""A real machine as tests look at it: through its supervisor, its console and its processes."""

from __future__ import annotations

import asyncio
import codecs
import os
import re
import signal
import time
from collections.abc import Callable

import psutil

from desktop.client.console import ConsoleConnection
from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.machine import MachineStatus, State

DEADLINE_S = 240.0  # a slow computer with other work takes long; no test waits so long for what comes


class Guest:
    """One machine, whatever state it is in."""

    def __init__(self, client: SupervisorClient) -> None:
        self.client = client
        self.files = client.files

    async def status(self) -> MachineStatus:
        return await self.client.status(samples=True)

    async def supervisor_pid(self) -> int:
        return (await self.status()).supervisor.pid or 0

    async def qemu_pid(self) -> int:
        return (await self.status()).hypervisor.pid or 0

    async def kill_supervisor(self) -> None:
        """kill -9, and gone."""
        await end_process(await self.supervisor_pid(), signal.SIGKILL)

    async def until(self, state: State, deadline_s: float = DEADLINE_S) -> tuple[MachineStatus, float]:
        """The status once the machine is in `state`, and how long that took."""
        start = time.monotonic()
        async with asyncio.timeout(deadline_s):
            async for status in self.client.watch():
                if status.state is state:
                    return status, time.monotonic() - start
        raise AssertionError("the watch ended")

    async def type(self, line: str) -> None:
        """Types at the console, as a viewer that leaves once the guest has begun to echo."""
        await self._converse(ConsoleRequest(replay="none"), line, re.compile("."))

    async def console_until(self, pattern: str, deadline_s: float = DEADLINE_S) -> str:
        """What a viewer that attaches now sees, up to a match."""
        return await self._converse(ConsoleRequest(replay="vt", cols=120, rows=50), "", re.compile(pattern), deadline_s)

    async def shell(self, command: str) -> str:
        """Runs a command at the console's root shell and returns what it printed."""
        mark = f"{time.monotonic_ns():x}"
        line = f"echo begin-''{mark}; {command}; echo end-''{mark}"
        text = await self._converse(ConsoleRequest(replay="none", cols=120), line, re.compile(f"end-{mark}"))
        return text.rpartition(f"end-{mark}")[0].rpartition(f"begin-{mark}")[2]

    async def _converse(
        self, request: ConsoleRequest, line: str, pattern: re.Pattern[str], deadline_s: float = DEADLINE_S
    ) -> str:
        console = await self.client.console(request)
        try:
            async with asyncio.timeout(deadline_s):
                if line:
                    console.send(frames.TYPED, line.encode() + b"\n")
                return await _read_until(console, pattern)
        finally:
            await console.close()


async def _read_until(console: ConsoleConnection, pattern: re.Pattern[str]) -> str:
    text, decoder = "", codecs.getincrementaldecoder("utf-8")("replace")  # a frame may end within a letter
    async for kind, payload in console.frames():
        if kind in (frames.OUTPUT, frames.REPLAY) and payload:
            text += decoder.decode(payload)
            if pattern.search(text):
                return text
    raise AssertionError(f"the console ended before {pattern.pattern!r} was seen in {text[-2000:]!r}")


async def end_process(pid: int, number: signal.Signals, deadline_s: float = DEADLINE_S) -> None:
    os.kill(pid, number)
    await wait_for(lambda: not is_alive(pid), deadline_s)


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def wait_for(condition: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    async with asyncio.timeout(deadline_s):
        while not condition():
            await asyncio.sleep(0.02)
