"""The Engine API over the pretended engine: which request does what."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from . import objects_api, shapes, transfers
from .attach import attach, logs
from .containers import Container
from .engine import Engine
from .events import follow, line_of
from .http import Answer, ApiError, CutOff, Hijacked, Request, Streamed
from .listing import filters_of, list_containers, list_images

Reply = Answer | Streamed | Hijacked
Route = Callable[[Engine, Request, str], Awaitable[Reply]]

_VERSIONED = re.compile(r"/v(\d+)\.(\d+)(/.*)")


async def answer(engine: Engine, request: Request) -> Reply:
    """Answers one request, through the faults that are on."""
    faults = engine.faults
    if faults.engine_drops:
        raise CutOff
    while faults.engine_hangs:
        await asyncio.sleep(0.02)
    await asyncio.sleep(faults.engine_slow_s)
    if faults.engine_answers:
        raise ApiError(500, faults.engine_answers)
    if faults.refusal and request.method in ("POST", "DELETE"):
        raise ApiError(500, faults.refusal)
    path = _unversioned(request.path, faults.api_version)
    for method, pattern, handler in _ROUTES:
        found = pattern.fullmatch(path)
        if found and method == request.method.replace("HEAD", "GET"):
            return await handler(engine, request, found.groupdict().get("id") or "")
    raise ApiError(404, "page not found")


def _unversioned(path: str, newest: str) -> str:
    found = _VERSIONED.fullmatch(path)
    if found is None:
        return path
    asked = (int(found[1]), int(found[2]))
    if asked > _numbers(newest):
        raise ApiError(
            400,
            f"client version {found[1]}.{found[2]} is too new. Maximum supported API version is {newest}",
        )
    if asked < _numbers(shapes.MIN_API_VERSION):
        raise ApiError(
            400,
            f"client version {found[1]}.{found[2]} is too old. Minimum supported API version is "
            f"{shapes.MIN_API_VERSION}, please upgrade your client to a newer version",
            is_plain=True,
        )
    return found[3]


def _numbers(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)


async def _ping(engine: Engine, request: Request, id: str) -> Reply:
    headers = {
        "Api-Version": engine.faults.api_version,
        "Builder-Version": "2",
        "Docker-Experimental": "false",
        "Ostype": "linux",
        "Swarm": "inactive",
        "Cache-Control": "no-cache, no-store, must-revalidate",
        "Pragma": "no-cache",
    }
    return Answer(200, b"OK", headers)


async def _version(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, shapes.version(engine.faults.api_version))


async def _info(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, shapes.info(engine.containers, engine.images))


async def _auth(engine: Engine, request: Request, id: str) -> Reply:
    """The registry that is played knows one password."""
    if request.json().get("password") != "right":
        raise ApiError(401, "Get \"https://registry.example/v2/\": unauthorized: incorrect username or password")
    return Answer(200, {"IdentityToken": "", "Status": "Login Succeeded"})


async def _disk_use(engine: Engine, request: Request, id: str) -> Reply:
    volumes = engine.volumes.rows(measured=True)
    if request.query.get("type") == "volume":
        return Answer(200, {"Volumes": volumes})
    images = [
        shapes.image_row(item, len(engine.containers.using(item.id)), engine.images.shared_bytes(item))
        for item in engine.images
    ]
    size = engine.images.layers_bytes()
    if request.query.get("type") == "image":
        return Answer(200, {"LayersSize": size, "Images": images})
    containers = [shapes.container_row(item, time.time()) for item in engine.containers]
    return Answer(
        200, {"LayersSize": size, "Images": images, "Containers": containers, "Volumes": volumes, "BuildCache": []}
    )


async def _events(engine: Engine, request: Request, id: str) -> Reply:
    lines = _event_lines(engine, filters_of(request), request.moment_ns("since"), request.moment_ns("until"))
    return Streamed(lines)


async def _event_lines(
    engine: Engine, filters: dict[str, list[str]], since_ns: int | None, until_ns: int | None
) -> AsyncIterator[bytes]:
    async for item in follow(engine.events, filters, since_ns, until_ns):
        if isinstance(item, dict):
            yield line_of(item)
            continue
        for chunk in item.chunks:
            yield chunk
        if item.cut:
            raise CutOff


async def _containers(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, list_containers(engine, request))


async def _create(engine: Engine, request: Request, id: str) -> Reply:
    if not request.body:
        raise ApiError(400, "invalid JSON: got EOF while reading request body")
    container = engine.containers.create(request.query.get("name", ""), request.json())
    engine.networks.place(container)
    for name, _ in container.mounts:
        engine.volumes.create(name)
    return Answer(201, {"Id": container.id, "Warnings": []})


async def _inspect(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(id)
    detail = shapes.container_detail(container, engine.images.find(container.image_id))
    detail["ExecIDs"] = [item.id for item in engine.execs.running if item.container is container] or None
    return Answer(200, detail)


async def _start(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(id)
    engine.networks.require(container)
    await engine.containers.start(container)
    return Answer(204)


async def _stop(engine: Engine, request: Request, id: str) -> Reply:
    await engine.containers.stop(engine.containers.get(id), _timeout(request), _signal(request, signal.SIGTERM))
    return Answer(204)


async def _restart(engine: Engine, request: Request, id: str) -> Reply:
    await engine.containers.restart(engine.containers.get(id), _timeout(request))
    return Answer(204)


async def _kill(engine: Engine, request: Request, id: str) -> Reply:
    try:
        engine.containers.kill(engine.containers.get(id), _signal(request, signal.SIGKILL))
    except ApiError as error:
        raise ApiError(error.status, f"cannot kill container: {id}: {error.message}") from error
    return Answer(204)


async def _pause(engine: Engine, request: Request, id: str) -> Reply:
    engine.containers.pause(engine.containers.get(id))
    return Answer(204)


async def _unpause(engine: Engine, request: Request, id: str) -> Reply:
    engine.containers.unpause(engine.containers.get(id))
    return Answer(204)


async def _rename(engine: Engine, request: Request, id: str) -> Reply:
    engine.containers.rename(engine.containers.get(id), request.query.get("name", ""))
    return Answer(204)


async def _commit(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(request.query.get("container", ""))
    reference = f"{request.query.get('repo', '')}:{request.query.get('tag') or 'latest'}"
    return Answer(201, {"Id": engine.images.bring(reference, 0, f"Committed from {container.name}").id})


async def _resize(engine: Engine, request: Request, id: str) -> Reply:
    engine.containers.get(id)
    return Answer(200)


async def _remove(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(id)
    await engine.containers.remove(container, id, request.flag("force"))
    for name in container.unnamed.values() if request.flag("v") else ():
        engine.volumes.remove(name)
    return Answer(204)


async def _wait(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(id)
    condition = request.query.get("condition") or "not-running"
    ended = container.ended
    if condition == "removed":
        ended = container.gone
    elif condition == "not-running" and not container.running:
        return Answer(200, {"StatusCode": container.exit_code})
    return Streamed(_waiting(container, ended))


async def _waiting(container: Container, ended: asyncio.Event) -> AsyncIterator[bytes]:
    await ended.wait()
    yield json.dumps({"StatusCode": container.exit_code}).encode() + b"\n"


async def _logs(engine: Engine, request: Request, id: str) -> Reply:
    return logs(engine.containers.get(id), request)


async def _attach(engine: Engine, request: Request, id: str) -> Reply:
    return attach(engine.containers.get(id), request, engine.containers.end_input)


async def _exec_create(engine: Engine, request: Request, id: str) -> Reply:
    return engine.execs.create(engine.containers.get(id), request.json())


async def _exec_start(engine: Engine, request: Request, id: str) -> Reply:
    return engine.execs.start(request, id)


async def _exec_resize(engine: Engine, request: Request, id: str) -> Reply:
    return engine.execs.resize(request, id)


async def _exec_inspect(engine: Engine, request: Request, id: str) -> Reply:
    return engine.execs.state(id)


async def _stats(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(id)
    if not request.flag("stream") and "stream" in request.query:
        if request.flag("one-shot"):
            return Answer(200, shapes.stats(container, time.time(), None, is_alone=True))
        before = time.time()
        await asyncio.sleep(1.0 if container.running else 0.0)  # dockerd takes two samples for one answer
        return Answer(200, shapes.stats(container, time.time(), before))
    return Streamed(_samples(engine, container.id))


async def _samples(engine: Engine, id: str) -> AsyncIterator[bytes]:
    before: float | None = None
    while any(item.id == id for item in engine.containers):
        now = time.time()
        yield json.dumps(shapes.stats(engine.containers.get(id), now, before)).encode() + b"\n"
        before = now
        await asyncio.sleep(1.0)


async def _top(engine: Engine, request: Request, id: str) -> Reply:
    container = engine.containers.get(id)
    if not container.running:
        raise ApiError(409, f"container {container.id} is not running")
    row = ["root", str(container.pid), "1", "0", "00:00", "?", "00:00:00", " ".join(container.argv)]
    return Answer(200, {"Titles": ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"], "Processes": [row]})


async def _changes(engine: Engine, request: Request, id: str) -> Reply:
    if engine.faults.no_diff:
        raise ApiError(500, engine.faults.no_diff)
    return engine.files.changes(engine.containers.get(id))


async def _prune(engine: Engine, request: Request, id: str) -> Reply:
    idle = [item for item in engine.containers if not item.running]
    for item in idle:
        await engine.containers.remove(item, item.id)
    return Answer(200, {"ContainersDeleted": [item.id for item in idle] or None, "SpaceReclaimed": 0})


async def _images(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, list_images(engine, request))


async def _image(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, shapes.image_detail(engine.images.get(id)))


async def _history(engine: Engine, request: Request, id: str) -> Reply:
    image = engine.images.get(id)
    return Answer(200, shapes.history(image))


async def _image_tag(engine: Engine, request: Request, id: str) -> Reply:
    repository = request.query.get("repo", "")
    engine.images.tag(engine.images.get(id), f"{repository}:{request.query.get('tag') or 'latest'}")
    return Answer(201)


async def _image_remove(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, engine.images.remove(id, request.flag("force")))


async def _image_bring(engine: Engine, request: Request, id: str) -> Reply:
    """`docker import` of a sent tar, and `docker pull`."""
    repository, tag = request.query.get("repo", ""), request.query.get("tag", "")
    if "fromImage" in request.query:
        return transfers.pull(engine, request)
    reference = f"{repository}:{tag}" if repository and tag else repository
    image = engine.images.bring(reference, len(request.body), request.query.get("message") or "Imported from -")
    image.labels = dict(re.findall(r'"([^"]+)"="([^"]*)"', request.query.get("changes", "")))
    return Answer(200, {"status": image.id})


async def _image_push(engine: Engine, request: Request, id: str) -> Reply:
    return transfers.push(engine, request, id)


async def _image_save(engine: Engine, request: Request, id: str) -> Reply:
    return transfers.save(engine, request)


async def _image_load(engine: Engine, request: Request, id: str) -> Reply:
    return transfers.load(engine, request)


async def _build(engine: Engine, request: Request, id: str) -> Reply:
    return transfers.build(engine, request)


async def _images_prune(engine: Engine, request: Request, id: str) -> Reply:
    dangling_only = filters_of(request).get("dangling", ["true"]) != ["false"]
    return Answer(200, engine.images.prune(dangling_only))


async def _nothing_prune(engine: Engine, request: Request, id: str) -> Reply:
    return Answer(200, {"CachesDeleted": None, "VolumesDeleted": None, "SpaceReclaimed": 0})


def _timeout(request: Request) -> float | None:
    text = request.query.get("t", "")
    try:
        return float(text) if text else None
    except ValueError:
        raise ApiError(500, f'strconv.Atoi: parsing "{text}": invalid syntax') from None


def _signal(request: Request, default: signal.Signals) -> int:
    text = request.query.get("signal", "").upper()
    if not text:
        return default
    if text.isdigit() and int(text) in signal.valid_signals():
        return int(text)
    try:
        return signal.Signals["SIG" + text.removeprefix("SIG")]
    except KeyError:
        raise ApiError(400, f"invalid signal: {request.query['signal']}") from None


_NAME = r"(?P<id>[^/]+)"
_IMAGE = r"(?P<id>.+)"
_ROUTES: list[tuple[str, re.Pattern[str], Route]] = [
    (method, re.compile(pattern), handler)
    for method, pattern, handler in (
        ("GET", "/_ping", _ping),
        ("GET", "/version", _version),
        ("GET", "/info", _info),
        ("GET", "/system/df", _disk_use),
        ("POST", "/auth", _auth),
        ("GET", "/events", _events),
        ("GET", "/containers/json", _containers),
        ("POST", "/containers/create", _create),
        ("POST", "/containers/prune", _prune),
        ("GET", f"/containers/{_NAME}/json", _inspect),
        ("GET", f"/containers/{_NAME}/logs", _logs),
        ("GET", f"/containers/{_NAME}/stats", _stats),
        ("GET", f"/containers/{_NAME}/top", _top),
        ("GET", f"/containers/{_NAME}/changes", _changes),
        ("POST", f"/containers/{_NAME}/start", _start),
        ("POST", f"/containers/{_NAME}/stop", _stop),
        ("POST", f"/containers/{_NAME}/restart", _restart),
        ("POST", f"/containers/{_NAME}/kill", _kill),
        ("POST", f"/containers/{_NAME}/pause", _pause),
        ("POST", f"/containers/{_NAME}/unpause", _unpause),
        ("POST", f"/containers/{_NAME}/rename", _rename),
        ("POST", f"/containers/{_NAME}/resize", _resize),
        ("POST", f"/containers/{_NAME}/wait", _wait),
        ("POST", f"/containers/{_NAME}/attach", _attach),
        ("POST", f"/containers/{_NAME}/exec", _exec_create),
        ("POST", f"/exec/{_NAME}/start", _exec_start),
        ("POST", f"/exec/{_NAME}/resize", _exec_resize),
        ("GET", f"/exec/{_NAME}/json", _exec_inspect),
        ("DELETE", f"/containers/{_NAME}", _remove),
        ("POST", "/commit", _commit),
        ("GET", "/images/json", _images),
        ("POST", "/images/create", _image_bring),
        ("POST", "/images/load", _image_load),
        ("POST", "/images/prune", _images_prune),
        ("POST", "/build", _build),
        ("POST", "/build/prune", _nothing_prune),
        ("POST", "/volumes/prune", _nothing_prune),
        ("GET", "/images/get", _image_save),
        ("POST", f"/images/{_IMAGE}/push", _image_push),
        ("GET", f"/images/{_IMAGE}/json", _image),
        ("GET", f"/images/{_IMAGE}/history", _history),
        ("POST", f"/images/{_IMAGE}/tag", _image_tag),
        ("DELETE", f"/images/{_IMAGE}", _image_remove),
        ("GET", "/networks", objects_api.networks),
        ("POST", "/networks/create", objects_api.network_create),
        ("GET", f"/networks/{_NAME}", objects_api.network),
        ("DELETE", f"/networks/{_NAME}", objects_api.network_remove),
        ("POST", f"/networks/{_NAME}/connect", objects_api.network_connect),
        ("POST", f"/networks/{_NAME}/disconnect", objects_api.network_disconnect),
        ("GET", "/volumes", objects_api.volumes),
        ("POST", "/volumes/create", objects_api.volume_create),
        ("GET", f"/volumes/{_NAME}", objects_api.volume),
        ("DELETE", f"/volumes/{_NAME}", objects_api.volume_remove),
        ("GET", f"/containers/{_NAME}/archive", objects_api.archive_get),
        ("PUT", f"/containers/{_NAME}/archive", objects_api.archive_put),
    )
]
