"""Images in memory: tags, who uses them, and the engine's refusals."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .events import Events
from .http import ApiError

BASES = {"debian": 74_810_000}
"""Layers that several images have, in bytes."""


@dataclass
class Image:
    id: str
    tags: list[str] = field(default_factory=list)
    size_bytes: int = 0
    created_s: float = field(default_factory=time.time)
    command: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    comment: str = ""
    base: str = ""  # of BASES: its lowest layers


User = tuple[str, bool]
"""A container that uses an image: its id, and whether it runs."""


class Images:
    """All images of the engine. `users` tells which containers use one."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._all: dict[str, Image] = {}
        self._tags: dict[str, str] = {}
        self.users: Callable[[str], list[User]] = lambda image_id: []

    def __iter__(self) -> Iterator[Image]:
        return iter(tuple(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def find(self, reference: str) -> Image | None:
        known = self._all.get(reference) or self._all.get(self._tags.get(with_tag(reference), ""))
        if known is not None or not reference:
            return known
        wanted = reference if reference.startswith("sha256:") else f"sha256:{reference}"
        found = [image for image in self._all.values() if image.id.startswith(wanted)]
        return found[0] if len(found) == 1 else None

    def get(self, reference: str) -> Image:
        image = self.find(reference)
        if image is None:
            raise ApiError(404, f"No such image: {with_tag(reference)}")
        return image

    def add(self, image: Image) -> None:
        self._all[image.id] = image
        for tag in image.tags:
            self._tags[tag] = image.id

    def forget(self) -> None:
        self._all.clear()
        self._tags.clear()

    def bring(self, reference: str, size_bytes: int, comment: str) -> Image:
        """`docker import`: a new image, tagged where a name is given."""
        image = Image(f"sha256:{secrets.token_hex(32)}", size_bytes=size_bytes, comment=comment)
        self.add(image)
        if reference:
            self.tag(image, reference)
        self._say(image, "import")
        return image

    def shared_bytes(self, image: Image) -> int:
        alone = all(other is image or other.base != image.base for other in self)
        return 0 if alone else BASES.get(image.base, 0)

    def layers_bytes(self) -> int:
        """Each layer once."""
        bases = [image.base for image in self if image.base]
        twice = sum(BASES[base] for base in bases) - sum(BASES[base] for base in set(bases))
        return sum(image.size_bytes for image in self) - twice

    def prune(self, dangling_only: bool) -> dict[str, Any]:
        """Those that no container uses; of them, the ones without a tag, or all."""
        idle = [item for item in self if not self.users(item.id) and not (dangling_only and item.tags)]
        records = [record for item in idle for record in self.remove(item.id, force=True)]
        return {"ImagesDeleted": records or None, "SpaceReclaimed": sum(item.size_bytes for item in idle)}

    def tag(self, image: Image, reference: str) -> None:
        tag = with_tag(reference)
        before = self._all.get(self._tags.get(tag, ""))
        if before is not None:
            before.tags.remove(tag)
        self._tags[tag] = image.id
        image.tags.append(tag)
        self._say(image, "tag", tag)

    def remove(self, reference: str, force: bool) -> list[dict[str, str]]:
        image = self.get(reference)
        by_id = image.id.removeprefix("sha256:").startswith(reference.removeprefix("sha256:"))
        records: list[dict[str, str]] = []
        users = self.users(image.id)
        if not by_id:
            if not force and len(image.tags) == 1 and users:
                raise ApiError(409, _referenced(reference, users[0][0], image.id))
            records += self._untag(image, with_tag(reference))
            if image.tags or any(running for _, running in users):
                return records
        else:
            self._refuse_if_used(image, users, force)
        for tag in tuple(image.tags):
            records += self._untag(image, tag)
        del self._all[image.id]
        self._say(image, "delete")
        return [*records, {"Deleted": image.id}]

    def _refuse_if_used(self, image: Image, users: list[User], force: bool) -> None:
        running = next((id for id, runs in users if runs), None)
        why = ""
        if running is not None:
            why = f"(cannot be forced) - image is being used by running container {running[:12]}"
        elif not force and len(image.tags) > 1:
            why = "(must be forced) - image is referenced in multiple repositories"
        elif not force and users:
            why = f"(must be forced) - image is being used by stopped container {users[0][0][:12]}"
        if why:
            raise ApiError(409, f"conflict: unable to delete {short(image.id)} {why}")

    def _untag(self, image: Image, tag: str) -> list[dict[str, str]]:
        image.tags.remove(tag)
        del self._tags[tag]
        self._say(image, "untag")
        return [{"Untagged": tag}]

    def _say(self, image: Image, action: str, name: str = "") -> None:
        attributes: dict[str, Any] = {**image.labels, "name": name or image.id}
        self._events.publish("image", action, image.id, attributes)


def with_tag(reference: str) -> str:
    """A repository reference with its tag, `latest` where none is given."""
    reference = familiar(reference)
    return reference if ":" in reference.rpartition("/")[2] else f"{reference}:latest"


def familiar(reference: str) -> str:
    return reference.removeprefix("docker.io/").removeprefix("library/")


def short(id: str) -> str:
    return id.removeprefix("sha256:")[:12]


def _referenced(reference: str, container: str, image_id: str) -> str:
    return (
        f'conflict: unable to remove repository reference "{reference}" (must force) - '
        f"container {container[:12]} is using its referenced image {short(image_id)}"
    )
