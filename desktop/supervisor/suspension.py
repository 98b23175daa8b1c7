"""A machine that is suspended: its memory, still here or settled on disk, and the way back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.paths import MachineFiles
from desktop.core.together import together
from desktop.machine import ram, saved
from desktop.machine.record import VmRecord
from desktop.machine.threads import finish, stoppable

log = logging.getLogger("desktop.supervisor")

FILLERS = min(4, os.cpu_count() or 1)  # threads that bring memory back: its checksums take longest

SAVED = "suspended"  # the topic of warnings about a saved state
RETRY_FIRST_S, RETRY_LAST_S = 5.0, 60.0
IN_MEMORY = "The suspended machine is in memory only, and would be lost with this computer's power"


class Suspension:
    """Made with the memory while that is held; without it, all is on disk.

    `on_trouble` is told why the memory could not be written, and with no words that it is over.
    """

    def __init__(
        self,
        files: MachineFiles,
        vm: VmRecord,
        memory: int | None = None,
        on_trouble: Callable[[str], None] = lambda words: None,
    ) -> None:
        self.vm = vm
        self.is_spent = False  # a hypervisor has it, or nobody any more
        self._files = files
        self._memory = memory
        self._settling: asyncio.Task[None] | None = None
        self._on_trouble = on_trouble
        self._tried = asyncio.Event()  # a try has failed
        self._hurry = asyncio.Event()

    def settle(self) -> None:
        """Writes the memory to disk, in the background, and lets go of it; again and again until it succeeds.

        Does nothing where that goes on already, or there is none.
        """
        if self._memory is not None and (self._settling is None or self._settling.done()):
            self._tried.clear()
            self._settling = asyncio.create_task(self._settle(), name="settling")

    async def settled(self) -> bool:
        """Waits for a try, the first or the next where one has failed; whether all is on disk."""
        self.settle()
        if self._settling is not None and not self._settling.done():
            self._tried.clear()
            self._hurry.set()
            trying = asyncio.create_task(self._tried.wait())
            await asyncio.wait({self._settling, trying}, return_when=asyncio.FIRST_COMPLETED)
            trying.cancel()
        return self._memory is None

    async def take(self) -> tuple[int, Path]:
        """The memory's descriptor, which is the caller's now, and the file of the devices."""
        await self._stop_settling()
        memory, self._memory = self._memory, None
        if memory is None:
            memory = await self._from_disk()
        return memory, saved.state_of(self._files)

    def put_back(self, memory: int) -> None:
        """What was taken has not been used, and may settle again, unless it was spent meanwhile."""
        if not self._files.suspended.exists() and saved.state_of(self._files).exists():
            self._memory = memory
            return
        os.close(memory)
        self.is_spent = not self._files.suspended.exists()

    async def set_aside(self) -> Path | None:
        """Keeps it where nothing can be resumed from it; None where it could not be kept."""
        try:
            await self._stop_settling()
            if self._memory is not None and not self._files.suspended.exists():
                await self._write(self._memory)
            return await finish(saved.set_aside, self._files)
        except (OSError, MoorageError) as error:
            log.warning("a saved state could not be kept: %s", error)
            return None
        finally:
            self._let_go()

    async def leave(self) -> None:
        """Tries once more to have all on disk; what is not is lost."""
        await self.settled()
        await self._stop_settling()

    async def drop(self) -> None:
        """Nothing of it is left."""
        await self._stop_settling()
        self._let_go()
        await finish(saved.discard, self._files)

    async def _settle(self) -> None:
        assert self._memory is not None
        pause_s = RETRY_FIRST_S
        while True:
            self._hurry.clear()
            try:
                await self._write(self._memory)
            except (OSError, MoorageError) as error:
                self._on_trouble(f"{IN_MEMORY}. It is tried again. {error}")
            else:
                self._on_trouble("")
                self._let_go()
                return
            self._tried.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), pause_s)
            pause_s = min(2 * pause_s, RETRY_LAST_S)

    async def _write(self, memory: int) -> None:
        await stoppable(partial(saved.settle, self._files, memory, self.vm))

    async def _from_disk(self) -> int:
        record = await finish(saved.read, self._files)
        memory = ram.create(record.vm.memory_mib)
        try:
            shares = (record.extents[first::FILLERS] for first in range(FILLERS))
            await together(*(stoppable(partial(saved.fill, self._files, memory, share)) for share in shares))
        except BaseException:
            os.close(memory)
            raise
        return memory

    async def _stop_settling(self) -> None:
        """Returns when no thread reads the memory any more, and nothing is said of it either; cancelled, too."""
        if self._settling is not None and not self._settling.done():
            self._settling.cancel()
            try:
                await asyncio.wait({self._settling})
            except asyncio.CancelledError:
                await asyncio.wait({self._settling})
                raise
            finally:
                self._on_trouble("")

    def _let_go(self) -> None:
        if self._memory is not None:
            os.close(self._memory)
            self._memory = None
