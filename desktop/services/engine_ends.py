"""Why containers ended badly: whether for want of memory, and what they wrote last. Found out once for each end."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from desktop.core.engine import ON_PURPOSE, Container, End
from desktop.core.errors import EngineError
from desktop.core.store import Delta, Store
from desktop.engine.client import EngineClient

KILLED = 137
FIRST_MOST = 30
"""Of those that had ended before anybody listened, so many are asked about: the newest."""
DUE_MOST = 100
"""In a storm of ends not every one is looked into."""
PAUSE_S = 0.05


class Ends:
    def __init__(self, containers: Store[Container]) -> None:
        self._containers = containers
        self._starved: set[str] = set()  # the kernel killed something in them, and they were not started since
        self._known: dict[str, End] = {}
        self._died: set[str] = set()  # and their rows do not tell yet
        self._due: dict[str, bool] = {}  # whether the engine has to be asked about its memory
        self._wake = asyncio.Event()

    def heard(self, action: str, id: str) -> None:
        """An event of a container."""
        if action == "oom":
            self._starved.add(id)
        elif action == "die":
            self._known.pop(id, None)
            self._died.add(id)
        elif action in ("start", "destroy"):
            self._starved.discard(id)
            self._known.pop(id, None)
            if action == "destroy":
                self._died.discard(id)

    def end_of(self, fact: Container) -> End | None:
        """What is known of it; None where it has not ended, or as it was told to."""
        if fact.exit_code is None:
            return None
        starved = fact.id in self._starved and fact.exit_code == KILLED
        return self._known.get(fact.id) or (End(True) if starved else None)

    async def run(self, client: EngineClient) -> None:
        """Goes on for ever."""
        ended = [record for record in self._containers if record.exit_code not in (None, *ON_PURPOSE)]
        ended.sort(key=lambda record: -record.created_s)
        self._due = {record.id: True for record in ended[:FIRST_MOST]}
        disconnect = self._containers.changed.connect(self._on_changed)
        try:
            while True:
                while self._due:
                    id = next(iter(self._due))
                    try:
                        await self._find_out(client, id, self._due.pop(id))
                    except EngineError:
                        pass  # it has no log to read, or was removed; of a lost engine others tell
                    await asyncio.sleep(PAUSE_S)
                self._wake.clear()
                await self._wake.wait()
        finally:
            disconnect()

    def _on_changed(self, delta: Delta[Container]) -> None:
        for record in (*delta.added, *delta.updated) if self._died else ():
            if record.id in self._died and record.exit_code is not None:
                self._died.discard(record.id)
                if record.exit_code not in ON_PURPOSE and len(self._due) < DUE_MOST:
                    self._due[record.id] = False
                    self._wake.set()

    async def _find_out(self, client: EngineClient, id: str, asks: bool) -> None:
        record = self._containers.get(id)
        if record is None or record.exit_code in (None, *ON_PURPOSE):
            return
        starved = id in self._starved
        if record.exit_code == KILLED and not starved:
            starved = asks and await client.ran_out_of_memory(id)
            if not starved:
                return
        end = self._known[id] = End(starved)
        self._show(id, end)
        end = self._known[id] = End(starved, await client.last_lines(id))
        self._show(id, end)

    def _show(self, id: str, end: End) -> None:
        record = self._containers.get(id)
        if record is not None and record.exit_code is not None:
            self._containers.apply([replace(record, end=end)])
