"""What is typed to run a container, field by field: what is wrong with it, or what the engine is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Container, Image, Port
from desktop.services.engine import EngineService
from desktop.services.run_line import run_line

from . import run_fields
from .run_fields import Publish, WrongError, same_place

T = TypeVar("T")

SHORT_ID = 12
"""So many digits of an image's id are taken for one, and fewer for a name."""

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Known:
    """What the engine has, and what its machine can give."""

    containers: Sequence[Container] = ()
    images: Sequence[Image] = ()
    shares: tuple[str, ...] = ()
    cpus: int = 0

    @classmethod
    def of(cls, engine: EngineService, cpus: int) -> Known:
        return cls(tuple(engine.containers), tuple(engine.images), engine.shares, cpus)

    def has_image(self, reference: str) -> bool:
        """Whether it is here; where it is not, it is pulled first."""
        bare = reference.removeprefix("docker.io/").removeprefix("library/")
        tag = bare if ":" in bare.rpartition("/")[2] else f"{bare}:latest"
        id = f"sha256:{reference.removeprefix('sha256:')}"
        by_id = len(id) >= len("sha256:") + SHORT_ID
        return any(tag in image.tags or (by_id and image.id.startswith(id)) for image in self.images)


@dataclass
class Checked:
    """`body` is that of the engine's `POST /containers/create`, without the fields that have a problem."""

    name: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """The `docker run` line that does the same; empty without an image."""
        facts = {"Name": self.name, "Config": self.body, "HostConfig": self.body["HostConfig"]}
        return run_line(facts, None) if self.body["Image"] else ""

    @property
    def right(self) -> bool:
        return bool(self.body["Image"]) and not self.problems


def check(typed: Mapping[str, str], known: Known) -> Checked:
    checked = Checked()

    def read(key: str, function: Callable[..., T], *more: Any) -> T | None:
        try:
            return function(typed[key], *more)
        except WrongError as wrong:
            checked.problems[key] = str(wrong)
            return None

    checked.name = read("name", _free_name, known) or ""
    ports = read("ports", _free_ports, typed["network"], known) or ()
    mounts = read("volumes", run_fields.read_mounts, known.shares) or ()
    host: dict[str, Any] = {
        "PortBindings": _bindings(ports),
        "Binds": [mount.words for mount in mounts if mount.source],
        "NetworkMode": typed["network"] or "default",
        "RestartPolicy": {"Name": typed["restart"] or "no"},
        "NanoCpus": read("cpus", run_fields.read_cpus, known.cpus) or 0,
        "Memory": read("memory", run_fields.read_memory) or 0,
    }
    checked.body = {
        "Image": read("image", run_fields.read_image) or "",
        "ExposedPorts": {publish.inner: {} for publish in ports},
        "Volumes": {mount.target: {} for mount in mounts if not mount.source},
        "Env": list(read("environment", run_fields.read_environment) or ()),
        "Tty": bool(typed["tty"]),
        "OpenStdin": bool(typed["tty"]),
        "HostConfig": host,
    }
    if command := read("command", run_fields.read_command):
        checked.body["Cmd"] = command
    return checked


def _free_name(text: str, known: Known) -> str:
    name = run_fields.read_name(text)
    if name and any(container.name == name for container in known.containers):
        raise WrongError(translate("RunForm", "There is a container of that name already."))
    return name


def _free_ports(text: str, network: str, known: Known) -> tuple[Publish, ...]:
    ports = run_fields.read_ports(text)
    if ports and network in ("host", "none"):
        raise WrongError(translate("RunForm", "In the network %1 nothing is published.").replace("%1", network))
    wanted = {int(publish.outer) for publish in ports if publish.outer}
    for container in known.containers if wanted else ():
        for taken in container.ports:
            if taken.host_port in wanted and any(_is(publish, taken) for publish in ports):
                words = translate("RunForm", "%1 has port %2 of this computer already.")
                raise WrongError(words.replace("%1", container.name).replace("%2", str(taken.host_port)))
    return ports


def _is(publish: Publish, taken: Port) -> bool:
    same_port = (publish.outer, publish.protocol) == (str(taken.host_port), taken.protocol)
    return same_port and same_place(publish.address, taken.host_ip)


def _bindings(ports: Sequence[Publish]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for publish in ports:
        found.setdefault(publish.inner, []).append({"HostIp": publish.address, "HostPort": publish.outer})
    return found
