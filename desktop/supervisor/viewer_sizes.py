"""Which size the console has: the smallest viewer rules, and who may only look does not count."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from .viewer import Viewer

SETTLE_S = 0.15
"""A window that is being dragged, or a tab that closes and opens again, is one change."""


class ViewerSizes:
    """Calls `on_size` when the size changes. The last one stays while nobody has a say."""

    def __init__(self, viewers: Sequence[Viewer], on_size: Callable[[int, int], None]) -> None:
        self._viewers = viewers
        self._on_size = on_size
        self._timer: asyncio.TimerHandle | None = None
        self.current: tuple[int, int] | None = None

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def settle_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SETTLE_S, self.settle_now)

    def settle_now(self) -> None:
        self.close()
        sizes = [viewer.size for viewer in self._viewers if not viewer.request.read_only]
        if not sizes:
            return
        smallest = min(cols for cols, _ in sizes), min(rows for _, rows in sizes)
        if smallest != self.current:
            self.current = smallest
            self._on_size(*smallest)
