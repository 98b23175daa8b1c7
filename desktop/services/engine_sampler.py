"""Measures running containers while somebody looks: CPU and memory every two seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from msgspec.structs import replace

from desktop.core.engine import Container
from desktop.core.errors import EngineError
from desktop.core.store import Store
from desktop.engine.client import EngineClient
from desktop.engine.convert import Reading, cpu_percent
from desktop.engine.errors import EngineGone

EVERY_S = 2.0
SECOND_AFTER_S = 0.7
"""A percentage takes two readings: the second comes soon after the first."""
AT_MOST_SHARE = 0.25
"""Of the time, with many containers: then a round comes later, and not at once after the last one."""
PARALLEL = 3


class Sampler:
    def __init__(self, containers: Store[Container]) -> None:
        self._containers = containers
        self._wanted = asyncio.Event()
        self._readings: dict[str, Reading] = {}

    def set_wanted(self, wanted: bool) -> None:
        """Figures of a time when nobody looked are not kept: they would be taken for new ones."""
        if wanted:
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
            first = not self._readings
            started = time.monotonic()
            self._take(await self._round(client))
            took_s = time.monotonic() - started
            await asyncio.sleep(max((SECOND_AFTER_S if first else EVERY_S) - took_s, took_s / AT_MOST_SHARE))

    async def _round(self, client: EngineClient) -> dict[str, Reading]:
        readings: dict[str, Reading] = {}
        failures: list[EngineGone] = []
        waiting = iter([record.id for record in self._containers if record.state in ("running", "paused")])
        await asyncio.gather(*(_measure(client, waiting, readings, failures) for _ in range(PARALLEL)))
        if failures and not readings:
            raise failures[0]
        return readings

    def _take(self, readings: dict[str, Reading]) -> None:
        if not self._wanted.is_set():
            return
        before, self._readings = self._readings, readings
        sampled: list[Container] = []
        for record in self._containers:
            reading = readings.get(record.id)
            if reading is None:
                if record.memory_bytes is not None:
                    sampled.append(replace(record, cpu_percent=None, memory_bytes=None))
                continue
            earlier = before.get(record.id)
            percent = cpu_percent(earlier, reading) if earlier is not None else None
            sampled.append(replace(record, cpu_percent=percent, memory_bytes=reading.memory_bytes))
        self._containers.apply(sampled)


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
