"""Keeps two stores equal to what one connected engine has: a full list first, then by its events."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec.structs import replace

from desktop.core.engine import Container, Image, ImageUse
from desktop.core.errors import EngineError
from desktop.core.shares import unshared
from desktop.core.signal import Signal
from desktop.core.store import Store
from desktop.engine.client import EngineClient
from desktop.engine.convert import Event
from desktop.engine.feed import Feed

from .engine_ends import Ends

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
MEASURE_PACE_S = 2.0
LISTED_AFTER_S = 0.5
"""dockerd tells that a container joins or leaves a network before its list of containers has it."""


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
        heard: Callable[[str], None] = lambda kind: None,
        shares: Sequence[str] = (),
        ends: Ends | None = None,
        images_seen: asyncio.Event | None = None,
    ) -> None:
        self._client = client
        self._containers = containers
        self._images = images
        self._busy = busy
        self._heard = heard
        self._shares = shares
        self._ends = ends or Ends(containers)
        self._changed: set[str] = set()
        self._late: set[str] = set()
        self._gone: set[str] = set()
        self._starts: Counter[str] = Counter()
        self._images_changed = False
        self._all_changed = False
        self._closed = False
        self._images_seen = images_seen or asyncio.Event()
        self._unmeasured = asyncio.Event()
        self._listed = self._measured = frozenset[tuple[str, tuple[str, ...]]]()  # ids and tags of the images
        self._shared: dict[str, int] = {}
        self.layers_bytes: int | None = None
        """What all images take; None until it was measured since the last change of one."""
        self.layers_changed: Signal[int | None] = Signal()
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
        burst = False
        while True:
            try:
                async with asyncio.timeout(QUIET_S if burst else LISTED_AFTER_S if self._late else None):
                    batch = await feed.take()
            except TimeoutError:
                batch, burst, self._all_changed = [], False, self._all_changed or burst
            self._changed, self._late = self._changed | self._late, set()
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
            await self._take(found, set(ids).difference(record.id for record in found))

    async def read_images(self) -> None:
        async with self._one_reader:
            found = await self._client.images()
            if not self._closed:
                if {record.id for record in found} != {record.id for record in self._images}:
                    self._set_layers(None)
                self._listed = frozenset((record.id, record.tags) for record in found)
                if self._listed != self._measured:
                    self._unmeasured.set()
                self._put_images(found)

    async def measure_images(self) -> None:
        """Goes on for ever: what images take and share, after each change of them, while somebody sees it.

        An engine walks over its disk for it.
        """
        while True:
            await self._images_seen.wait()
            await self._unmeasured.wait()
            if not self._images_seen.is_set():
                continue
            self._unmeasured.clear()
            self._measured = self._listed
            try:
                use = await self._client.image_use()
            except EngineError:
                use = ImageUse()  # it stays unknown; where the engine is lost others find out
                self._measured = frozenset()
            if not self._unmeasured.is_set() and not self._closed:
                self._shared = use.shared_bytes
                self._put_images(list(self._images))
                self._set_layers(use.total_bytes)
            await asyncio.sleep(MEASURE_PACE_S)

    async def read_all(self) -> None:
        """What an engine dropped from its events without a word is seen by this too."""
        async with self._one_reader:
            await self._read_all_containers()
        await self.read_images()

    def _set_layers(self, total: int | None) -> None:
        self.layers_bytes = total
        self.layers_changed.emit(total)

    def _put_images(self, found: Iterable[Image]) -> None:
        uses = self._uses()
        self._images.replace(
            replace(
                record, containers=uses[record.id], busy=self._busy.get(record.id, ""),
                shared_bytes=self._shared.get(record.id, 0),
            )
            for record in found
        )  # fmt: skip

    def show_busy(self, id: str) -> None:
        """Puts what is under way with a container or an image into its row."""
        busy = self._busy.get(id, "")
        if (container := self._containers.get(id)) is not None:
            self._containers.apply([replace(container, busy=busy)])
        if (image := self._images.get(id)) is not None:
            self._images.apply([replace(image, busy=busy)])

    def _note(self, batch: Iterable[Event]) -> None:
        for kind, action, id, container in batch:
            if kind == "image":
                self._images_changed = True
            elif kind in ("volume", "network"):
                self._heard(kind)
                if container:
                    self._changed.add(container)
                    self._late.add(container)
            elif kind == "container" and id:
                self._ends.heard(action, id)
                if action == "start":
                    self._starts[id] += 1
                elif action == "destroy":
                    del self._starts[id]
                (self._gone if action == "destroy" else self._changed).add(id)
                self._images_changed = self._images_changed or action == "commit"

    async def _catch_up(self) -> None:
        async with self._one_reader:
            gone, self._gone = self._gone, set()
            changed, self._changed = self._changed - gone, set()
            if self._all_changed or len(changed) > max(FULL_LIST_ABOVE, len(self._containers) // 4):
                self._all_changed, self._images_changed = False, True
                for kind in ("volume", "network"):
                    self._heard(kind)
                await self._read_all_containers()
            elif changed or gone:
                found = await self._read_some(list(changed))
                await self._take(found, gone | changed.difference(record.id for record in found))
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
