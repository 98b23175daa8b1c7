"""What an engine could give up, by kind: as `docker system df` adds it up."""

from __future__ import annotations

import msgspec

CONTAINERS, DANGLING, UNUSED, VOLUMES, CACHE = "containers", "dangling", "unused", "volumes", "cache"


class Reclaimable(msgspec.Struct, frozen=True):
    """`count` things of a kind that nothing uses, and what goes with them alone."""

    kind: str
    count: int = 0
    bytes: int = 0


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the making of an image."""

    number: int
    created_by: str = ""
    created_s: float = 0.0
    size_bytes: int = 0
    tags: tuple[str, ...] = ()
