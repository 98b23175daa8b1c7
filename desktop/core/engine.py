"""What the panes show of a Docker engine: frozen records, free of the SDK."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Port(msgspec.Struct, frozen=True):
    """A container's port and, where published, the host's address and port."""

    container_port: int
    protocol: str = "tcp"
    host_ip: str = ""
    host_port: int = 0


class Container(msgspec.Struct, frozen=True, kw_only=True):
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
    cpu_percent: float | None = None  # of one core
    memory_bytes: int | None = None
    busy: str = ""  # what is under way with it: "stopping", "removing"

    @property
    def running(self) -> bool:
        return self.state in ("running", "paused", "restarting")

    @property
    def project(self) -> str:
        return dict(self.labels).get("com.docker.compose.project", "")


class Image(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    tags: tuple[str, ...] = ()
    size_bytes: int = 0
    created_s: float = 0.0
    containers: int = 0  # how many containers use it
    busy: str = ""


class Link(StrEnum):
    """How the app stands to an engine."""

    OFF = "off"  # no engine is expected: the machine does not run
    CONNECTING = "connecting"
    UP = "up"
    LOST = "lost"  # it should answer and does not; it is tried again


class EngineLink(msgspec.Struct, frozen=True):
    link: Link = Link.OFF
    reason: str = ""
