"""Joins a container's own input and output: the blocking call."""

from __future__ import annotations

from typing import Any, NamedTuple

from .exec import Begun, taken_over
from .json_values import mapping

_NEVER_TYPED = b"\xff,\xff,\xff"
"""Detach keys, as bytes that no keyboard and no UTF-8 has: without any, dockerd takes Ctrl-P for itself."""


class Attached(NamedTuple):
    """The connection, and what the container is made for."""

    begun: Begun
    has_tty: bool
    takes_input: bool


def attach(sdk: Any, container: str) -> Attached:
    """Blocks. Input is joined only where leaving leaves it open: without a terminal dockerd closes it otherwise."""
    config = mapping(mapping(sdk.inspect_container(container)).get("Config"))
    has_tty = bool(config.get("Tty"))
    takes_input = bool(config.get("OpenStdin")) and (has_tty or not config.get("StdinOnce"))
    wish = {"stdout": 1, "stderr": 1, "stdin": int(takes_input)}
    return Attached(_joined(sdk, container, wish), has_tty, takes_input)


def attach_input(sdk: Any, container: str) -> Begun:
    """Joins its input alone; it need not run yet. Blocks."""
    return _joined(sdk, container, {"stdin": 1})


def _joined(sdk: Any, container: str, wish: dict[str, int]) -> Begun:
    response = sdk._post(
        sdk._url("/containers/{0}/attach", container),
        headers={"Connection": "Upgrade", "Upgrade": "tcp"},
        params={"stream": 1, "detachKeys": _NEVER_TYPED, **wish},
        stream=True,
    )
    return taken_over(sdk, container, response)
