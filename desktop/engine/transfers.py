"""What moves whole images: pull, push, save, load and build. Blocking calls that tell how they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import docker
from docker.errors import DockerException

from desktop.core.errors import EngineError

from .convert import images_of
from .long_call import LongSdk
from .messages import Layers
from .saved_file import saved_tar

HUB = "docker.io"
BLOCK = 1 << 18


class Told(Protocol):
    """Who is told how a call goes; see services/job_report.py."""

    def bytes(self, done: int, total: int = 0) -> None: ...
    def say(self, **facts: Any) -> None: ...
    def line(self, text: str) -> None: ...
    def part(self, key: str, words: str) -> None: ...


def pull(sdk: LongSdk, reference: str, platform: str, told: Told) -> None:
    """`platform` is `os/arch[/variant]`; empty: the engine's own."""
    login = _login(reference, told)
    _follow(sdk.pull(reference, stream=True, decode=True, auth_config=login, platform=platform or None), told)


def push(sdk: LongSdk, reference: str, told: Told) -> None:
    _follow(sdk.push(reference, stream=True, decode=True, auth_config=_login(reference, told)), told)


def save(
    sdk: LongSdk, images: Mapping[str, Sequence[str]], path: Path, expected_bytes: int, told: Told
) -> None:
    """A file as `docker save` writes it, whole or not there at all: of `images`, by their ids, with the tags of each.

    A tag that names another image by now is left out.
    """
    while True:
        names = _names_of(sdk, images)
        response = sdk._get(sdk._url("/images/get"), params={"names": names}, stream=True)
        sdk._raise_for_status(response)
        with closing(response):
            blocks = response.iter_content(BLOCK)
            first = next(blocks, b"")
            if _names_of(sdk, images) == names:  # else a tag was moved while the engine looked for what it names
                _write(path, chain((first,), blocks), expected_bytes, told)
                break
    for tag in {tag for tags in images.values() for tag in tags}.difference(names):
        told.line(f"{tag} names another image by now, and is not in the file")


def _names_of(sdk: LongSdk, images: Mapping[str, Sequence[str]]) -> list[str]:
    """What to ask for: an engine keeps a tag in the file only of an image that is asked for by it."""
    known = {image.id: image.tags for image in images_of(sdk.list_images())}
    return [
        name for id, tags in images.items() for name in [tag for tag in tags if tag in known.get(id, ())] or [id]
    ]


def _write(path: Path, blocks: Iterable[bytes], expected_bytes: int, told: Told) -> None:
    done = 0
    with saved_tar(path) as write:
        for block in blocks:
            done = write(block)
            told.bytes(done, max(done, expected_bytes))
    told.bytes(done, done)


def load(sdk: LongSdk, path: Path, told: Told) -> None:
    try:
        file = open(path, "rb")
    except OSError as error:
        raise EngineError(f"{path} cannot be read", error.strerror or str(error)) from error
    with file:
        total = path.stat().st_size
        sdk.sent = lambda amount: told.bytes(amount, total)
        _follow(sdk.load_image(file, quiet=True), told)


def build(sdk: LongSdk, folder: Path, tag: str, dockerfile: str, told: Told) -> None:
    """Sends the folder, without what .dockerignore names, and follows the engine's classic builder."""
    if not folder.is_dir():
        raise EngineError(f"{folder} cannot be read", "there is no such folder")
    told.say(step="packing")
    sdk.sent = lambda amount: told.bytes(amount)
    try:
        stream = sdk.build(
            str(folder), tag=tag or None, dockerfile=dockerfile or None, rm=True, forcerm=True, decode=True,
            use_config_proxy=False,
        )  # fmt: skip
    except OSError as error:
        if error.errno is None or error.filename is None:  # requests' errors are OSErrors too
            raise
        raise EngineError(f"{error.filename} cannot be read", error.strerror or str(error)) from error
    told.say(step="building")
    _follow(stream, told)


def host_of(reference: str) -> str:
    """The registry that a reference is about."""
    host: str = docker.auth.split_repo_name(reference)[0]
    return host


def _follow(messages: Iterable[Any], told: Told) -> None:
    layers = Layers(told)
    for message in messages:
        if isinstance(message, dict):
            layers.take(message)


def _login(reference: str, told: Told) -> dict[str, Any]:
    """What docker's own configuration and credential helpers say; nothing of it is kept."""
    try:
        found = docker.auth.load_config().resolve_authconfig(host_of(reference))
    except (DockerException, ValueError, TypeError, AttributeError, KeyError) as error:
        told.line(f"docker's login cannot be used: {error}")
        found = None
    return found or {}
