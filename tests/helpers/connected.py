"""The app's own service, following the engine of a machine that runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from desktop.core.engine import Link
from desktop.core.paths import MachineFiles
from desktop.services.engine import EngineService
from tests.helpers.guest import DEADLINE_S, wait_for


@asynccontextmanager
async def connected(files: MachineFiles, shares: tuple[str, ...] = ()) -> AsyncIterator[EngineService]:
    service = EngineService()
    service.shares = shares
    following = asyncio.create_task(service.follow(files.engine_socket))
    try:
        await wait_for(lambda: service.link.link is Link.UP, DEADLINE_S)
        yield service
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
