"""The docker context `moorage`, written when the VM starts; which context is current stays as it is."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.machine import MachineStatus, State
from desktop.engine.context import DockerContexts

from .publisher import Publisher

log = logging.getLogger("desktop.supervisor")


class ContextWriter:
    """Writes it in a thread each time a start begins; a failure is a warning and stops nothing."""

    def __init__(self, socket: Path, publisher: Publisher) -> None:
        self._socket = socket
        self._publisher = publisher
        self._writing: asyncio.Task[None] | None = None
        self._state = publisher.state
        self._disconnect = publisher.changed.connect(self._on_status)

    async def close(self) -> None:
        self._disconnect()
        if self._writing is not None:
            await self._writing

    def _on_status(self, status: MachineStatus) -> None:
        begins = status.state is State.STARTING and self._state is not State.STARTING
        self._state = status.state
        if begins and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write(), name="docker context")

    async def _write(self) -> None:
        problem = ""
        try:
            await asyncio.to_thread(DockerContexts().write, self._socket)
        except (MoorageError, OSError) as error:
            problem = f"The docker context could not be written: {error}"
            log.warning("%s", problem)
        self._publisher.warn("context", problem)
