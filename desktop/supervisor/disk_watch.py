"""A guest that ran out of room on the host: it is paused, told about, and goes on when there is room."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.paths import MachineFiles
from desktop.machine import disk
from desktop.machine.driver import Vm
from desktop.machine.qmp import Event

from .publisher import Publisher

LOOK_S = 3.0
TOPIC = "disk"
REFUSED = (
    "The machine is paused: its disk gets no more room on this computer, though some is free. Look for a quota; it is"
    " tried again now and then."
)


class DiskWatch:
    """Follows one VM. While all is well it does nothing at all.

    `on_pause` is told when the guest stands still for a lack of room, and when it goes on.
    """

    def __init__(
        self, files: MachineFiles, vm: Vm, publisher: Publisher, on_pause: Callable[[bool], None]
    ) -> None:
        self._files = files
        self._vm = vm
        self._publisher = publisher
        self._on_pause = on_pause
        self._waiting: asyncio.Task[None] | None = None
        self._is_free = asyncio.Event()
        self._is_free.set()
        self._went_on_s = -LOOK_S
        self._disconnect = vm.event.connect(self._on_event)

    async def look(self) -> None:
        """Takes note of a VM that was found paused."""
        with contextlib.suppress(MoorageError):  # it has just ended, and others see to that
            status = await self._vm.monitor.execute("query-status")
            if status["status"] == "io-error":
                self._wait_for_room()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """In here the guest is not let go on: its devices are being saved."""
        self._is_free.clear()
        try:
            yield
        finally:
            self._is_free.set()

    def close(self) -> None:
        self._disconnect()
        if self._waiting is not None:
            self._waiting.cancel()
        self._publisher.warn(TOPIC, "")

    def _on_event(self, event: Event) -> None:
        if event.name != "BLOCK_IO_ERROR":
            return
        if event.data.get("nospace"):
            self._wait_for_room()
        else:
            reason = event.data.get("reason", "an input/output error")
            self._publisher.warn(
                TOPIC,
                f"The machine is paused: its disk {self._files.disk} reports: {reason}. Check the disk of this"
                " computer, then kill the machine and start it again.",
            )

    def _wait_for_room(self) -> None:
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.create_task(self._go_on_with_room(), name="wait for room")

    async def _go_on_with_room(self) -> None:
        self._on_pause(True)
        if time.monotonic() < self._went_on_s + LOOK_S:  # what is free is not for us: it stopped at once again
            self._publisher.warn(TOPIC, REFUSED)
            await asyncio.sleep(LOOK_S)
        while (free_mib := await asyncio.to_thread(_free_mib, self._files.disk)) < disk.RESUME_MIB:
            self._publisher.warn(
                TOPIC,
                f"The machine is paused: the disk of this computer is full ({free_mib} MiB free). It goes on by"
                f" itself when {disk.RESUME_MIB} MiB are free.",
            )
            await asyncio.sleep(LOOK_S)
        await self._is_free.wait()
        with contextlib.suppress(MoorageError):
            await self._vm.monitor.execute("cont")
        self._went_on_s = time.monotonic()
        self._on_pause(False)
        self._publisher.warn(TOPIC, "")


def _free_mib(path: Path) -> int:
    """None that is known of where the disk does not say, as one whose server is away for a moment."""
    try:
        return disk.free_mib(path)
    except OSError:
        return 0
