"""The part of the Engine API that is about volumes, networks, and files of containers that mount a volume."""

from __future__ import annotations

import asyncio
import gzip

from .containers import Container
from .engine import Engine
from .http import Answer, Hijacked, Request, Streamed
from .volumes import Volume

Reply = Answer | Streamed | Hijacked


async def volumes(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, {"Volumes": engine.volumes.rows(), "Warnings": None})


async def volume(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, engine.volumes.get(id).row())


async def volume_create(engine: Engine, request: Request, id: str) -> Reply:
    wish = request.json()
    made = engine.volumes.create(wish.get("Name") or "", wish.get("Driver") or "local", wish.get("Labels"))
    return Answer(201, made.row())


async def volume_remove(engine: Engine, request: Request, id: str) -> Reply:
    engine.volumes.remove(id)
    return Answer(204)


async def networks(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, [network.row() for network in engine.networks])


async def network(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, engine.networks.get(id).row())


async def network_create(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(201, {"Id": engine.networks.create(request.json()).id, "Warning": ""})


async def network_remove(engine: Engine, request: Request, id: str) -> Reply:
    engine.networks.remove(engine.networks.get(id))
    return Answer(204)


async def network_connect(engine: Engine, request: Request, id: str) -> Reply:
    await engine.networks.join(engine.networks.get(id), _named(engine, request))
    return Answer(200)


async def network_disconnect(engine: Engine, request: Request, id: str) -> Reply:
    await engine.networks.leave(engine.networks.get(id), _named(engine, request))
    return Answer(200)


async def archive_get(engine: Engine, request: Request, id: str) -> Reply:
    await asyncio.sleep(0)
    mounted = _mounted(engine, request, id)
    if request.query.get("path", "").endswith("/.") and mounted is not None and not mounted[1]:
        answer = Answer(200, mounted[0].pack(), {"Content-Type": "application/x-tar"})
    else:
        answer = engine.files.archive(engine.containers.get(id), request)
    if "gzip" in request.headers.get("accept-encoding", "") and isinstance(answer.value, bytes):
        return Answer(200, gzip.compress(answer.value), {**answer.headers, "Content-Encoding": "gzip"})
    return answer


async def archive_put(engine: Engine, request: Request, id: str) -> Reply:
    mounted = _mounted(engine, request, id)
    if mounted is None:
        return engine.files.put(engine.containers.get(id), request)
    volume, folder = mounted
    volume.unpack(request.body, folder)
    return Answer(200)


def _named(engine: Engine, request: Request) -> Container:
    return engine.containers.get(str(request.json().get("Container") or ""))


def _mounted(engine: Engine, request: Request, id: str) -> tuple[Volume, str] | None:
    path = request.query.get("path", "").removesuffix("/.")
    return engine.files.volume_at(engine.containers.get(id), path)
