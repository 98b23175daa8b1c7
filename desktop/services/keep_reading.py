"""Reads a stream of one container for as long as somebody looks: again after each end, and when the engine is back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from desktop.engine.client import EngineClient

from .engine import EngineService

AGAIN_FIRST_S, AGAIN_LAST_S = 0.3, 5.0
"""After an end of the stream of a container that runs, as far as is known yet."""


async def keep_reading(
    engine: EngineService,
    ready: Callable[[], EngineClient | None],
    read: Callable[[EngineClient], Awaitable[None]],
) -> None:
    """Goes on for ever: calls `read` while there is something to read, and looks again at each change."""
    changed = asyncio.Event()

    def on_change(_what: Any) -> None:
        changed.set()

    disconnects = (engine.link_changed.connect(on_change), engine.containers.changed.connect(on_change))
    pause_s = AGAIN_FIRST_S
    try:
        while True:
            changed.clear()
            started = time.monotonic()
            if (client := ready()) is not None:
                await read(client)
                if time.monotonic() - started > AGAIN_LAST_S:
                    pause_s = AGAIN_FIRST_S
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, AGAIN_LAST_S)
            else:
                pause_s = AGAIN_FIRST_S
                await changed.wait()
    finally:
        for disconnect in disconnects:
            disconnect()
