"""Guest image and runtime from the window: what is there, building with progress, cancel, export and import."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from desktop.core.errors import MoorageError
from desktop.core.paths import Home
from desktop.core.signal import Signal
from desktop.services.preferences import Preferences
from desktop.services.setup import Progress, Setup
from desktop.views.images_card import ImagesCard, ImagesState

from .notices import Notices
from .tasks import Tasks


class ImagesSetup:
    """Feeds the cards that show the images. `built` says that there are new ones."""

    def __init__(self, home: Home, preferences: Preferences, tasks: Tasks, notices: Notices) -> None:
        self._preferences, self._tasks, self._notices = preferences, tasks, notices
        self._home = home
        self._cards: list[ImagesCard] = []
        self._state = ImagesState()
        self._working: asyncio.Task[None] | None = None
        self.built: Signal[None] = Signal()

    def serve(self, card: ImagesCard) -> None:
        self._cards.append(card)
        card.build_requested.connect(self._on_build)
        card.cancel_requested.connect(self._on_cancel)
        card.export_requested.connect(self._on_export)
        card.import_requested.connect(self._on_import)
        card.show_state(self._state)

    async def look(self) -> None:
        """Says what is there."""
        setup = self._setup()
        problem = await setup.problem()
        built = await setup.look()
        asks_mirror = bool(problem) and await setup.needs_mirror()
        names = [folder.name for folder in (built.runtime, built.guest) if folder is not None]
        self._show(
            replace(
                self._state, checked=True, problem=problem, versions=", ".join(names),
                mirror=self._preferences.app.mirror, asks_mirror=asks_mirror,
            )
        )  # fmt: skip

    def _setup(self) -> Setup:
        return Setup(self._home, self._preferences.machine.runtime)

    def build(self) -> None:
        """Builds as the card's own button does, from the mirror that was used before."""
        self._on_build(self._preferences.app.mirror)

    def _on_build(self, mirror: str) -> None:
        refresh = not self._state.problem

        async def work(progress: Progress) -> None:
            if mirror != self._preferences.app.mirror:
                if mirror and (fault := await self._setup().mirror_fault(mirror)):
                    self._state = replace(self._state, mirror_fault=fault, faulty_mirror=mirror)
                    return
                await self._preferences.put(mirror=mirror)
            await self._setup().build(progress, mirror, refresh)
            self.built.emit(None)

        self._begin("build", work)

    def _on_export(self, file: str) -> None:
        self._begin("export", lambda progress: self._setup().export(Path(file), progress))

    def _on_import(self, file: str) -> None:
        async def work(progress: Progress) -> None:
            await self._setup().take_in(Path(file), progress)
            self.built.emit(None)

        self._begin("import", work)

    def _on_cancel(self) -> None:
        if self._working is not None:
            self._working.cancel()

    def _begin(self, name: str, work: Callable[[Progress], Awaitable[None]]) -> None:
        if self._working is None:
            self._working = self._tasks.spawn(f"images {name}", self._work(work))

    async def _work(self, work: Callable[[Progress], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()

        def progress(step: str, share: float) -> None:
            # Exports and imports tell it from a thread.
            loop.call_soon_threadsafe(self._on_progress, step, share)

        self._show(replace(self._state, building=True, fraction=None, step="", mirror_fault=""))
        try:
            await work(progress)
        except MoorageError as error:
            self._notices.error(error)
        finally:
            self._working = None
            self._state = replace(self._state, building=False)
            self._tasks.spawn("look at the images", self.look())

    def _on_progress(self, step: str, share: float) -> None:
        if self._working is not None:
            self._show(replace(self._state, building=True, step=step, fraction=share))

    def _show(self, state: ImagesState) -> None:
        self._state = state
        for card in self._cards:
            card.show_state(state)


