"""Keeps two stores equal to what one connected engine has: a full list first, then by its events."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from desktop.core.engine import Container, Image
from desktop.core.shares import unshared
from desktop.core.store import Store
from desktop.engine.client import EngineClient
from desktop.engine.convert import Event
from desktop.engine.feed import Feed

from .engine_ends import Ends
from .engine_layers import Layers

PACE_S = 0.1
"""Least time from one refresh to the next; the first after a quiet time comes at once."""
IDS_PER_CALL = 100
FIRST_ROWS = 100
"""More than a window shows at once. Of a thousand containers an emulated engine takes seconds to tell."""
ROWS_AT_ONCE = 1000
FULL_LIST_ABOVE = 300
BURST_EVENTS = 100
"""So many in one batch are a burst, and an engine drops events of a burst without a word."""
QUIET_S = 2.0
LISTED_AFTER_S = 0.5
"""dockerd tells that a container joins or leaves a network before its list of containers has it."""


@dataclass
class _Unread:
    """What events have told of and the rows do not show yet."""

    changed: set[str]  # containers, as those that are gone
    gone: set[str] = field(default_factory=set)
    images: bool = False
    everything: bool = False


class Mirror:
    """What happens is told by events, how it stands now is asked for: one call for all that changed.

    An event marks its container; the marked ones are read again together. So a thousand events a second
    cost ten calls, and what an event says is never guessed at. `heard` gets the kind of what is kept elsewhere.
    """

    def __init__(
        self,
        client: EngineClient,
        containers: Store[Container],
        images: Store[Image],
        busy: dict[str, str],
        heard: Callable[[str], None],
        shares: Sequence[str],
        ends: Ends,
        layers: Layers,
    ) -> None:
        self._client = client
        self._containers = containers
        self._images = images
        self._busy = busy
        self._heard = heard
        self._shares = shares
        self._ends = ends
        self.layers = layers
        self._starts: Counter[str] = Counter()
        self._closed = False
        self._one_reader = asyncio.Lock()  # an answer never overtakes a later one

    def close(self) -> None:
        """An answer that comes later changes nothing any more."""
        self._closed = True

    async def read_first(self) -> bool:
        """The newest containers, where none are known yet; whether these are all."""
        async with self._one_reader:
            found, is_all = await self._client.newest_containers(FIRST_ROWS)
            await self._take(found, ())
        return is_all

    async def follow(self, feed: Feed[Event]) -> None:
        """Goes on until the feed ends, which it raises."""
        in_burst, late = False, set[str]()
        while True:
            batch = await _next(feed, QUIET_S if in_burst else LISTED_AFTER_S if late else None)
            unread = _Unread(changed=late, everything=in_burst and not batch)
            late = self._note(batch, unread)
            in_burst = (in_burst and bool(batch)) or len(batch) >= BURST_EVENTS or feed.overflowed
            feed.overflowed = False
            started = time.monotonic()
            await self._catch_up(unread)
            await asyncio.sleep(max(PACE_S, time.monotonic() - started))

    async def refresh(self, ids: Collection[str]) -> None:
        """Reads some containers again; those that the engine does not have any more go."""
        async with self._one_reader:
            found = await self._client.containers(ids)
            await self._take(found, set(ids).difference(record.id for record in found))

    async def read_images(self) -> None:
        async with self._one_reader:
            found = await self._client.images()
            if not self._closed:
                self.layers.note(found)
                uses = self._uses()
                self._images.replace(
                    replace(
                        image, containers=uses[image.id], busy=self._busy.get(image.id, ""),
                        shared_bytes=self.layers.shared_bytes(image.id),
                    )
                    for image in found
                )  # fmt: skip

    async def read_all(self) -> None:
        """What an engine dropped from its events without a word is seen by this too."""
        async with self._one_reader:
            await self._read_all_containers()
        await self.read_images()

    def show_busy(self, id: str) -> None:
        """Puts what is under way with a container or an image into its row."""
        busy = self._busy.get(id, "")
        if (container := self._containers.get(id)) is not None:
            self._containers.apply([replace(container, busy=busy)])
        if (image := self._images.get(id)) is not None:
            self._images.apply([replace(image, busy=busy)])

    def _note(self, batch: Iterable[Event], unread: _Unread) -> set[str]:
        """Those of which the engine's list may tell the news a moment later come back."""
        late = set()
        for kind, action, id, container in batch:
            if kind == "image":
                unread.images = True
            elif kind in ("volume", "network"):
                self._heard(kind)
                if container:
                    unread.changed.add(container)
                    late.add(container)
            elif kind == "container" and id:
                self._ends.heard(action, id)
                if action == "start":
                    self._starts[id] += 1
                elif action == "destroy":
                    del self._starts[id]
                (unread.gone if action == "destroy" else unread.changed).add(id)
                unread.images |= action == "commit"
        return late

    async def _catch_up(self, unread: _Unread) -> None:
        changed = unread.changed - unread.gone
        if unread.everything or len(changed) > max(FULL_LIST_ABOVE, len(self._containers) // 4):
            for kind in ("volume", "network"):
                self._heard(kind)
            await self.read_all()
            return
        if changed or unread.gone:
            async with self._one_reader:
                found = await self._read_some(list(changed))
                await self._take(found, unread.gone | changed.difference(record.id for record in found))
        if unread.images:
            await self.read_images()

    async def _read_some(self, ids: list[str]) -> list[Container]:
        found: list[Container] = []
        for start in range(0, len(ids), IDS_PER_CALL):
            found += await self._client.containers(ids[start : start + IDS_PER_CALL])
        return found

    async def _read_all_containers(self) -> None:
        found = await self._client.containers()
        kept = {record.id for record in found}
        await self._take(found, {record.id for record in self._containers if record.id not in kept})

    async def _take(self, found: list[Container], gone: Collection[str]) -> None:
        """Into the rows, a thousand at a time: between them the window has its turn."""
        users_changed = bool(gone) or any(self._containers.get(record.id) is None for record in found)
        for start in range(0, max(1, len(found)), ROWS_AT_ONCE):
            if self._closed:
                return
            some = found[start : start + ROWS_AT_ONCE]
            self._containers.apply([self._completed(record) for record in some], gone if not start else ())
            if len(some) == ROWS_AT_ONCE:
                await asyncio.sleep(0)
        if users_changed:
            uses = self._uses()
            self._images.apply(replace(image, containers=uses[image.id]) for image in list(self._images))

    def _completed(self, fact: Container) -> Container:
        """The engine's fact with what else the row shows: what is under way, the last measure, what is not shared."""
        if fact.binds:
            fact = replace(fact, unshared=unshared(fact.binds, self._shares))
        if (end := self._ends.end_of(fact)) is not None:
            fact = replace(fact, end=end)
        if starts := self._starts[fact.id]:
            fact = replace(fact, starts=starts)
        busy = self._busy.get(fact.id, "")
        old = self._containers.get(fact.id)
        if old is None or not fact.running or old.memory_bytes is None:
            return replace(fact, busy=busy) if busy else fact
        return replace(fact, busy=busy, cpu_percent=old.cpu_percent, memory_bytes=old.memory_bytes)

    def _uses(self) -> Counter[str]:
        return Counter(container.image_id for container in self._containers)


async def _next(feed: Feed[Event], deadline_s: float | None) -> list[Event]:
    """The next batch; empty where nothing comes in time."""
    try:
        async with asyncio.timeout(deadline_s):
            return await feed.take()
    except TimeoutError:
        return []
