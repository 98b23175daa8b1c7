"""What images take on an engine's disk, and share with each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from msgspec.structs import replace

from desktop.core.engine import Image, ImageUse
from desktop.core.errors import EngineError
from desktop.core.signal import Signal
from desktop.core.store import Store
from desktop.engine.client import EngineClient

PACE_S = 2.0


class Layers:
    """Measured after each change of the images, while somebody sees them: an engine walks over its disk for it."""

    def __init__(self, client: EngineClient, images: Store[Image], seen: asyncio.Event) -> None:
        self._client = client
        self._images = images
        self._seen = seen
        self._shared: dict[str, int] = {}
        self._listed = frozenset[tuple[str, tuple[str, ...]]]()  # ids and tags
        self._unmeasured = asyncio.Event()
        self.total_bytes: int | None = None
        """Of all layers, each counted once; None until it was measured since an image came or went."""
        self.changed: Signal[int | None] = Signal()

    def shared_bytes(self, image: str) -> int:
        return self._shared.get(image, 0)

    def note(self, found: Sequence[Image]) -> None:
        """What the engine has now, before the store takes it."""
        if {image.id for image in found} != {image.id for image in self._images}:
            self._set_total(None)
        listed = frozenset((image.id, image.tags) for image in found)
        if listed != self._listed:
            self._listed = listed
            self._unmeasured.set()

    async def run(self) -> None:
        """Goes on for ever."""
        while True:
            await self._seen.wait()
            await self._unmeasured.wait()
            if self._seen.is_set():
                await self._measure()
                await asyncio.sleep(PACE_S)

    async def _measure(self) -> None:
        self._unmeasured.clear()
        try:
            use = await self._client.image_use()
        except EngineError:
            use = ImageUse()  # it stays unknown; where the engine is lost others find out
            self._listed = frozenset()
        if not self._unmeasured.is_set():
            self._shared = use.shared_bytes
            self._images.apply(replace(image, shared_bytes=self.shared_bytes(image.id)) for image in list(self._images))
            self._set_total(use.total_bytes)

    def _set_total(self, total: int | None) -> None:
        self.total_bytes = total
        self.changed.emit(total)
