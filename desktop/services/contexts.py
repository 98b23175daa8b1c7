"""Whether the docker command goes to a machine, and changing it; files are read and written in threads."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from desktop.core.engine import SystemSocket
from desktop.engine.context import DecidedBy, DockerContexts, docker_command, system_socket


@dataclass(frozen=True)
class ContextFacts:
    """`leads_here`: the docker command goes to our engine, for whatever reason."""

    leads_here: bool
    name: str
    decided_by: DecidedBy
    command: Path | None
    system_socket: SystemSocket = SystemSocket.FREE


class ContextService:
    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._contexts = DockerContexts()

    async def look(self) -> ContextFacts:
        return await asyncio.to_thread(self._look)

    async def use(self, wished: bool) -> None:
        """Makes ours the current context, or gives the place back to the one that had it."""
        if wished:
            await asyncio.to_thread(self._contexts.use, self._socket)
        else:
            await asyncio.to_thread(self._contexts.stop_using)

    def _look(self) -> ContextFacts:
        current = self._contexts.current()
        return ContextFacts(
            leads_here=current.leads_to(self._socket),
            name=current.name,
            decided_by=current.decided_by,
            command=docker_command(),
            system_socket=system_socket(self._socket),
        )
