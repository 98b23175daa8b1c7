"""Measures running containers while somebody looks: CPU and memory of those that are seen, every three seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

from msgspec.structs import replace

from desktop.core.engine import Container
from desktop.core.errors import EngineError
from desktop.core.store import Store
from desktop.engine.client import EngineClient
from desktop.engine.convert import Reading, cpu_percent
from desktop.engine.errors import EngineGone

EVERY_S = 3.0
BESIDE_EVERY_S = 8.0
"""While the user is at another window."""
SECOND_AFTER_S = 0.7
"""A percentage takes two readings: the second comes soon after the first."""
PACE_S = 0.25
AT_MOST_SHARE = 0.25
"""Of the time, with many containers: then a round comes later, and not at once after the last one."""
PARALLEL = 3
ROWS_AT_ONCE = 200


Seen = Callable[[], Collection[str] | None]
"""Whose figures are seen; None: everybody's."""


class Sampler:
    def __init__(self, containers: Store[Container]) -> None:
        self._containers = containers
        self._seen: Seen = lambda: None
        self._wanted = asyncio.Event()
        self._sooner = asyncio.Event()
        self._attended = True
        self._readings: dict[str, Reading] = {}

    def set_attended(self, attended: bool) -> None:
        """Whether the user is at the window, and does not just see it beside another one."""
        self._attended = attended
        if attended:
            self.look_again()

    def look_again(self) -> None:
        """Others have come into sight."""
        self._sooner.set()

    def set_wanted(self, seen: Seen | None) -> None:
        """None: nobody looks. Figures of such a time are not kept: they would be taken for new ones."""
        if seen is not None:
            self._seen = seen
            self._wanted.set()
        elif self._wanted.is_set():
            self._wanted.clear()
            self._readings = {}
            self._containers.apply(
                [replace(record, cpu_percent=None, memory_bytes=None) for record in self._containers]
            )

    async def run(self, client: EngineClient) -> None:
        """Goes on for ever. EngineGone when the engine answers none of a whole round."""
        self._readings = {}
        while True:
            await self._wanted.wait()
            started = time.monotonic()
            readings = await self._round(client)
            have_no_percentage = bool(readings.keys() - self._readings.keys())
            await self._take(readings)
            took_s = time.monotonic() - started
            least_s = max(PACE_S, took_s / AT_MOST_SHARE)
            await asyncio.sleep(least_s)
            every_s = SECOND_AFTER_S if have_no_percentage else EVERY_S if self._attended else BESIDE_EVERY_S
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, every_s - took_s - least_s)):
                    await self._sooner.wait()
            self._sooner.clear()

    async def _round(self, client: EngineClient) -> dict[str, Reading]:
        readings: dict[str, Reading] = {}
        failures: list[EngineGone] = []
        seen = self._seen()
        waiting = iter([
            record.id for record in self._containers
            if record.state in ("running", "paused") and (seen is None or record.id in seen)
        ])  # fmt: skip
        await asyncio.gather(*(_measure(client, waiting, readings, failures) for _ in range(PARALLEL)))
        if failures and not readings:
            raise failures[0]
        return readings

    async def _take(self, readings: dict[str, Reading]) -> None:
        """Into the rows, a few at a time: between them the window has its turn."""
        if not self._wanted.is_set():
            return
        before, self._readings = self._readings, readings
        ids = [record.id for record in self._containers]
        for start in range(0, len(ids), ROWS_AT_ONCE):
            if self._readings is not readings:
                return  # nobody looks any more
            some = ids[start : start + ROWS_AT_ONCE]
            records = (record for id in some if (record := self._containers.get(id)) is not None)
            sampled = (_sampled(record, before.get(record.id), readings.get(record.id)) for record in records)
            self._containers.apply(record for record in sampled if record is not None)
            await asyncio.sleep(0)


def _sampled(record: Container, before: Reading | None, now: Reading | None) -> Container | None:
    """None where there is nothing to say of it."""
    if now is not None:
        percent = cpu_percent(before, now) if before is not None else None
        return replace(record, cpu_percent=percent, memory_bytes=now.memory_bytes)
    return None if record.memory_bytes is None else replace(record, cpu_percent=None, memory_bytes=None)


async def _measure(
    client: EngineClient, waiting: Iterator[str], readings: dict[str, Reading], failures: list[EngineGone]
) -> None:
    for id in waiting:
        try:
            readings[id] = await client.reading(id)
        except EngineGone as error:
            failures.append(error)
            return
        except EngineError:
            continue  # it was stopped or removed meanwhile; its event tells
