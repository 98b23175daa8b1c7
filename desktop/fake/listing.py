"""Lists of containers and images with the filters that dockerd knows."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from typing import Any

from . import shapes
from .containers import Container
from .engine import Engine
from .events import matches_label
from .http import ApiError, Request
from .images import Image, with_tag


def filters_of(request: Request) -> dict[str, list[str]]:
    """Both forms that clients send: {"name": ["x"]} and {"name": {"x": true}}."""
    try:
        found = json.loads(request.query.get("filters") or "{}")
        return {name: list(values) for name, values in found.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise ApiError(400, "invalid filter") from error


def list_containers(engine: Engine, request: Request) -> list[dict[str, Any]]:
    filters = filters_of(request)
    unknown = filters.keys() - _CONTAINER_TESTS.keys() - {"before", "since", "health", "network", "volume", "publish"}
    if unknown:
        raise ApiError(400, f"invalid filter '{min(unknown)}'")
    everything = request.flag("all") or "status" in filters or "exited" in filters
    limit = _limit(request)
    found = [
        item
        for item in _candidates(engine, filters)
        if (everything or limit > 0 or item.running) and _passes(engine, item, filters)
    ]
    found.sort(key=lambda item: item.created_s, reverse=True)
    now_s = time.time()
    rows = [shapes.container_row(item, now_s) for item in (found[:limit] if limit > 0 else found)]
    return [_spoilt(row, number) for number, row in enumerate(rows)] if engine.faults.malformed_rows else rows


def _limit(request: Request) -> int:
    text = request.query.get("limit") or "0"
    try:
        return int(text)
    except ValueError as error:
        raise ApiError(400, f'strconv.Atoi: parsing "{text}": invalid syntax') from error


def _named(engine: Engine, item: Container, wanted: str) -> bool:
    try:
        return bool(re.search(wanted, f"/{item.name}") or re.search(wanted, item.name))
    except re.error as error:
        raise ApiError(400, f"invalid filter 'name={wanted}'") from error


def _candidates(engine: Engine, filters: dict[str, list[str]]) -> list[Container]:
    """All, or without a walk over all those that are asked for by their whole ids."""
    wanted = filters.get("id", [])
    if wanted and all(len(id) == 64 for id in wanted):
        del filters["id"]
        return [item for item in (engine.containers.find(id) for id in wanted) if item is not None]
    return list(engine.containers)


def _passes(engine: Engine, item: Container, filters: dict[str, list[str]]) -> bool:
    return all(
        (all if name == "label" else any)(_CONTAINER_TESTS[name](engine, item, wanted) for wanted in values)
        for name, values in filters.items()
        if name in _CONTAINER_TESTS
    )


def _is_ancestor(engine: Engine, item: Container, wanted: str) -> bool:
    image = engine.images.find(wanted)
    return image is not None and image.id == item.image_id


_CONTAINER_TESTS = {
    "id": lambda engine, item, wanted: item.id.startswith(wanted),
    "name": _named,
    "status": lambda engine, item, wanted: item.state == wanted,
    "label": lambda engine, item, wanted: matches_label(item.labels, wanted),
    "exited": lambda engine, item, wanted: item.state == "exited" and str(item.exit_code) == wanted,
    "ancestor": _is_ancestor,
}


def list_images(engine: Engine, request: Request) -> list[dict[str, Any]]:
    filters = filters_of(request)
    newest = sorted(engine.images, key=lambda item: item.created_s, reverse=True)
    found = [item for item in newest if _image_passes(item, filters)]
    uses = Counter(container.image_id for container in engine.containers)
    return [shapes.image_row(item, uses[item.id]) for item in found]


def _image_passes(image: Image, filters: dict[str, list[str]]) -> bool:
    tests = {
        "dangling": lambda wanted: (not image.tags) == (wanted in ("true", "1")),
        "label": lambda wanted: matches_label(image.labels, wanted),
        "reference": lambda wanted: any(
            tag == with_tag(wanted) or tag.rpartition(":")[0] == wanted for tag in image.tags
        ),
    }
    return all(any(tests[name](wanted) for wanted in values) for name, values in filters.items() if name in tests)


def _spoilt(row: dict[str, Any], number: int) -> dict[str, Any]:
    """A row as no engine should send it: keys missing, null, or of a wrong type."""
    keys = list(row)
    key = keys[1:][number % (len(keys) - 1)]
    form = number // (len(keys) - 1) % 3
    if form == 0:
        return {name: value for name, value in row.items() if name != key}
    return {**row, key: None if form == 1 else 42}
