"""Keeps two stores equal to what one connected engine has: a full list first, then by its events."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from desktop.core.engine import Container, Image
from desktop.core.store import Store
from desktop.engine.client import EngineClient
from desktop.engine.convert import Event
from desktop.engine.feed import Feed

PACE_S = 0.1
"""Least time from one refresh to the next; the first after a quiet time comes at once."""
IDS_PER_CALL = 100
FULL_LIST_ABOVE = 300
BURST_EVENTS = 100
"""So many in one batch are a burst, and an engine drops events of a burst without a word."""
QUIET_S = 2.0


class Mirror:
    """What happens is told by events, how it stands now is asked for: one call for all that changed.

    An event marks its container; the marked ones are read again together. So a thousand events a second
    cost ten calls, and what an event says is never guessed at.
    """

    def __init__(
        self,
        client: EngineClient,
        containers: Store[Container],
        images: Store[Image],
        busy: dict[str, str],
    ) -> None:
        self._client = client
        self._containers = containers
        self._images = images
        self._busy = busy
        self._changed: set[str] = set()
        self._gone: set[str] = set()
        self._images_changed = False
        self._all_changed = False
        self._closed = False
        self._one_reader = asyncio.Lock()  # an answer never overtakes a later one

    def close(self) -> None:
        """An answer that comes later changes nothing any more."""
        self._closed = True

    async def read_all(self) -> None:
        await self.read_images()
        async with self._one_reader:
            await self._read_all_containers()

    async def follow(self, feed: Feed) -> None:
        """Goes on until the feed ends, which it raises."""
        burst = False
        while True:
            try:
                async with asyncio.timeout(QUIET_S if burst else None):
                    batch = await feed.take()
            except TimeoutError:
                burst, self._all_changed = False, True
            else:
                burst = burst or len(batch) >= BURST_EVENTS
                self._note(batch)
                if feed.overflowed:
                    feed.overflowed, burst = False, True
            started = time.monotonic()
            await self._catch_up()
            await asyncio.sleep(max(PACE_S, time.monotonic() - started))

    async def refresh(self, ids: Collection[str]) -> None:
        """Reads some containers again; those that the engine does not have any more go."""
        async with self._one_reader:
            found = await self._client.containers(ids)
            self._take(found, set(ids).difference(record.id for record in found))

    async def read_images(self) -> None:
        async with self._one_reader:
            found = await self._client.images()
            if not self._closed:
                uses = self._uses()
                self._images.replace(
                    replace(record, containers=uses[record.id], busy=self._busy.get(record.id, ""))
                    for record in found
                )

    def show_busy(self, id: str) -> None:
        """Puts what is under way with a container or an image into its row."""
        busy = self._busy.get(id, "")
        if (container := self._containers.get(id)) is not None:
            self._containers.apply([replace(container, busy=busy)])
        if (image := self._images.get(id)) is not None:
            self._images.apply([replace(image, busy=busy)])

    def _note(self, batch: Iterable[Event]) -> None:
        for kind, action, id in batch:
            if kind == "image":
                self._images_changed = True
            elif kind == "container":
                (self._gone if action == "destroy" else self._changed).add(id)
                self._images_changed = self._images_changed or action == "commit"

    async def _catch_up(self) -> None:
        async with self._one_reader:
            gone, self._gone = self._gone, set()
            changed, self._changed = self._changed - gone, set()
            if self._all_changed or len(changed) > max(FULL_LIST_ABOVE, len(self._containers) // 4):
                self._all_changed, self._images_changed = False, True
                await self._read_all_containers()
            elif changed or gone:
                found = await self._read_some(list(changed))
                self._take(found, gone | changed.difference(record.id for record in found))
        if self._images_changed:
            self._images_changed = False
            await self.read_images()

    async def _read_some(self, ids: list[str]) -> list[Container]:
        found: list[Container] = []
        for start in range(0, len(ids), IDS_PER_CALL):
            found += await self._client.containers(ids[start : start + IDS_PER_CALL])
        return found

    async def _read_all_containers(self) -> None:
        found = await self._client.containers()
        kept = {record.id for record in found}
        self._take(found, {record.id for record in self._containers if record.id not in kept})

    def _take(self, found: list[Container], gone: Collection[str]) -> None:
        if self._closed:
            return
        users_changed = bool(gone) or any(self._containers.get(record.id) is None for record in found)
        self._containers.apply([self._completed(record) for record in found], gone)
        if users_changed:
            uses = self._uses()
            self._images.apply(replace(image, containers=uses[image.id]) for image in list(self._images))

    def _completed(self, fact: Container) -> Container:
        """The engine's fact with what else the row shows: what is under way, and the last measure."""
        busy = self._busy.get(fact.id, "")
        old = self._containers.get(fact.id)
        if old is None or not fact.running or old.memory_bytes is None:
            return replace(fact, busy=busy) if busy else fact
        return replace(fact, busy=busy, cpu_percent=old.cpu_percent, memory_bytes=old.memory_bytes)

    def _uses(self) -> Counter[str]:
        return Counter(container.image_id for container in self._containers)
