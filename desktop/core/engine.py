"""What the panes show of a Docker engine: frozen records, free of the SDK.

`gc=False` are those that can be in no cycle: the garbage collector does not walk over ten thousand of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

_EXIT_CODE = re.compile(r"\((-?\d{1,9})\)")


class SystemSocket(StrEnum):
    """What is at the place where programs look for an engine that know no other."""

    FREE = "free"
    OURS = "ours"
    TAKEN = "taken"


class Port(msgspec.Struct, frozen=True, gc=False):
    """A container's port and, where published, the host's address and port."""

    container_port: int
    protocol: str = "tcp"
    host_ip: str = ""
    host_port: int = 0


class Attachment(msgspec.Struct, frozen=True, gc=False):
    """A container's place in a network: the network's name, its id where one was given yet, and the address."""

    network: str
    network_id: str = ""
    address: str = ""  # while it runs


ON_PURPOSE = (0, 130, 143)
"""Exit codes of an end by itself, and of SIGINT and SIGTERM, which C-c and `docker stop` send."""


class End(msgspec.Struct, frozen=True, gc=False):
    """Of a container that ended badly: why, and what it wrote last."""

    out_of_memory: bool = False
    last_lines: tuple[str, ...] = ()


class Container(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    id: str
    name: str
    image: str
    image_id: str = ""
    command: str = ""
    state: str = ""  # created running paused restarting removing exited dead, or what a newer engine says
    status: str = ""  # the engine's words: "Up 3 minutes", "Exited (0) 2 hours ago"
    created_s: float = 0.0  # seconds since 1970
    ports: tuple[Port, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    volumes: tuple[str, ...] = ()  # names of those that it mounts
    attachments: tuple[Attachment, ...] = ()
    binds: tuple[str, ...] = ()  # folders and files that it was given, by their paths in the guest
    unshared: tuple[str, ...] = ()  # those of them that the host has, if at all, and the guest does not
    cpu_percent: float | None = None  # of one core
    memory_bytes: int | None = None
    busy: str = ""  # what is under way with it: "stopping", "removing"
    end: End | None = None
    starts: int = 0  # how often it was heard to start: one that ends at once looks as it did before

    @property
    def exit_code(self) -> int | None:
        """Of one that has ended, also where the engine is about to start it again."""
        found = _EXIT_CODE.search(self.status) if self.state in ("exited", "restarting", "dead") else None
        return int(found[1]) if found else None

    @property
    def out_of_memory(self) -> bool:
        return self.end is not None and self.end.out_of_memory

    @property
    def running(self) -> bool:
        return self.state in ("running", "paused", "restarting")

    @property
    def project(self) -> str:
        return self.label("com.docker.compose.project")

    @property
    def service(self) -> str:
        """What it is in its project."""
        return self.label("com.docker.compose.service")

    def label(self, name: str) -> str:
        return next((value for key, value in self.labels if key == name), "")


def whole_project(records: Sequence[Container], among: Iterable[Container]) -> str:
    """The compose project of which `records` are all that there is; empty where they are anything else."""
    project = records[0].project if records else ""
    if not project:
        return ""
    return project if {record.id for record in records} == {c.id for c in among if c.project == project} else ""


class Image(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    id: str
    tags: tuple[str, ...] = ()
    size_bytes: int = 0
    shared_bytes: int = 0  # of its size, what other images have too
    created_s: float = 0.0
    containers: int = 0  # how many containers use it
    busy: str = ""


class ImageUse(msgspec.Struct, frozen=True, kw_only=True):
    total_bytes: int | None = None  # of all layers, each counted once; None: not known
    shared_bytes: dict[str, int] = {}  # by the image's id


class Volume(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    name: str
    driver: str = ""
    created_s: float = 0.0
    labels: tuple[tuple[str, str], ...] = ()
    size_bytes: int | None = None  # None until it was measured
    users: tuple[str, ...] = ()  # names of the containers that mount it
    busy: str = ""


class Member(msgspec.Struct, frozen=True, gc=False):
    """A container in a network; without an address while it does not run."""

    id: str
    name: str
    address: str = ""


class Network(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    id: str
    name: str
    driver: str = ""
    subnets: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    internal: bool = False  # no way out of it
    created_s: float = 0.0
    labels: tuple[tuple[str, str], ...] = ()
    members: tuple[Member, ...] = ()
    busy: str = ""

    @property
    def built_in(self) -> bool:
        """The engine's own, which it does not let go."""
        return self.name in ("bridge", "host", "none")


class Link(StrEnum):
    """How the app stands to an engine."""

    OFF = "off"  # no engine is expected: the machine does not run
    CONNECTING = "connecting"
    READING = "reading"  # its newest containers are known, the others are still asked for
    UP = "up"
    LOST = "lost"  # it should answer and does not; it is tried again


class EngineLink(msgspec.Struct, frozen=True):
    link: Link = Link.OFF
    reason: str = ""
