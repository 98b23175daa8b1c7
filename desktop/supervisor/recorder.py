"""Writes what the console prints to its log, a little later and in a thread: the disk may be slow."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from .console_log import ConsoleLog

log = logging.getLogger("desktop.supervisor")

GATHER_S = 0.05
QUIET_S = 0.2  # without output for so long, QEMU's spare copy is emptied
PENDING_BYTES = 8 << 20  # what a disk that has stopped may make us hold


class Recorder:
    """What is added is written in its order. A log that cannot be written stops nothing else."""

    def __init__(self, log: ConsoleLog) -> None:
        self._log = log
        self._pending = bytearray()
        self._writing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._is_failing = False

    def add(self, data: bytes) -> None:
        self._pending += data
        if len(self._pending) > PENDING_BYTES:
            del self._pending[: PENDING_BYTES // 2]
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="console log")

    async def flush(self) -> bool:
        """Returns when all of it is written, or False when it could not be. The spare copy is left as it is."""
        if self._writing is not None and not self._writing.done():
            self._hurry.set()
            try:
                await asyncio.wait({self._writing})
            finally:
                self._hurry.clear()
        return not self._is_failing

    async def _write(self) -> None:
        while self._pending:
            await self._pause(GATHER_S)
            data = bytes(self._pending)
            self._pending.clear()
            await self._in_thread(self._log.append, data)
            if not self._pending:
                await self._pause(QUIET_S)
            if not self._pending and not self._hurry.is_set():
                await self._in_thread(self._log.empty_spare)

    async def _pause(self, duration_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(duration_s):
                await self._hurry.wait()

    async def _in_thread(self, call: Callable[..., None], *arguments: bytes) -> None:
        try:
            await asyncio.to_thread(call, *arguments)
        except OSError as error:
            if not self._is_failing:
                log.warning("the console's log cannot be written: %s", error)
            self._is_failing = True
        else:
            self._is_failing = False
