"""Volumes and networks of the engine: read while somebody looks at them, again after what happens to them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from desktop.core.engine import Container, Member, Network, Volume
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.core.store import Store
from desktop.engine import objects
from desktop.engine.client import EngineClient
from desktop.engine.errors import EngineGone

PACE_S = 0.2
VOLUMES, NETWORKS = "volume", "network"
"""The engine's names of the kinds, in its events."""


class EngineObjects:
    """`read` says for each kind: None until it was read, then empty or why the engine refused to tell.

    Who mounts a volume and who is in a network comes from the containers, which the app follows anyway.
    """

    def __init__(self, containers: Store[Container]) -> None:
        self.volumes: Store[Volume] = Store(lambda record: record.name)
        self.networks: Store[Network] = Store(lambda record: record.id)
        self.read: dict[str, str | None] = {VOLUMES: None, NETWORKS: None}
        self.read_changed: Signal[None] = Signal()
        self.measuring = self.measured = False
        self._containers = containers
        self._busy: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._wishes: set[tuple[str, str]] = set()
        self._stale = {VOLUMES, NETWORKS}
        self._wake = asyncio.Event()
        self._one_measure = asyncio.Lock()
        self._client: EngineClient | None = None
        self._uses_stale = False
        containers.changed.connect(lambda _: self._mark_uses())

    def set_wanted(self, kind: str, who: str, wanted: bool) -> None:
        """Whether `who` shows them now."""
        (self._wishes.add if wanted else self._wishes.discard)((kind, who))
        if wanted:
            self._mark_uses()

    def _wanted(self) -> set[str]:
        return {kind for kind, _ in self._wishes}

    def mark(self, kind: str) -> None:
        """Something happened to one of them."""
        self._stale.add(kind)
        if kind in self._wanted():
            self._wake.set()

    def begin(self, client: EngineClient) -> None:
        """From now on they can be read."""
        self._client = client
        self._stale = {VOLUMES, NETWORKS}
        self._wake.set()

    async def run(self, client: EngineClient) -> None:
        """Keeps what is wanted equal to the engine's until it is cancelled; then nothing is known any more."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                for kind in self._stale & self._wanted():
                    await self._read(client, kind)
                if self._uses_stale:
                    self._complete_uses()
                await asyncio.sleep(PACE_S)
        finally:
            self._client = None

    def forget(self) -> None:
        """The engine is gone for good."""
        self._sizes.clear()
        self.measured = False
        self.volumes.replace(())
        self.networks.replace(())
        self._tell_read(VOLUMES, None)
        self._tell_read(NETWORKS, None)

    async def refresh(self, kind: str) -> None:
        """Reads them now. Raises EngineError where the engine does not tell."""
        what = "What can be freed is not known"
        if self._client is None:
            raise EngineError(what, "the engine is not connected")
        await self._read(self._client, kind)
        if refusal := self.read[kind]:
            raise EngineError(what, refusal)

    async def measure(self) -> None:
        """Asks for the sizes of the volumes, which takes an engine seconds to minutes: who comes then waits along."""
        is_under_way = self._one_measure.locked()
        async with self._one_measure:
            if self._client is not None and not is_under_way:
                await self._measure(self._client)

    async def _measure(self, client: EngineClient) -> None:
        self.measuring = True
        self.read_changed.emit(None)
        try:
            self._sizes = await client.measure(objects.volume_sizes)
            self.measured = True
        except EngineError:
            pass  # they stay unknown; the link tells where the engine is lost
        finally:
            self.measuring = False
            self._complete_volumes(self.volumes)
            self.read_changed.emit(None)

    def set_busy(self, key: str, doing: str) -> None:
        """Puts what is under way with a volume or network into its row; empty: nothing."""
        if doing:
            self._busy[key] = doing
        else:
            self._busy.pop(key, None)
        if (volume := self.volumes.get(key)) is not None:
            self.volumes.apply([replace(volume, busy=doing)])
        if (network := self.networks.get(key)) is not None:
            self.networks.apply([replace(network, busy=doing)])

    async def _read(self, client: EngineClient, kind: str) -> None:
        self._stale.discard(kind)
        refusal = ""
        try:
            if kind == VOLUMES:
                found = await client.call(objects.list_volumes)
                self._sizes = {each.name: self._sizes[each.name] for each in found if each.name in self._sizes}
                self._complete_volumes(found, replaces=True)
            else:
                self._complete_networks(await client.call(objects.list_networks), replaces=True)
        except EngineGone:
            raise
        except EngineError as error:
            refusal = error.why or error.what
        self._tell_read(kind, refusal)

    def _tell_read(self, kind: str, outcome: str | None) -> None:
        if self.read[kind] != outcome:
            self.read[kind] = outcome
            self.read_changed.emit(None)

    def _mark_uses(self) -> None:
        """A container came, went or changed: maybe what it uses too."""
        self._uses_stale = True
        if self._wishes:
            self._wake.set()

    def _complete_uses(self) -> None:
        self._uses_stale = False
        if VOLUMES in self._wanted():
            self._complete_volumes(self.volumes)
        if NETWORKS in self._wanted():
            self._complete_networks(self.networks)

    def _complete_volumes(self, found: Iterable[Volume], replaces: bool = False) -> None:
        users: defaultdict[str, list[str]] = defaultdict(list)
        for container in self._containers:
            for name in container.volumes:
                users[name].append(container.name)
        whole = [
            replace(
                volume, users=tuple(sorted(users[volume.name])) if volume.name in users else (),
                size_bytes=self._sizes.get(volume.name), busy=self._busy.get(volume.name, ""),
            )
            for volume in found
        ]  # fmt: skip
        _put(self.volumes, whole, replaces)

    def _complete_networks(self, found: Iterable[Network], replaces: bool = False) -> None:
        members: defaultdict[str, list[Member]] = defaultdict(list)
        for container in self._containers:
            for place in container.attachments:
                # One that never started has the name alone.
                members[place.network_id or place.network].append(
                    Member(container.id, container.name, place.address if container.running else "")
                )
        whole = [
            replace(
                network, busy=self._busy.get(network.id, ""),
                members=tuple(sorted(members[network.id] + members[network.name], key=lambda member: member.name)),
            )
            for network in found
        ]  # fmt: skip
        _put(self.networks, whole, replaces)


def _put(store: Store[Any], records: list[Any], replaces: bool) -> None:
    if replaces:
        store.replace(records)
    else:
        store.apply(records)
