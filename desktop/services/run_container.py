"""A new container: created and started by the engine, or not there at all."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

from desktop.core.errors import EngineError
from desktop.engine import creation
from desktop.engine.client import EngineClient
from desktop.engine.creation import Created
from desktop.engine.errors import EngineGone

from .engine import EngineService, next_step


async def run_container(engine: EngineService, name: str, body: Mapping[str, Any]) -> Created:
    """Returns when its row is there. `body` is that of `POST /containers/create`; without a name the engine makes one.

    Raises EngineError with the engine's words. One that could not be started is removed again: the next try may
    have its name.
    """
    what = "The container could not be created"
    client = engine.client
    if client is None:
        raise EngineError(what, "the engine is not connected")
    try:
        created = await client.call(creation.create, name, body)
        what = "The container could not be started"
        await _start(client, created.id)
    except EngineError as error:
        why = error.why or error.what
        raise EngineError(what, why, next_step(why)) from error
    with contextlib.suppress(EngineError):  # it runs; the next connection lists it
        await engine.look_at(created.id)
    return created


async def _start(client: EngineClient, id: str) -> None:
    try:
        await client.start(id)
    except EngineGone:
        raise  # whether it runs is not known
    except EngineError:
        with contextlib.suppress(EngineError):
            await client.remove(id, force=True, volumes=True)
        raise
