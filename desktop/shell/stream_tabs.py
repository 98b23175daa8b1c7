"""Tabs of the console page for what the user chooses, and which consoles of other products there are to choose from."""

from __future__ import annotations

from desktop.core.host import OtherVm
from desktop.services.engine import EngineService
from desktop.services.other_consoles import OtherConsoles
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.stream_words import SHELLS, Kind, Target

from .overview_feed import title_of
from .streams import Streams
from .tasks import Tasks


class StreamTabs:
    def __init__(
        self, tabs: ConsoleTabs, streams: Streams, engine: EngineService, others: OtherConsoles, tasks: Tasks
    ) -> None:
        self._tabs, self._streams, self._engine, self._others = tabs, streams, engine, others
        self._tasks = tasks
        tabs.wanted.connect(self.open_target)
        tabs.looked_at.connect(self._on_looked_at)

    def open(self, kind: Kind, container: str) -> None:
        record = self._engine.containers.get(container)
        self.open_target(Target(kind, container, record.name if record is not None else container[:12]))

    def open_target(self, target: Target) -> None:
        """Shells as many as are wanted; a container's own terminal and another product's console once."""
        there = None if target.kind in SHELLS else self._tabs.tab_of(target)
        if there is not None:
            self._tabs.show_pane(there)
        else:
            self._streams.serve(self._tabs.add(target))

    def _on_looked_at(self, looked_at: bool) -> None:
        if looked_at:
            self._tasks.spawn("consoles of others", self._find_others())

    async def _find_others(self) -> None:
        """At each look at the page and not at the menu, which opens at once."""
        self._tabs.show_others([_target(vm) for vm in await self._others.find()])


def _target(vm: OtherVm) -> Target:
    return Target(Kind.OTHER, vm.console, title_of(vm))
