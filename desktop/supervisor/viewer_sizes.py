"""Which size the console has: the smallest viewer's or the last active one's; who may only look does not count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from desktop.core.settings import SizeRule

from .viewer import Viewer

SETTLE_S = 0.15
"""A window that is being dragged, or a tab that closes and opens again, is one change."""


class ViewerSizes:
    """Calls `on_size` when the size changes. The last one stays while nobody has a say."""

    def __init__(self, viewers: Sequence[Viewer], on_size: Callable[[int, int], None]) -> None:
        self._viewers = viewers
        self._on_size = on_size
        self._timer: asyncio.TimerHandle | None = None
        self._active: Viewer | None = None
        self.current: tuple[int, int] | None = None
        self.rule: Callable[[], SizeRule] = lambda: SizeRule.SMALLEST
        """Asked each time that something changes."""

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def note_active(self, viewer: Viewer) -> None:
        """Who types, or has come just now."""
        if viewer is not self._active:
            self._active = viewer
            self.settle_soon()

    def settle_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SETTLE_S, self.settle_now)

    def settle_now(self) -> None:
        self.close()
        viewers = [viewer for viewer in self._viewers if not viewer.request.read_only]
        if not viewers:
            return
        size = self._wished(viewers)
        if size != self.current:
            self.current = size
            self._on_size(*size)

    def _wished(self, viewers: Sequence[Viewer]) -> tuple[int, int]:
        if self.rule() is SizeRule.LAST:
            return next((viewer for viewer in viewers if viewer is self._active), viewers[-1]).size
        sizes = [viewer.size for viewer in viewers]
        return min(cols for cols, _ in sizes), min(rows for _, rows in sizes)
