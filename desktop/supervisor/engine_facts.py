"""What the status says of the engine, asked when somebody wants to know and never by the clock."""

from __future__ import annotations

from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.machine import Engine
from desktop.engine import ping


async def ask_engine(channel: Path, known: Engine) -> tuple[Engine, str]:
    """The engine's facts and its kernel; unreachable where it does not answer."""
    try:
        if not known.version:
            found = await ping.version(channel)
            known = Engine(version=str(found.get("Version", "")), api_version=str(found.get("ApiVersion", "")))
        info = await ping.info(channel)
    except MoorageError:
        return Engine(version=known.version, api_version=known.api_version), ""
    running = info.get("ContainersRunning")
    engine = Engine(
        reachable=True,
        version=known.version,
        api_version=known.api_version,
        containers_running=running if isinstance(running, int) else None,
    )
    return engine, str(info.get("KernelVersion", ""))
