"""The ports that an engine's containers and services have published, followed by its events.

A container that starts is asked about as soon as it has joined its network: the engine answers when it has started,
at about the time at which who started it hears so.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from urllib.parse import quote

import msgspec

from desktop.core.engine import Port
from desktop.core.errors import EngineError, MoorageError

from . import port_records as records
from .question import Connect, NotThere, ask, begin

LIST_DEADLINE_S = 20.0
START_DEADLINE_S = 120.0  # while a container starts, the engine tells nothing of it
LINE_LIMIT = 1 << 20
MOST_ASKED = 2000
"""Containers that are asked about at once: no engine starts so many, and a guest that says so is not believed."""
SERVICES = "services"  # what is asked about where a service's ports may have changed

_TYPES = ["container", "network", "service"]
_ACTIONS = ["connect", "disconnect", "die", "destroy", "create", "update", "remove"]
EVENTS = "/events?filters=" + quote(json.dumps({"type": _TYPES, "event": _ACTIONS}))


class Owner(msgspec.Struct, frozen=True):
    """A container or service, and what it has published."""

    name: str
    ports: frozenset[Port]


class Published:
    """What is published now. `on_change` is called each time that has changed."""

    def __init__(self, connect: Connect, on_change: Callable[[], None]) -> None:
        self.owners: dict[str, Owner] = {}
        self._connect = connect
        self._on_change = on_change
        self._break_off: Callable[[], None] = lambda: None
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    async def follow(self) -> None:
        """From a full list on, until the engine breaks off. What was known then stays, until the next list."""
        try:
            async with asyncio.timeout(LIST_DEADLINE_S):
                reader, writer = await begin(self._connect, EVENTS)
        except OSError as error:  # a TimeoutError among them
            raise EngineError("The engine cannot be reached", str(error)) from error
        self._break_off = writer.close
        try:
            await self._list()
            while line := await reader.readline():
                self._take(line)
        except (OSError, ValueError) as error:
            raise EngineError("The engine cannot be reached", str(error)) from error
        finally:
            writer.close()
            for task in list(self._asking.values()):
                task.cancel()
            await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _list(self) -> None:
        containers = records.containers(await ask(self._connect, "/containers/json", LIST_DEADLINE_S))
        owners = {found.id: Owner(found.name, found.published()) for found in containers}
        services = await self._services()
        self.owners = {id: owner for id, owner in owners.items() if owner.ports} | services
        self._on_change()  # also the first time, when nothing is published: something may have been, before us

    async def _services(self) -> dict[str, Owner]:
        try:
            services = records.services(await ask(self._connect, "/services", LIST_DEADLINE_S))
        except NotThere:  # no swarm
            return {}
        return {f"{SERVICES}/{found.id}": Owner(found.spec.name, found.published()) for found in services}

    def _take(self, line: bytes) -> None:
        event = records.event(line)
        if event.kind == "service":
            self._ask(SERVICES)
        elif event.kind == "network":
            if container := event.actor.attributes.get("container"):
                self._ask(container)
        elif event.action in ("die", "destroy"):
            if event.actor.id in self._asking:
                self._ask(event.actor.id)
            else:
                self._put_one(event.actor.id, None)
            if any(id.startswith(SERVICES) for id in self.owners):
                self._ask(SERVICES)  # who leaves a swarm is not told that its services are gone

    def _ask(self, subject: str) -> None:
        """Each is asked about once at a time, and once more where something happened meanwhile."""
        if subject in self._asking:
            self._again.add(subject)
        elif len(self._asking) >= MOST_ASKED:
            self._break_off()
        else:
            self._asking[subject] = asyncio.create_task(self._look(subject), name="published ports")

    async def _look(self, subject: str) -> None:
        try:
            while True:
                self._again.discard(subject)
                if subject == SERVICES:
                    services = await self._services()
                    others = {id: owner for id, owner in self.owners.items() if not id.startswith(SERVICES)}
                    self._put(others | services)
                else:
                    self._put_one(subject, await self._inspect(subject))
                if subject not in self._again:
                    return
        except MoorageError:
            self._break_off()  # a full list is better than a gap
        finally:
            del self._asking[subject]

    async def _inspect(self, id: str) -> Owner | None:
        try:
            found = records.details(await ask(self._connect, f"/containers/{id}/json", START_DEADLINE_S))
        except NotThere:
            return None
        ports = found.published()
        return Owner(found.name.removeprefix("/"), ports) if ports else None

    def _put_one(self, id: str, owner: Owner | None) -> None:
        if owner is None:
            self._put({known: other for known, other in self.owners.items() if known != id})
        else:
            self._put({**self.owners, id: owner})

    def _put(self, owners: dict[str, Owner]) -> None:
        if owners != self.owners:
            self.owners = owners
            self._on_change()
