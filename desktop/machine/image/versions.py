"""Keeps the versions of a build side by side: finds one, puts a new one in its place all at once."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from desktop.core.errors import ImageError
from desktop.core.paths import private_folder

from . import manifest
from .manifest import Manifest

_WORK = ".work-"
_OLD = ".old-"
LOCK_POLL_S = 0.2


def newest(folder: Path, architecture: str = "", recipe: str = "") -> Path | None:
    """The version in `folder` that was built last, of this architecture and recipe where these are given."""
    found = []
    for version, record in _versions(folder):
        if architecture in ("", record.architecture) and recipe in ("", record.recipe):
            found.append((record.built_at, version))
    return max(found)[1] if found else None


@contextlib.asynccontextmanager
async def build_folder(folder: Path) -> AsyncIterator[Path]:
    """A folder to build in, on the same disk; one build at a time, and nothing is left of it afterwards."""
    private_folder(folder)
    with (folder / ".lock").open("a") as lock:
        while not _locked(lock.fileno()):
            await asyncio.sleep(LOCK_POLL_S)
        await asyncio.to_thread(remove_leftovers, folder)
        work = Path(tempfile.mkdtemp(prefix=_WORK, dir=folder))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def remove_leftovers(folder: Path) -> None:
    """Removes what an interrupted build left; its lock is free, so that nobody works in it."""
    for leftover in [*folder.glob(f"{_WORK}*"), *folder.glob(f"{_OLD}*")]:
        shutil.rmtree(leftover, ignore_errors=True)


def publish(built: Path, folder: Path, version: str) -> Path:
    """Makes `built`, whole and on the disk, the version `version`; an equal one that is whole stays."""
    target = folder / version
    if target.exists():
        try:
            if manifest.verify_now(target).files == manifest.read(built).files:
                return target
        except ImageError:
            pass
        target.rename(tempfile.mkdtemp(prefix=_OLD, dir=folder))
    _sync(built)
    built.rename(target)
    _sync_folder(folder)
    remove_old(folder)
    return target


def remove_old(folder: Path) -> None:
    for old in folder.glob(f"{_OLD}*"):
        shutil.rmtree(old, ignore_errors=True)


def _versions(folder: Path) -> Iterator[tuple[Path, Manifest]]:
    for version in folder.glob("[!.]*/"):
        with contextlib.suppress(ImageError):
            yield version, manifest.read(version)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            _sync_folder(Path(parent, name))
        _sync_folder(Path(parent))


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
