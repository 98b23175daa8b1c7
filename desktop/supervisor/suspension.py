"""A machine that is suspended: its memory, still here or settled on disk, and the way back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from pathlib import Path

from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles
from desktop.machine import ram, saved
from desktop.machine.saved import SavedRecord

log = logging.getLogger("desktop.supervisor")


class _Stopped(Exception):
    pass


class Suspension:
    """Made with the memory while that is held; without it, all is on disk. Taken once."""

    def __init__(self, files: MachineFiles, record: SavedRecord, memory: int | None = None) -> None:
        self.record = record
        self._files = files
        self._memory = memory
        self._stop = threading.Event()
        self._settling: asyncio.Task[None] | None = None

    @property
    def is_settled(self) -> bool:
        return self._memory is None

    def settle(self) -> None:
        """Writes the memory to disk, in the background, and lets go of it."""
        self._settling = asyncio.create_task(self._settle(), name="settling")

    async def wait_settled(self) -> None:
        if self._settling is not None:
            await asyncio.wait({self._settling})

    async def take(self) -> tuple[int, Path]:
        """The memory's descriptor, whole, and the file of the devices. Nobody may take them a second time."""
        if self._settling is not None:
            self._stop.set()
            await asyncio.wait({self._settling})
        if self._memory is not None:
            memory, self._memory = self._memory, None
            folder = saved.settled(self._files)
            return memory, folder.state if folder.path.exists() else saved.unsettled(self._files).state
        record = await asyncio.to_thread(saved.read, self._files)
        if record is None:
            raise MachineError("The saved state is gone", f"{saved.settled(self._files).path} is missing")
        memory = ram.create(record.vm.memory_mib)
        try:
            folder = saved.settled(self._files)
            await asyncio.to_thread(ram.copy_in, folder.memory, memory, record.extents, lambda: None)
        except BaseException:
            os.close(memory)
            raise
        return memory, folder.state

    def close(self) -> None:
        """Lets go of the memory where it is still held: what has not settled is lost."""
        self._stop.set()
        self._let_go()

    async def _settle(self) -> None:
        assert self._memory is not None
        with contextlib.suppress(_Stopped):
            try:
                await asyncio.to_thread(saved.settle, self._files, self._memory, self.record, self._check)
            except OSError as error:
                log.error("the suspended machine stays in memory: %s", error)
                return
            if not self._stop.is_set():
                self._let_go()

    def _check(self) -> None:
        if self._stop.is_set():
            raise _Stopped

    def _let_go(self) -> None:
        if self._memory is not None:
            os.close(self._memory)
            self._memory = None
