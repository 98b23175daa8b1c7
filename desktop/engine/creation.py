"""A container is created from what the API calls its configuration. A blocking call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .json_values import mapping, sequence, text


class Created(NamedTuple):
    id: str
    warnings: tuple[str, ...]  # in the engine's words


def create(sdk: Any, name: str, body: Mapping[str, Any]) -> Created:
    answer = mapping(sdk.create_container_from_config(dict(body), name or None))
    said = tuple(words for each in sequence(answer.get("Warnings")) if (words := text(each).strip()))
    return Created(text(answer.get("Id")), said)
