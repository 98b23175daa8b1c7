"""Feeds the tab of what a container uses, while it is looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from desktop.services.container_usage import ContainerUsage
from desktop.services.engine import EngineService
from desktop.views.detail.stats_tab import StatsTab
from desktop.views.on_screen import is_on_screen

from .tasks import Tasks

KEPT_CONTAINERS = 12
"""Of so many, those that were looked at last, the figures stay."""


class StatsFeed:
    def __init__(self, tab: StatsTab, engine: EngineService, tasks: Tasks) -> None:
        self._tab, self._engine, self._tasks = tab, engine, tasks
        self._usage: ContainerUsage | None = None
        self._known: dict[str, ContainerUsage] = {}  # the latest last
        self._following: asyncio.Task[Any] | None = None
        tab.looked_at.connect(self._on_looked_at)

    def begin(self, container: str) -> None:
        self.leave()
        self._tab.begin()
        usage = self._usage = self._known.pop(container, None) or self._made(container)
        self._known[container] = usage
        for oldest in list(self._known)[:-KEPT_CONTAINERS]:
            del self._known[oldest]
        usage.tell()
        self._on_looked_at(is_on_screen(self._tab))

    def _made(self, container: str) -> ContainerUsage:
        """The tab is told by the one that is measured, and only one is."""
        usage = ContainerUsage(self._engine, container)
        usage.measured.connect(partial(self._tell, usage, self._tab.show_usage))
        usage.listed.connect(partial(self._tell, usage, self._tab.show_processes))
        usage.unlisted.connect(partial(self._tell, usage, self._tab.show_unlisted))
        usage.broken.connect(partial(self._tell, usage, self._tab.show_broken))
        return usage

    def _tell(self, usage: ContainerUsage, show: Callable[[Any], None], what: Any) -> None:
        if usage is self._usage:  # another one may still say that it ends
            show(what)

    def leave(self) -> None:
        self._on_looked_at(False)
        self._usage = None

    def _on_looked_at(self, looked_at: bool) -> None:
        if looked_at and self._usage is not None and self._following is None:
            self._following = self._tasks.spawn("stats", self._usage.follow())
        elif not looked_at and self._following is not None:
            self._following.cancel()
            self._following = None
