"""A new container: created and started by the engine, or not there at all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from desktop.core.errors import EngineError
from desktop.engine import creation
from desktop.engine.client import EngineClient
from desktop.engine.creation import Created
from desktop.engine.errors import EngineGone

from .engine import EngineService, next_step


async def run_container(
    engine: EngineService, name: str, body: Mapping[str, Any], is_wanted: Callable[[], bool] = lambda: True
) -> Created | None:
    """Returns when its row is there. `body` is that of `POST /containers/create`; without a name the engine makes one.

    Raises EngineError with the engine's words. One that could not be started is removed again: the next try may
    have its name. So is one that is wanted no more when the engine has made it: None comes back.
    """
    what = "The container could not be created"
    client = engine.connected(what)
    try:
        created = await client.call(creation.create, name, body)
        if is_wanted():
            what = "The container could not be started"
            try:
                await _start(client, created.id)
            except EngineGone:  # whether it runs is not known
                if is_wanted():
                    raise
        if not is_wanted():
            what = "The container could not be removed"
            await _take_away(engine, created.id)
            return None
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
        raise
    except EngineError:
        with contextlib.suppress(EngineError):
            await client.remove(id, force=True, volumes=True)
        raise


async def _take_away(engine: EngineService, id: str) -> None:
    """By whatever connection there is: the one that made it may have been given up while the engine hung."""
    changed = asyncio.Event()
    disconnect = engine.link_changed.connect(lambda _: changed.set())
    try:
        while True:
            changed.clear()
            if (client := engine.client) is not None:
                with contextlib.suppress(EngineGone):
                    return await client.remove(id, force=True, volumes=True)
            await changed.wait()
    finally:
        disconnect()
