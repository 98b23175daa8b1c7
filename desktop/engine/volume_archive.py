"""A volume's content as a tar: out of the engine, into it, and from one volume into another."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from desktop.core.errors import EngineError

from .objects import list_volumes
from .saved_file import saved_tar
from .volume_helper import FOLDER, filling, resting

PIECE_BYTES = 1 << 18


class Watch:
    """What a worker thread tells of its progress, and how it is told to stop."""

    def __init__(self, moved: Callable[[int], None] = lambda moved_bytes: None) -> None:
        self._moved = moved
        self._bytes = 0
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def over(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            if self._stop.is_set():
                raise EngineError("The transfer was cancelled")
            self._bytes += len(piece)
            self._moved(self._bytes)
            yield piece


def export_volume(sdk: Any, volume: str, path: Path, watch: Watch) -> None:
    """Writes a tar for this user alone; what was at `path` stays until the whole of it is written."""
    with resting(sdk, volume, writes=False) as helper, _content(sdk, helper) as content, saved_tar(path) as write:
        for piece in watch.over(content):
            write(piece)


def import_volume(sdk: Any, volume: str, path: Path, watch: Watch) -> None:
    """Makes the volume from a tar, which may be compressed with gzip, bzip2, xz or zstd."""
    with _pieces_of(path) as pieces, _new_volume(sdk, volume) as helper:
        _fill(sdk, helper, watch.over(pieces))


def clone_volume(sdk: Any, volume: str, new: str, watch: Watch) -> None:
    with (
        resting(sdk, volume, writes=False) as source,
        _new_volume(sdk, new) as target,
        _content(sdk, source) as content,
    ):
        _fill(sdk, target, watch.over(content))


@contextlib.contextmanager
def _content(sdk: Any, helper: str) -> Iterator[Iterator[bytes]]:
    url, params = sdk._url("/containers/{0}/archive", helper), {"path": f"{FOLDER}/."}
    response = sdk._get(url, params=params, stream=True)
    with contextlib.closing(response):
        sdk._raise_for_status(response)
        yield response.iter_content(PIECE_BYTES)


def _fill(sdk: Any, helper: str, pieces: Iterator[bytes]) -> None:
    # Not the SDK's own, which does not tell when the engine refused.
    sdk._raise_for_status(
        sdk._put(sdk._url("/containers/{0}/archive", helper), params={"path": FOLDER}, data=pieces)
    )


@contextlib.contextmanager
def _new_volume(sdk: Any, name: str) -> Iterator[str]:
    """The container of a volume that was not there before, and is not if filling fails. Others keep what they hold."""
    if any(found.name == name for found in list_volumes(sdk)):
        raise EngineError(f"There is a volume {name} already")
    with filling(sdk, name) as helper:
        yield helper


@contextlib.contextmanager
def _pieces_of(path: Path) -> Iterator[Iterator[bytes]]:
    with _file_errors("The file cannot be read"):
        file = open(path, "rb")

    def pieces() -> Iterator[bytes]:
        while True:
            with _file_errors("The file cannot be read"):
                piece = file.read(PIECE_BYTES)
            if not piece:
                return
            yield piece

    with file:
        yield pieces()


@contextlib.contextmanager
def _file_errors(what: str) -> Iterator[None]:
    """Around the file alone: what requests raises is an OSError too."""
    try:
        yield
    except OSError as error:
        raise EngineError(what, error.strerror or str(error)) from error
