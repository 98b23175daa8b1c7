"""Which containers that run have a folder of the host."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from desktop.core.connecting import open_streams

from . import port_records as records
from .question import ask

DEADLINE_S = 10.0


async def users_of(socket: Path, folder: str) -> list[str]:
    """The names of those with `folder`, something in it, or something that it is in."""
    body = await ask(lambda: open_streams(socket, DEADLINE_S), "/containers/json", DEADLINE_S)
    return [
        one.name
        for one in records.containers(body)
        if any(_touch(folder, mount.source) for mount in one.mounts or ())
    ]  # fmt: skip


def _touch(folder: str, source: str) -> bool:
    one, other = PurePosixPath(folder), PurePosixPath(source)
    return bool(source) and (other.is_relative_to(one) or one.is_relative_to(other))
