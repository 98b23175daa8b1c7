"""Pull, push, save, load and build of the pretended engine, in the messages that dockerd sends."""

from __future__ import annotations

import asyncio
import io
import json
import secrets
import tarfile
from collections.abc import AsyncIterator, Callable
from typing import Any

from .engine import Engine
from .http import Answer, ApiError, CutOff, Request, Streamed
from .images import Image, with_tag

LAYERS, LAYER_BYTES, PIECES = 3, 4_000_000, 8
_DENIED = "pull access denied for %s, repository does not exist or may require 'docker login'"


def pull(engine: Engine, request: Request) -> Streamed:
    name, tag = request.query["fromImage"], request.query.get("tag") or "latest"
    reference = name if "@" in name else f"{name}:{tag}"
    if not engine.faults.registry:
        host = "registry-1.docker.io"
        raise ApiError(500, f'Get "https://{host}/v2/": dial tcp: lookup {host}: no such host')
    if engine.faults.registry == "login":
        raise ApiError(404, _DENIED % name)

    def done() -> None:
        image = engine.images.bring(reference, LAYERS * LAYER_BYTES, "")
        image.command = [request.query.get("platform", "")]

    return Streamed(_moving(engine, "Downloading", "Pull complete", f"Pulling from {name}", done))


def push(engine: Engine, request: Request, name: str) -> Streamed:
    engine.images.get(f"{name}:{request.query.get('tag') or 'latest'}")
    words = f"The push refers to repository [{name}]"
    if engine.faults.registry == "login":
        return Streamed(_failing(words, "no basic auth credentials"))
    return Streamed(_moving(engine, "Pushing", "Pushed", words, lambda: None))


def save(engine: Engine, request: Request) -> Streamed:
    """The tar of one image, the last that is named, with the tag that names it; this server's query holds one."""
    name = request.query.get("names", "")
    image = engine.images.get(name)
    tags = [with_tag(name)] if with_tag(name) in image.tags else []
    return Streamed(_tar_of(engine, image, tags), "application/x-tar")


def load(engine: Engine, request: Request) -> Answer | Streamed:
    try:
        with tarfile.open(fileobj=io.BytesIO(request.body)) as tar:
            file = tar.extractfile("manifest.json")
            found = json.loads(file.read()) if file is not None else []
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise ApiError(500, "Error processing tar file: unexpected EOF") from error
    for tag in (tags := found[0]["RepoTags"] or ()):
        engine.images.bring(tag, len(request.body), "")
    return Streamed(_lines({"stream": f"Loaded image: {tag}\n"} for tag in tags))


def build(engine: Engine, request: Request) -> Streamed:
    with tarfile.open(fileobj=io.BytesIO(request.body)) as tar:
        names = tar.getnames()
    name = request.query.get("dockerfile") or "Dockerfile"
    if name not in names:
        raise ApiError(400, f"Cannot locate specified Dockerfile: {name}")
    return Streamed(_building(engine, names, request.query.get("t", "")))


async def _moving(
    engine: Engine, verb: str, end: str, first: str, done: Callable[[], None]
) -> AsyncIterator[bytes]:
    faults, ids = engine.faults, [secrets.token_hex(6) for _ in range(LAYERS)]
    yield _line({"status": first})
    for id in ids:
        yield _line({"status": "Waiting", "id": id, "progressDetail": {}})
    for piece in range(1, PIECES + 1):
        for id in ids:
            amounts = {"current": LAYER_BYTES * piece // PIECES, "total": LAYER_BYTES}
            yield _line({"status": verb, "id": id, "progressDetail": amounts})
        await asyncio.sleep(faults.registry_step_s)
        if faults.registry == "cut" and piece > PIECES // 2:
            raise CutOff
    for id in ids:
        yield _line({"status": end, "id": id, "progressDetail": {}})
    done()
    yield _line({"status": f"Digest: sha256:{secrets.token_hex(32)}"})


async def _failing(first: str, why: str) -> AsyncIterator[bytes]:
    yield _line({"status": first})
    yield _line({"error": why, "errorDetail": {"message": why}})


async def _tar_of(engine: Engine, image: Image, tags: list[str]) -> AsyncIterator[bytes]:
    config = f"{image.id.removeprefix('sha256:')}.json"
    manifest = json.dumps([{"Config": config, "RepoTags": tags or None, "Layers": []}]).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        head = tarfile.TarInfo("manifest.json")
        head.size = len(manifest)
        tar.addfile(head, io.BytesIO(manifest))
    yield packed.getvalue()[:1024]
    await asyncio.sleep(engine.faults.registry_step_s)
    if engine.faults.registry == "cut":
        raise CutOff
    yield packed.getvalue()[1024:]


async def _building(engine: Engine, names: list[str], tag: str) -> AsyncIterator[bytes]:
    image = Image(f"sha256:{secrets.token_hex(32)}", size_bytes=LAYER_BYTES)
    yield _line({"stream": "Step 1/2 : FROM scratch\n"})
    await asyncio.sleep(engine.faults.registry_step_s)
    yield _line({"stream": "Step 2/2 : COPY . /\n"})
    for name in sorted(names):
        yield _line({"stream": f" ---> {name}\n"})
    engine.images.add(image)
    if tag:
        engine.images.tag(image, with_tag(tag))
    yield _line({"aux": {"ID": image.id}})
    yield _line({"stream": f"Successfully built {image.id[7:19]}\n"})


async def _lines(messages: Any) -> AsyncIterator[bytes]:
    for message in messages:
        yield _line(message)


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\r\n"
