"""Follows the machine's engine while the machine runs, and says in short what it holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from desktop.core.engine import Container, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.signal import Signal
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService

from .tasks import Tasks

SETTLE_S, PACE_S = 0.1, 0.5
"""Changes that come in a burst are said once, and again no sooner than after PACE_S."""


class EngineFeed:
    """While the engine is away what was known last holds; off, nothing is: None, and counts of -1."""

    def __init__(self, engine: EngineService, machine: MachineService, tasks: Tasks) -> None:
        self._engine, self._machine, self._tasks = engine, machine, tasks
        self._following: asyncio.Task[Any] | None = None
        self._settling: asyncio.Handle | None = None
        self._said_s = -PACE_S
        self.containers_changed: Signal[Sequence[Container] | None] = Signal()
        self.counts_changed: Signal[tuple[int, int, int]] = Signal()
        machine.changed.connect(self._on_status)
        engine.containers.changed.connect(lambda _: self._settle())
        engine.images.changed.connect(lambda _: self._settle())
        engine.link_changed.connect(lambda _: self._settle())

    def close(self) -> None:
        """Says nothing any more: who listened is gone."""
        if self._settling is not None:
            self._settling.cancel()

    def _on_status(self, status: MachineStatus) -> None:
        runs = status.state is State.RUNNING
        if runs and self._following is None:
            self._engine.shares = status.vm.shares
            files = self._machine.files
            follow = partial(self._engine.follow, files.engine_socket, files.docker_socket)
            self._following = self._tasks.keep("engine", follow)
        elif not runs and self._following is not None:
            self._following.cancel()
            self._following = None

    def _settle(self) -> None:
        if self._settling is None:
            wait_s = max(SETTLE_S, self._said_s + PACE_S - time.monotonic())
            self._settling = asyncio.get_running_loop().call_later(wait_s, self._say)

    def _say(self) -> None:
        self._settling, self._said_s = None, time.monotonic()
        link = self._engine.link.link
        if link is Link.OFF:
            self.containers_changed.emit(None)
            self.counts_changed.emit((-1, -1, -1))
        if link is not Link.UP:
            return  # while it is read some would be counted as all
        containers = list(self._engine.containers)
        self.containers_changed.emit(containers)
        running = sum(container.state == "running" for container in containers)
        self.counts_changed.emit((running, len(containers), len(self._engine.images)))
