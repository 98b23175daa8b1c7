"""The engine's JSON to core records. Nothing that an engine sends can make this fail.

What is missing or of a wrong type becomes "?", 0 or nothing; the row is shown all the same.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from desktop.core.engine import Attachment, Container, Image, ImageUse, Port

from .json_values import mapping as _mapping
from .json_values import sequence as _sequence
from .json_values import text as _text
from .json_values import whole as _whole

UNKNOWN = "?"
HELPER_LABEL = "moorage.helper"
HELPER_NAME = "moorage-helper-"
STATUS_LIMIT = 200
_NO_TAG = "<none>:<none>"
_AGE_IN_STATUS = re.compile(
    r"\s*(?:(?:Less than|About|Up to) )?(?:an?|\d+) (?:second|minute|hour|day|week|month|year)s?(?: ago)?"
)
_decode = msgspec.json.Decoder().decode


class Event(NamedTuple):
    """What happened to one container, image, volume or network."""

    kind: str  # container, image, volume or network
    action: str
    id: str  # empty where many were pruned at once
    container: str = ""  # that was connected to the network, or disconnected


class Reading(msgspec.Struct, frozen=True, gc=False):
    """What one container had used at one moment; two of them make a percentage."""

    cpu_ns: int
    system_ns: int  # CPU time of the whole guest
    cpus: int
    memory_bytes: int | None


def decode_json(content: bytes) -> Any:
    """The value in a JSON text; bytes that are no UTF-8 become U+FFFD. ValueError where it is no JSON."""
    try:
        try:
            return _decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return json.loads(content.decode("utf-8", "replace"))  # also takes NaN and lone surrogates
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def containers_of(answer: Any) -> list[Container]:
    return [container_of(item, f"{UNKNOWN}{n}") for n, item in enumerate(_of_the_user(answer))]


def images_of(answer: Any) -> list[Image]:
    return [image_of(item, f"{UNKNOWN}{n}") for n, item in enumerate(_of_the_user(answer))]


def _of_the_user(answer: Any) -> list[dict[str, Any]]:
    found = [_mapping(item) for item in _sequence(answer)]
    return [item for item in found if not is_helper(item)]


def is_helper(found: dict[str, Any]) -> bool:
    """Whether Moorage made this container or image for itself: it is shown in no list.

    An image that somebody pulled may have any label, and gives it to its containers; but it has a tag, and they have
    names of their own.
    """
    if HELPER_LABEL not in _mapping(found.get("Labels")):
        return False
    if names := _sequence(found.get("Names")):
        return all(_text(name).startswith(f"/{HELPER_NAME}") for name in names)
    return all(tag == _NO_TAG for tag in _sequence(found.get("RepoTags")))


def container_of(raw: dict[str, Any], id_if_missing: str) -> Container:
    """A record from one element of `GET /containers/json`."""
    state = _text(raw.get("State"), UNKNOWN).lower()
    return Container(
        id=_text(raw.get("Id"), id_if_missing),
        name=_name(raw.get("Names")),
        image=_text(raw.get("Image"), UNKNOWN),
        image_id=_text(raw.get("ImageID")),
        command=_text(raw.get("Command")),
        state=state,
        status=_lasting(_text(raw.get("Status"))),
        created_s=_seconds(raw.get("Created")),
        ports=tuple(sorted({_port(_mapping(item)) for item in _sequence(raw.get("Ports"))}, key=_port_order)),
        labels=labels_of(raw),
        volumes=_mounted(raw.get("Mounts")),
        attachments=_attachments(_mapping(raw.get("NetworkSettings")).get("Networks")),
        binds=tuple(_binds(raw.get("Mounts"))),
    )


def labels_of(raw: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, _text(value)) for key, value in _mapping(raw.get("Labels")).items()))


def _mounted(mounts: Any) -> tuple[str, ...]:
    found = [_mapping(mount) for mount in _sequence(mounts)]
    return tuple(sorted({sys.intern(_text(each.get("Name"))) for each in found if each.get("Type") == "volume"} - {""}))


def _attachments(networks: Any) -> tuple[Attachment, ...]:
    """Names and ids are interned: a few of them are in every container."""
    return tuple(
        Attachment(
            sys.intern(name), sys.intern(_text(place.get("NetworkID"))),
            _text(place.get("IPAddress")) or _text(place.get("GlobalIPv6Address")),
        )
        for name, place in sorted((name, _mapping(each)) for name, each in _mapping(networks).items())
    )  # fmt: skip


def image_of(raw: dict[str, Any], id_if_missing: str) -> Image:
    """A record from one element of `GET /images/json`. Who uses it is counted elsewhere."""
    tags = sorted({_text(tag) for tag in _sequence(raw.get("RepoTags"))} - {"", _NO_TAG})
    return Image(
        id=_text(raw.get("Id"), id_if_missing),
        tags=tuple(tags),
        size_bytes=max(0, _whole(raw.get("Size"))),
        shared_bytes=max(0, _whole(raw.get("SharedSize"))),
        created_s=_seconds(raw.get("Created")),
    )


def image_use_of(answer: Any) -> ImageUse:
    """From `GET /system/df?type=image`, also in the form of engines from API 1.52 on."""
    found = _mapping(answer)
    newer = _mapping(found.get("ImageUsage"))
    total = found.get("LayersSize") or newer.get("TotalSize")
    items = [_mapping(item) for item in _sequence(found.get("Images")) or _sequence(newer.get("Items"))]
    shared = {_text(item.get("Id")): max(0, _whole(item.get("SharedSize"))) for item in items}
    return ImageUse(total_bytes=_whole(total) or None, shared_bytes=shared)


def event_of(raw: Any) -> Event | None:
    """An event of `GET /events`, also in the form of engines before 1.22; None where it is none."""
    message = _mapping(raw)
    action = _text(message.get("Action")) or _text(message.get("status"))
    actor = _mapping(message.get("Actor"))
    id = _text(actor.get("ID")) or _text(message.get("id"))
    if not action or (not id and action != "prune"):
        return None
    container = _text(_mapping(actor.get("Attributes")).get("container"))
    return Event(_text(message.get("Type"), "container"), action.partition(":")[0], id, container)


def reading_of(raw: Any) -> Reading:
    """From `GET /containers/…/stats?one-shot=1`, as the docker CLI reads it."""
    stats = _mapping(raw)
    cpu = _mapping(stats.get("cpu_stats"))
    usage = _mapping(cpu.get("cpu_usage"))
    cpus = _whole(cpu.get("online_cpus")) or len(_sequence(usage.get("percpu_usage"))) or 1
    return Reading(
        _whole(usage.get("total_usage")),
        _whole(cpu.get("system_cpu_usage")),
        cpus,
        _memory(_mapping(stats.get("memory_stats"))),
    )


def cpu_percent(before: Reading, after: Reading) -> float | None:
    """Use between two readings, in percent of one core; None where they do not go together."""
    cpu_ns = after.cpu_ns - before.cpu_ns
    system_ns = after.system_ns - before.system_ns
    if system_ns <= 0 or cpu_ns < 0:
        return None
    return cpu_ns / system_ns * after.cpus * 100.0


def _memory(stats: dict[str, Any]) -> int | None:
    usage = _whole(stats.get("usage"))
    if usage <= 0:
        return None
    detail = _mapping(stats.get("stats"))
    cache = _whole(detail.get("total_inactive_file")) or _whole(detail.get("inactive_file"))
    return usage - cache if cache < usage else usage


def _name(names: Any) -> str:
    """The container's own name: links add names with a second slash."""
    found = [_text(name).removeprefix("/") for name in _sequence(names)]
    own = [name for name in found if name and "/" not in name]
    return (own or [name for name in found if name] or [UNKNOWN])[0]


def _binds(mounts: Any) -> Iterator[str]:
    for mount in map(_mapping, _sequence(mounts)):
        if mount.get("Type") == "bind" and (source := _text(mount.get("Source"))):
            yield source


def _lasting(status: str) -> str:
    """The engine's status words less the age in them, which is wrong a minute later."""
    return _AGE_IN_STATUS.sub("", status[:STATUS_LIMIT], count=1).strip()


def _port(raw: dict[str, Any]) -> Port:
    return Port(
        container_port=_whole(raw.get("PrivatePort")),
        protocol=_text(raw.get("Type"), "tcp"),
        host_ip=_text(raw.get("IP")),
        host_port=_whole(raw.get("PublicPort")),
    )


def disk_bytes_of(answer: Any) -> int:
    """The sum of `GET /system/df`; a layer of the build cache that images share is among theirs."""
    found = _mapping(answer)
    written = sum(_whole(_mapping(each).get("SizeRw")) for each in _sequence(found.get("Containers")))
    volumes = (_mapping(_mapping(each).get("UsageData")).get("Size") for each in _sequence(found.get("Volumes")))
    cache = (_mapping(each) for each in _sequence(found.get("BuildCache")))
    return (
        _whole(found.get("LayersSize"))
        + written
        + sum(max(0, _whole(size)) for size in volumes)
        + sum(_whole(each.get("Size")) for each in cache if each.get("Shared") is not True)
    )


def _port_order(port: Port) -> tuple[int, str, int, str]:
    return port.container_port, port.protocol, port.host_port, port.host_ip


def _seconds(value: Any) -> float:
    """Seconds since 1970; what no calendar holds is 0: not known."""
    seconds = _whole(value)
    return float(seconds) if 0 < seconds < 253402300800 else 0.0
