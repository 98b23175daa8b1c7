"""The engine's events: a short history and everyone who listens, as dockerd keeps them."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

HISTORY = 256
"""dockerd keeps so many for `since`, and no more."""

QUEUE = 1024
"""And holds so many for a slow listener; what comes then is lost to it."""

Event = dict[str, Any]


@dataclass(frozen=True)
class Foreign:
    """Bytes that are no event, put into a stream on purpose; `cut` ends the connection after them."""

    chunks: tuple[bytes, ...]
    cut: bool = False


class Events:
    """Publishes events to every listener, in order."""

    def __init__(self) -> None:
        self._history: deque[Event] = deque(maxlen=HISTORY)
        self._listeners: set[asyncio.Queue[Event | Foreign]] = set()
        self._waiting: list[Foreign] = []

    def publish(self, kind: str, action: str, id: str, attributes: Mapping[str, str], image: str = "") -> None:
        now_ns = time.time_ns()
        event: Event = {"Type": kind, "Action": action, "Actor": {"ID": id, "Attributes": dict(attributes)}}
        if kind in ("container", "image"):
            event = {"status": action, "id": id, **({"from": image} if image else {}), **event}
        event |= {"scope": "local", "time": now_ns // 10**9, "timeNano": now_ns}
        self._history.append(event)
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(event)

    def inject(self, foreign: Foreign) -> None:
        """Into every stream that is open, or the next one to open."""
        if not self._listeners:
            self._waiting.append(foreign)
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(foreign)

    @contextmanager
    def listen(self) -> Iterator[asyncio.Queue[Event | Foreign]]:
        queue: asyncio.Queue[Event | Foreign] = asyncio.Queue(QUEUE)
        self._listeners.add(queue)
        while self._waiting:
            queue.put_nowait(self._waiting.pop(0))
        try:
            yield queue
        finally:
            self._listeners.discard(queue)

    def since(self, moment_ns: int) -> list[Event]:
        return [event for event in self._history if event["timeNano"] >= moment_ns]


async def follow(
    events: Events, filters: Mapping[str, list[str]], since_ns: int | None, until_ns: int | None
) -> AsyncIterator[Event | Foreign]:
    """The events that pass `filters`: those since a moment, then live ones until a moment or for ever."""
    with events.listen() as queue:
        for event in [] if since_ns is None else events.since(since_ns):
            if passes(event, filters) and (until_ns is None or event["timeNano"] <= until_ns):
                yield event
        while (left_s := _seconds_until(until_ns)) is None or left_s > 0:
            try:
                async with asyncio.timeout(left_s):
                    item = await queue.get()
            except TimeoutError:
                return
            if isinstance(item, Foreign) or passes(item, filters):
                yield item


def _seconds_until(moment_ns: int | None) -> float | None:
    return None if moment_ns is None else (moment_ns - time.time_ns()) / 1e9


def passes(event: Event, filters: Mapping[str, list[str]]) -> bool:
    attributes: dict[str, str] = event["Actor"]["Attributes"]
    own = (event["Actor"]["ID"], attributes.get("name", ""))
    tests: dict[str, Callable[[str], bool]] = {
        "type": lambda wanted: event["Type"] == wanted,
        "event": lambda wanted: event["Action"].split(":")[0] == wanted,
        "container": lambda wanted: event["Type"] == "container" and _names(wanted, *own),
        "image": lambda wanted: _names(wanted, *own, attributes.get("image", "")),
        "scope": lambda wanted: event["scope"] == wanted,
        "label": lambda wanted: matches_label(attributes, wanted),
    }
    return all(any(tests[name](wanted) for wanted in values) for name, values in filters.items() if name in tests)


def matches_label(labels: Mapping[str, str], wanted: str) -> bool:
    name, has_value, value = wanted.partition("=")
    return name in labels and (not has_value or labels[name] == value)


def _names(wanted: str, *names: str) -> bool:
    return any(name == wanted or (len(wanted) >= 12 and name.startswith(wanted)) for name in names)


def line_of(event: Event) -> bytes:
    return msgspec.json.encode(event) + b"\n"
