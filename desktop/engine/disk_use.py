"""`GET /system/df` and an image's history, as records: nothing that an engine sends can make this fail."""

from __future__ import annotations

from typing import Any

from desktop.core.disk_use import CACHE, CONTAINERS, DANGLING, UNUSED, VOLUMES, Layer, Reclaimable

from .json_values import mapping, sequence
from .json_values import whole as _any_whole
from .messages import MOST_LAYERS

_ANONYMOUS = "com.docker.volume.anonymous"


def reclaimable_of(answer: Any) -> tuple[Reclaimable, ...]:
    """What each prune would give back. Layers that another image shares are counted for none."""
    df = mapping(answer)
    idle = [each for each in _all(df, "Containers") if each.get("State") not in ("running", "paused", "restarting")]
    unused = [each for each in _all(df, "Images") if not _whole(each.get("Containers"))]
    dangling = [each for each in unused if not _tags(each)]
    volumes = [each for each in _all(df, "Volumes") if _is_free(each)]
    cache = [each for each in _all(df, "BuildCache") if not each.get("InUse") and not each.get("Shared")]
    return (
        Reclaimable(CONTAINERS, len(idle), sum(_whole(each.get("SizeRw")) for each in idle)),
        Reclaimable(DANGLING, len(dangling), sum(map(_own_bytes, dangling))),
        Reclaimable(UNUSED, len(unused), sum(map(_own_bytes, unused))),
        Reclaimable(VOLUMES, len(volumes), sum(_usage(each, "Size") for each in volumes)),
        Reclaimable(CACHE, len(cache), sum(_whole(each.get("Size")) for each in cache)),
    )


def layers_of(answer: Any) -> list[Layer]:
    """The newest first."""
    found = _records(answer)[:MOST_LAYERS]
    return [
        Layer(
            number=len(found) - place,
            created_by=str(each.get("CreatedBy") or each.get("Comment") or ""),
            created_s=float(_whole(each.get("Created"))),
            size_bytes=_whole(each.get("Size")),
            tags=tuple(_tags(each, "Tags")),
        )
        for place, each in enumerate(found)
    ]


def _all(df: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return _records(df.get(kind))


def _records(value: Any) -> list[dict[str, Any]]:
    return [each for each in sequence(value) if isinstance(each, dict)]


def _tags(image: dict[str, Any], key: str = "RepoTags") -> list[str]:
    return [tag for tag in sequence(image.get(key)) if isinstance(tag, str) and tag != "<none>:<none>"]


def _own_bytes(image: dict[str, Any]) -> int:
    return max(0, _whole(image.get("Size")) - _whole(image.get("SharedSize")))


def _is_free(volume: dict[str, Any]) -> bool:
    """Without a name of somebody's, and nothing mounts it: what the engine prunes unless it is told to take all."""
    return _ANONYMOUS in mapping(volume.get("Labels")) and _usage(volume, "RefCount") == 0


def _usage(volume: dict[str, Any], key: str) -> int:
    return _whole(mapping(volume.get("UsageData")).get(key))


def _whole(value: Any) -> int:
    """A count; what is none, or says "not known" by -1, is 0."""
    return max(0, _any_whole(value))
