"""What the status says of the engine, asked when somebody wants to know and never by the clock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop.core.errors import MoorageError
from desktop.core.machine import Engine
from desktop.core.text import visible
from desktop.engine import ping

# An engine in a guest may say anything; a status that no JSON can hold would be none at all.
_LONGEST, _MOST = 100, 1 << 31


async def ask_engine(channel: Path, known: Engine) -> tuple[Engine, str]:
    """The engine's facts and its kernel; unreachable where it does not answer."""
    try:
        if not known.version:
            found = await ping.version(channel)
            known = Engine(version=_words(found, "Version"), api_version=_words(found, "ApiVersion"))
        info = await ping.info(channel)
    except MoorageError:
        return Engine(version=known.version, api_version=known.api_version), ""
    running = info.get("ContainersRunning")
    engine = Engine(
        reachable=True,
        version=known.version,
        api_version=known.api_version,
        containers_running=running if type(running) is int and 0 <= running < _MOST else None,
    )
    return engine, _words(info, "KernelVersion")


def _words(record: Mapping[str, Any], key: str) -> str:
    return visible(str(record.get(key, "")), _LONGEST)
