"""Keeps the versions of a build side by side: finds one, puts a new one in its place all at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.core.errors import ImageError
from desktop.core.paths import private_folder
from desktop.machine.process import take_lock
from desktop.machine.record import sync
from desktop.machine.threads import finish

from . import manifest
from .manifest import Manifest

_WORK = ".work-"
_OLD = ".old-"
LOCK_POLL_S = 0.2
KEPT = 2


def newest(folder: Path, architecture: str = "", recipe: str = "", wished: Path | None = None) -> Path | None:
    """The version in `folder` that was built last, of this architecture and recipe where these are given.

    Or the one that is wished, where it is there.
    """
    found = []
    for version, record in _versions(folder):
        if version == wished:
            return version
        if architecture in ("", record.architecture) and recipe in ("", record.recipe):
            found.append((record.built_at, version))
    return max(found)[1] if found else None


@contextlib.asynccontextmanager
async def build_folder(folder: Path) -> AsyncIterator[Path]:
    """A folder to build in, on the same disk; one build at a time, and nothing is left of it afterwards."""
    private_folder(folder.parent)
    private_folder(folder)
    while (lock := take_lock(folder / ".lock")) is None:
        await asyncio.sleep(LOCK_POLL_S)
    try:
        await finish(remove_leftovers, folder)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
        try:
            yield work
        finally:
            await finish(shutil.rmtree, work, ignore_errors=True)
    finally:
        os.close(lock)


def remove_leftovers(folder: Path) -> None:
    """Removes what an interrupted build left; its lock is free, so that nobody works in it."""
    for leftover in [*folder.glob(f"{_WORK}*"), *folder.glob(f"{_OLD}*")]:
        shutil.rmtree(leftover, ignore_errors=True)


def publish(built: Path, folder: Path, version: str) -> Path:
    """Makes `built` the version `version` once it is on the disk; one that is there and whole stays."""
    target = folder / version
    if target.exists():
        if is_whole(target):
            return target
        target.rename(tempfile.mkdtemp(prefix=_OLD, dir=folder))
    _settle(built)
    built.rename(target)
    sync(folder)
    for old in folder.glob(f"{_OLD}*"):
        shutil.rmtree(old, ignore_errors=True)
    return target


def built_now(folder: Path) -> str:
    """The time of a build, later than those that are there: the clock may have been ahead when they were built."""
    now, last = datetime.now(UTC), newest(folder)
    with contextlib.suppress(ImageError, ValueError, TypeError):
        if last is not None:
            now = max(now, datetime.fromisoformat(manifest.read(last).built_at) + timedelta(seconds=1))
    return now.isoformat(timespec="seconds")


def remove_old(folder: Path, needed: set[Path]) -> None:
    """Leaves what is needed, and the two that were built last: a start that is under way may have chosen the first."""
    built = sorted(((record.built_at, version) for version, record in _versions(folder)), reverse=True)
    for _, version in built[KEPT:]:
        if version not in needed:
            shutil.rmtree(version, ignore_errors=True)


def is_whole(version: Path) -> bool:
    """Whether every file of a version is as it was built."""
    try:
        manifest.verify_now(version)
    except ImageError:
        return False
    return True


def _versions(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    for version in folder.glob("[!.]*/"):
        with contextlib.suppress(ImageError):
            yield version, manifest.read(version)


def _settle(built: Path) -> None:
    """Makes all of it private, with the modes of the manifest, and sees it onto the disk."""
    files = manifest.read(built).files
    for parent, _, names in os.walk(built):
        for name in names:
            path = Path(parent, name)
            record = files.get(path.relative_to(built).as_posix())
            path.chmod(0o700 if record and record.executable else 0o600)
            sync(path)
        os.chmod(parent, 0o700)
        sync(Path(parent))
