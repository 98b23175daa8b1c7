"""What a container uses and runs, from the engine's answers to core records."""

from __future__ import annotations

from typing import Any, NamedTuple

from desktop.core.usage import Processes, Usage

from .convert import Reading, cpu_percent, reading_of
from .json_values import mapping as _mapping
from .json_values import moment
from .json_values import sequence as _sequence
from .json_values import text as _text
from .json_values import whole as _whole

MOST_PROCESSES = 2000


class Counters(NamedTuple):
    """One answer of `GET /containers/…/stats`: what has been used up to then. None: there is no such thing."""

    reading: Reading
    at_s: float  # by the engine's clock
    memory_limit_bytes: int
    received: int | None
    sent: int | None
    read: int
    written: int


def counters_of(raw: Any) -> Counters | None:
    """None of a container that does not run."""
    stats = _mapping(raw)
    reading = reading_of(stats)
    if not reading.system_ns:
        return None
    networks = [_mapping(each) for each in _mapping(stats.get("networks")).values()]
    limit = _whole(_mapping(stats.get("memory_stats")).get("limit"))
    return Counters(
        reading,
        moment(stats.get("read")),
        limit,
        sum(_whole(each.get("rx_bytes")) for each in networks) if networks else None,
        sum(_whole(each.get("tx_bytes")) for each in networks) if networks else None,
        _block(stats, "read"),
        _block(stats, "write"),
    )


def usage_of(before: Counters | None, after: Counters, at_s: float) -> Usage:
    """From two answers, one of which may be missing yet."""
    passed_s = after.at_s - before.at_s if before is not None else 0.0

    def rate(then: int | None, now: int | None) -> float | None:
        return None if passed_s <= 0 or then is None or now is None or now < then else (now - then) / passed_s

    known = Usage(
        at_s=at_s, memory_bytes=after.reading.memory_bytes, memory_limit_bytes=after.memory_limit_bytes or None
    )
    if before is None:
        return known
    return Usage(
        at_s=at_s,
        cpu_percent=cpu_percent(before.reading, after.reading),
        memory_bytes=known.memory_bytes,
        memory_limit_bytes=known.memory_limit_bytes,
        received_s=rate(before.received, after.received),
        sent_s=rate(before.sent, after.sent),
        read_s=rate(before.read, after.read),
        written_s=rate(before.written, after.written),
    )


def processes_of(raw: Any) -> Processes:
    """From `GET /containers/…/top`."""
    answer = _mapping(raw)
    titles = tuple(_text(title) for title in _sequence(answer.get("Titles")))
    rows = (_sequence(row) for row in _sequence(answer.get("Processes"))[:MOST_PROCESSES])
    return Processes(titles, tuple(tuple(_text(cell) for cell in row[: len(titles)]) for row in rows))


def _block(stats: dict[str, Any], wanted: str) -> int:
    entries = _sequence(_mapping(stats.get("blkio_stats")).get("io_service_bytes_recursive"))
    found = (_mapping(entry) for entry in entries)
    return sum(_whole(entry.get("value")) for entry in found if _text(entry.get("op")).lower() == wanted)
