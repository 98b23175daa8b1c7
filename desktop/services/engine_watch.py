"""What events do not tell: one that was dropped, and an engine that says nothing because it hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from desktop.engine.client import EngineClient

LOOK_PACE_S = 3.0
PING_EVERY_S = 15.0
PING_DEADLINE_S = 10.0


class EngineWatch:
    """Costs nothing while nobody looks. `every_s` and `deadline_s` are of the pings."""

    def __init__(self, every_s: float = PING_EVERY_S, deadline_s: float = PING_DEADLINE_S) -> None:
        self._every_s, self._deadline_s = every_s, deadline_s
        self._seen = asyncio.Event()
        self._looked = asyncio.Event()

    def set_seen(self, seen: bool) -> None:
        """Whether anything of the engine is on the screen."""
        if seen:
            self._seen.set()
        else:
            self._seen.clear()

    def look(self) -> None:
        """Somebody begins to look: all is read once, soon."""
        self._looked.set()

    def begin(self) -> None:
        """All is about to be read: looks before that are met by it, and those from here on are not lost."""
        self._looked.clear()

    async def run(self, client: EngineClient, reread: Callable[[], Awaitable[None]]) -> None:
        """Goes on for ever. EngineGone where the engine does not answer."""
        while True:
            await self._seen.wait()
            try:
                async with asyncio.timeout(self._every_s):
                    await self._looked.wait()
            except TimeoutError:
                if self._seen.is_set():
                    await client.ping(self._deadline_s)
                continue
            if not self._seen.is_set():
                continue
            self._looked.clear()
            await reread()
            await asyncio.sleep(LOOK_PACE_S)
