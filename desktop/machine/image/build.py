"""Builds the runtime and the guest image from signed Debian packages: atomic, cached, cancellable."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from desktop.machine.threads import finish

from . import apt_config, guest_parts, manifest, runtime_parts, versions
from .debian import Fetched, Order, fetch
from .manifest import Made, Manifest, Package
from .mirror import choose_sources
from .recipe import Kind, Recipe
from .tools import require_room, require_tools


class Step(StrEnum):
    """What a build is doing, in words for a terminal; a window has its own words for each."""

    MIRROR = "looking for a mirror"
    FETCH = "fetching packages"
    MAKE = "putting it together"
    WRITE = "writing it to the disk"


Progress = Callable[[Step, float], None]
"""Told the step that is under way, and how far the whole build is, 0 to 1."""

_FETCHED = 0.8  # how far a build is when all packages are there


@dataclass(frozen=True)
class Request:
    recipe: Recipe
    mirror: str = ""
    """Empty: the host's own."""
    refresh: bool = False
    """Build even where there is a build of this recipe, for newer packages."""


async def build_runtime(folder: Path, request: Request, progress: Progress) -> Path:
    """The runtime below `folder` (`<home>/runtime`), built if it is not there."""
    recipe = request.recipe
    return await _build(folder, "runtime", recipe.fill(recipe.runtime.packages), request, progress)


async def build_guest(folder: Path, request: Request, progress: Progress) -> Path:
    """The guest below `folder` (`<home>/guest`), built if it is not there."""
    recipe = request.recipe
    suite = recipe.suites["engine"].name
    engine = [f"{package}/{suite}" for package in recipe.guest.engine_packages]
    packages = recipe.fill(recipe.guest.packages) + engine
    return await _build(folder, "guest", packages, request, progress)


async def _build(folder: Path, kind: Kind, packages: list[str], request: Request, progress: Progress) -> Path:
    recipe = request.recipe
    parts = recipe.runtime if kind == "runtime" else recipe.guest
    if not request.refresh and (found := await finish(_cached, folder, kind, recipe)):
        return found
    require_tools(recipe.host)
    async with versions.build_folder(folder) as work:
        if not request.refresh and (found := await finish(_cached, folder, kind, recipe)):
            return found  # built by another while we waited
        require_room(work, parts.room_mib)
        progress(Step.MIRROR, 0.0)
        order = Order(
            sources=await choose_sources(recipe, parts.suites, request.mirror),
            prefer=recipe.suites[parts.prefer].name,
            packages=packages,
            architecture=recipe.architecture_name,
            apt_options=await asyncio.to_thread(_transport_options),
            expected_mib=parts.expected_mib,
        )
        fetched = await fetch(order, work, lambda share: progress(Step.FETCH, share * _FETCHED))
        progress(Step.MAKE, _FETCHED)
        built = work / "built"
        made = await _MAKERS[kind](recipe, fetched, built)
        progress(Step.WRITE, 0.95)
        return await finish(_finish, folder, kind, recipe, fetched, built, made)


_MAKERS = {"runtime": runtime_parts.make, "guest": guest_parts.make}


def _cached(folder: Path, kind: Kind, recipe: Recipe) -> Path | None:
    """A build of this recipe that is there and whole."""
    found = versions.newest(folder, recipe.architecture_name, recipe.digest(kind))
    return found if found and versions.is_whole(found) else None


def _transport_options() -> list[str]:
    """Proxies and certificates, as the host's apt has them."""
    return [f'{key} "{value}"' for key, value in apt_config.host_settings().transport]


def _finish(folder: Path, kind: Kind, recipe: Recipe, fetched: Fetched, built: Path, made: Made) -> Path:
    """Describes what was built and puts it in its place."""
    packages = [package for package in fetched.packages if package.name in made.packages]
    version = f"{made.label}-{_digest(recipe.digest(kind), packages)}"
    record = Manifest(
        format=manifest.FORMAT,
        kind=kind,
        version=version,
        architecture=recipe.architecture_name,
        recipe=recipe.digest(kind),
        built_at=versions.built_now(folder),
        facts=made.facts,
        suites=fetched.suites,
        packages=packages,
        files=manifest.record_files(built),
    )
    encoded = msgspec.json.format(msgspec.json.encode(record), indent=1)
    (built / manifest.NAME).write_bytes(encoded)
    return versions.publish(built, folder, version)


def _digest(recipe: str, packages: list[Package]) -> str:
    text = recipe + "".join(f"{package.name}={package.version}\n" for package in packages)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
