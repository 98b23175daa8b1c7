"""Asks a guest to power off, until it has heard."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from desktop.core.errors import MoorageError

from .life import Life

WHILE_STARTING_S = 2.0  # a guest that has no agent yet has nothing to lose either
RETRY_S = 1.0


class StopRequest:
    """One guest is asked at a time, and by one task, however many wish it."""

    def __init__(self) -> None:
        self._asking: asyncio.Task[None] | None = None

    def begin(self, life: Life, is_starting: bool, is_live: Callable[[], bool]) -> None:
        """`is_live` says whether the machine still lives that life."""
        if self._asking is None or self._asking.done():
            asking = _end_start(life) if is_starting else _ask(life, is_live)
            self._asking = asyncio.create_task(asking, name="asking the guest to stop")

    def call_off(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None


async def _end_start(life: Life) -> None:
    try:
        if life.vm is not None:
            await life.vm.agent.ping(WHILE_STARTING_S)
            await life.vm.agent.shutdown()
            return
    except MoorageError:
        pass  # there is nobody yet to be asked
    await life.kill()


async def _ask(life: Life, is_live: Callable[[], bool]) -> None:
    """Its agent may be slow on a busy guest, and later than who asked has patience."""
    while life.vm is not None and is_live():
        with contextlib.suppress(MoorageError):
            await life.vm.agent.shutdown()
            return
        await asyncio.sleep(RETRY_S)
