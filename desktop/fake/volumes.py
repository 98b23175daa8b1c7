"""Volumes in memory with what is in them, and the engine's refusals."""

from __future__ import annotations

import io
import secrets
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .events import Events
from .http import ApiError
from .shapes import rfc3339


@dataclass
class Volume:
    name: str
    driver: str = "local"
    created_s: float = field(default_factory=time.time)
    labels: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0  # beside its files, so that a big one takes no memory
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def whole_size(self) -> int:
        return self.size_bytes + sum(map(len, self.files.values()))

    def row(self, users: int | None = None) -> dict[str, Any]:
        """An element of /volumes; with `users` one of /system/df."""
        row: dict[str, Any] = {
            "Name": self.name, "Driver": self.driver, "CreatedAt": rfc3339(self.created_s), "Labels": self.labels,
            "Mountpoint": f"/data/docker/volumes/{self.name}/_data", "Options": None, "Scope": "local",
        }  # fmt: skip
        return row if users is None else {**row, "UsageData": {"RefCount": users, "Size": self.whole_size}}

    def pack(self) -> bytes:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            for name, content in self.files.items():
                member = tarfile.TarInfo(f"./{name}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        return packed.getvalue()

    def remove(self, path: str) -> None:
        """A file, or a folder with what is in it."""
        self.files = {name: held for name, held in self.files.items() if not f"{name}/".startswith(f"{path}/")}

    def unpack(self, packed: bytes, folder: str = "") -> None:
        begin = f"{folder}/" if folder else ""
        try:
            with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
                found = {member.name.removeprefix("./"): tar.extractfile(member) for member in tar if member.isfile()}
                self.files |= {begin + name: file.read() for name, file in found.items() if file is not None}
        except (tarfile.TarError, EOFError) as error:
            raise ApiError(500, f"Error processing tar file(exit status 1): {error}") from error


class Volumes:
    """All volumes; `users` says which containers mount one."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._all: dict[str, Volume] = {}
        self.users: Callable[[str], list[str]] = lambda name: []

    def __iter__(self) -> Iterator[Volume]:
        return iter(tuple(self._all.values()))

    def get(self, name: str) -> Volume:
        if name not in self._all:
            raise ApiError(404, f"get {name}: no such volume")
        return self._all[name]

    def add(self, volume: Volume) -> None:
        self._all[volume.name] = volume

    def create(self, name: str, driver: str = "local", labels: dict[str, str] | None = None) -> Volume:
        if name not in self._all:
            made = Volume(name or secrets.token_hex(32), driver, labels=labels or {})
            self.add(made)
            self._events.publish("volume", "create", made.name, {"driver": driver})
            return made
        return self._all[name]

    def remove(self, name: str) -> None:
        self.get(name)
        users = self.users(name)
        if users:
            raise ApiError(409, f"remove {name}: volume is in use - [{', '.join(users)}]")
        del self._all[name]
        self._events.publish("volume", "destroy", name, {"driver": "local"})

    def rows(self, measured: bool = False) -> list[dict[str, Any]]:
        return [volume.row(len(self.users(volume.name)) if measured else None) for volume in self]

    def forget(self) -> None:
        self._all.clear()
