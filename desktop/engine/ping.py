"""Asks an engine the few things a supervisor must know of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from desktop.core.connecting import open_streams
from desktop.core.errors import EngineError

from .json_values import mapping
from .question import ask

PING_DEADLINE_S = 30.0
REPLY_DEADLINE_S = 5.0


async def ping(socket: Path) -> None:
    """Returns when the engine itself has answered.

    Before it serves, an engine already takes connections and lets them wait: a long deadline is answered sooner
    than short ones that are tried again.
    """
    await _get(socket, "/_ping", PING_DEADLINE_S)


async def version(socket: Path, deadline_s: float = REPLY_DEADLINE_S) -> dict[str, Any]:
    return _record(await _get(socket, "/version", deadline_s))


async def info(socket: Path, deadline_s: float = REPLY_DEADLINE_S) -> dict[str, Any]:
    return _record(await _get(socket, "/info", deadline_s))


async def _get(socket: Path, path: str, deadline_s: float) -> bytes:
    return await ask(lambda: open_streams(socket, deadline_s), path, deadline_s)


def _record(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise EngineError("The engine's answer makes no sense", str(error)) from error
    return mapping(found)
