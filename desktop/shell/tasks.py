"""The one way to run a coroutine from Qt: kept, named, cancelled at the end, its error told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from desktop.core.errors import MoorageError

log = logging.getLogger("desktop.tasks")

AGAIN_S = 2.0
"""So long after its end what is kept is begun again."""


class Tasks:
    """`report` gets what a task failed with: a MoorageError, or an error that nobody expected."""

    def __init__(self, report: Callable[[str, Exception], None]) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    def spawn(self, name: str, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
        """Starts `coroutine`; None when the app is ending and nothing new is begun."""
        if self._closing:
            coroutine.close()
            return None
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    def keep(self, name: str, make: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[Any] | None:
        """Spawns what goes on as long as the app; what it failed with is told, and it is begun again."""
        return self.spawn(name, self._kept(name, make))

    async def _kept(self, name: str, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            try:
                await make()
            except Exception as error:
                self._tell(name, error)
            await asyncio.sleep(AGAIN_S)

    async def close(self, deadline_s: float) -> list[str]:
        """Cancels everything and waits; the names of what did not end in time come back."""
        self._closing = True
        current = asyncio.current_task()
        waited = [task for task in self._tasks if task is not current]
        for task in waited:
            task.cancel()
        if not waited:
            return []
        _, late = await asyncio.wait(waited, timeout=deadline_s)
        return sorted(task.get_name() for task in late)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        if not isinstance(error, Exception):
            raise error
        self._tell(task.get_name(), error)

    def _tell(self, name: str, error: Exception) -> None:
        if not isinstance(error, MoorageError):
            log.error("%s failed", name, exc_info=error)
        if not self._closing:
            self._report(name, error)
