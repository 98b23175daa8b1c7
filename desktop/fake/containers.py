"""Containers in memory that really change state, and say so by events as dockerd does."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .events import Events
from .http import ApiError
from .images import Images, familiar
from .output import STDOUT, Output
from .programs import FOR_EVER, SERVER, Program, program_of
from .wishes import check_wish

STOP_TIMEOUT_S = 10.0
LAG_S = 0.02
"""dockerd answers a kill, and says `stop`, a little before the list knows of the end and `die` is told."""

FIRST_EPHEMERAL_PORT = 32768

Settings = dict[str, Any]


class Place(NamedTuple):
    """Where a container is in a network: the network's id, and how its addresses begin; empty: it has none."""

    network_id: str
    prefix: str


@dataclass
class Container:
    id: str
    name: str
    image: str
    image_id: str
    argv: list[str]
    program: Program | None
    config: Settings
    host_config: Settings
    created_s: float = field(default_factory=time.time)
    state: str = "created"
    exit_code: int = 0
    error: str = ""
    pid: int = 0
    started_s: float = 0.0
    finished_s: float = 0.0
    restarts: int = 0
    output: Output = field(default_factory=Output)
    ports: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    address: str = ""
    networks: dict[str, Place] = field(default_factory=lambda: {"bridge": Place(BRIDGE_ID, "172.17")})  # by name
    run: asyncio.Task[None] | None = None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    ending: asyncio.Task[None] | None = None  # it has ended, and the list does not know yet
    listed_state: str = ""  # what the list says meanwhile
    wanted_down: bool = False  # the user stopped it: its restart policy rests
    health: str = ""
    ran_out_of_memory: bool = False
    unnamed: dict[str, str] = field(default_factory=dict)  # where volumes without a name of the user's are, and theirs

    @property
    def running(self) -> bool:
        return self.state in ("running", "paused", "restarting")

    @property
    def labels(self) -> dict[str, str]:
        return self.config.get("Labels") or {}

    @property
    def mounts(self) -> list[tuple[str, str]]:
        """The volumes that it mounts, and where."""
        binds = [bind.split(":") for bind in self.host_config.get("Binds") or ()]
        named = [(words[0], words[1]) for words in binds if not words[0].startswith("/")]
        wished = self.host_config.get("Mounts") or ()
        named += [(each["Source"], each["Target"]) for each in wished if each.get("Type") == "volume"]
        return named + [(name, target) for target, name in self.unnamed.items()]


class Containers:
    """All containers of the engine, and what can be done with them."""

    def __init__(self, images: Images, events: Events) -> None:
        self._images = images
        self._events = events
        self._all: dict[str, Container] = {}
        self._names: dict[str, str] = {}
        self._pids = itertools.count(2101)
        self._addresses = itertools.count(2)

    def __iter__(self) -> Iterator[Container]:
        return iter(tuple(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def find(self, id: str) -> Container | None:
        return self._all.get(id)

    def get(self, reference: str) -> Container:
        """By id, name, or a beginning of an id that only one has."""
        known = self._all.get(reference) or self._all.get(self._names.get(reference.removeprefix("/"), ""))
        if known is not None:
            return known
        found = [item for item in self._all.values() if item.id.startswith(reference)] if reference else []
        if len(found) > 1:
            raise ApiError(400, f"multiple IDs found with provided prefix: {reference}")
        if not found:
            raise ApiError(404, f"No such container: {reference}")
        return found[0]

    def using(self, image_id: str) -> list[Container]:
        return [item for item in self._all.values() if item.image_id == image_id]

    def create(self, name: str, body: Settings) -> Container:
        check_wish(body)
        image = self._images.get(body.get("Image") or "")
        name = name.removeprefix("/") or f"{secrets.choice(_LEFT)}_{secrets.choice(_RIGHT)}{secrets.token_hex(2)}"
        self._check_name(name)
        argv = [*(body.get("Entrypoint") or []), *(body.get("Cmd") or image.command)]
        if not argv:
            raise ApiError(400, "no command specified")
        host = body.get("HostConfig") or {}
        program = SERVER if argv == image.command and image.command else program_of(argv, bool(host.get("Init")))
        container = Container(
            secrets.token_hex(32), name, body.get("Image") or image.id, image.id, argv, program, body, host
        )
        container.unnamed = {target: secrets.token_hex(32) for target in body.get("Volumes") or ()}
        self.add(container)
        self._say(container, "create")
        return container

    def add(self, container: Container) -> None:
        self._all[container.id] = container
        self._names[container.name] = container.id

    def _check_name(self, name: str, before: str = "") -> None:
        if not _NAME.fullmatch(name):
            shown = f"/{name}" if before else name
            raise ApiError(
                400, f"{before}Invalid container name ({shown}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
            )
        if name in self._names:
            raise ApiError(
                409,
                f'{before}Conflict. The container name "/{name}" is already in use by container '
                f'"{self._names[name]}". You have to remove (or rename) that container to be able to reuse that name.',
            )

    async def start(self, container: Container) -> None:
        await _settled(container)
        if container.state == "paused":
            raise ApiError(409, "cannot start a paused container, try unpause instead")
        if container.running:
            raise ApiError(304, "")
        if container.program is None:
            container.exit_code = 127
            container.error = _no_program(container.argv[0])
            self._network(container, "disconnect")
            raise ApiError(400, container.error)
        self._publish_ports(container)
        container.wanted_down = False
        self._begin(container, container.program)

    def _begin(self, container: Container, program: Program) -> None:
        self._set_running(container, time.time())
        self._network(container, "connect")
        self._say(container, "start")
        for stream, said in program.output:
            if container.config.get("Tty"):  # which has one stream
                stream, said = STDOUT, said.replace(b"\n", b"\r\n")
            container.output.write(said, stream)
        if program.seconds != FOR_EVER:
            container.run = asyncio.create_task(self._running(container, program))

    def revive(self, container: Container, started_s: float) -> None:
        """It has been running for a while: nobody is told."""
        self._publish_ports(container)
        self._set_running(container, started_s)

    def _set_running(self, container: Container, started_s: float) -> None:
        container.state, container.exit_code, container.error = "running", 0, ""
        container.ran_out_of_memory = False
        container.started_s, container.pid = started_s, next(self._pids)
        number = next(self._addresses)
        container.address = f"172.17.{number // 256 % 256}.{number % 256}"
        container.ended.clear()

    async def _running(self, container: Container, program: Program) -> None:
        await asyncio.sleep(program.seconds)
        while container.state == "paused":
            await asyncio.sleep(0.05)
        self._end(container, program.exit_code)

    def _end(self, container: Container, exit_code: int) -> None:
        """The process is over; the list and the listeners hear of it a moment later."""
        if not container.running or container.ending is not None:
            return
        if container.run is not None and container.run is not asyncio.current_task():
            container.run.cancel()
        container.listed_state = container.state
        container.state, container.exit_code, container.pid = "exited", exit_code, 0
        container.finished_s, container.ports, container.address = time.time(), {}, ""
        self._network(container, "disconnect")
        container.ended.set()
        container.ending = asyncio.create_task(self._settle(container))

    async def _settle(self, container: Container) -> None:
        await asyncio.sleep(LAG_S)
        container.listed_state, container.ending = "", None
        lasted = str(round(container.finished_s - container.started_s))
        self._say(container, "die", execDuration=lasted, exitCode=str(container.exit_code))
        if container.host_config.get("AutoRemove"):
            await self.remove(container, container.id)
        elif self._comes_back(container):
            container.state, container.restarts = "restarting", container.restarts + 1
            container.run = asyncio.create_task(self._again(container))

    async def _again(self, container: Container) -> None:
        await asyncio.sleep(min(0.1 * 2**container.restarts, 60))
        if container.state == "restarting" and container.program is not None:
            self._publish_ports(container)
            self._begin(container, container.program)

    def _comes_back(self, container: Container) -> bool:
        policy = container.host_config.get("RestartPolicy") or {}
        wanted = policy.get("Name", "")
        if container.wanted_down or wanted in ("", "no"):
            return False
        most = policy.get("MaximumRetryCount") or 0
        return wanted != "on-failure" or (container.exit_code != 0 and not 0 < most <= container.restarts)

    async def stop(self, container: Container, timeout_s: float | None, number: int = signal.SIGTERM) -> None:
        if not container.running:
            raise ApiError(304, "")
        container.wanted_down = True
        await self._stop(container, STOP_TIMEOUT_S if timeout_s is None else timeout_s, number)
        self._say(container, "stop")

    async def _stop(self, container: Container, timeout_s: float, number: int) -> None:
        if container.state == "restarting":
            container.state = "exited"
            return
        self._say(container, "kill", signal=str(int(number)))
        ended = container.ended
        if container.program is not None and container.program.heeds_term:
            await asyncio.sleep(0.02)
            self._end(container, 0)
        if timeout_s >= 0:
            try:
                async with asyncio.timeout(timeout_s):
                    await ended.wait()
            except TimeoutError:
                self._say(container, "kill", signal="9")
                self._end(container, 137)
        await ended.wait()

    async def restart(self, container: Container, timeout_s: float | None) -> None:
        removed_at_end = container.host_config.pop("AutoRemove", False)
        try:
            if container.running:
                await self.stop(container, timeout_s)
            await self.start(container)
        finally:
            container.host_config["AutoRemove"] = removed_at_end
        self._say(container, "restart")

    def kill(self, container: Container, number: int = signal.SIGKILL) -> None:
        if not container.running:
            raise ApiError(409, f"container {container.id} is not running")
        container.wanted_down = container.wanted_down or number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
        self._say(container, "kill", signal=str(int(number)))
        heeds = container.program is not None and container.program.heeds_term
        if number == signal.SIGKILL or (heeds and number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)):
            self._end(container, 137 if number == signal.SIGKILL else 0)

    def end_input(self, container: Container) -> None:
        """Nobody can type to it any more."""
        if container.program is not None and container.program.reads:
            self._end(container, 0)

    def starve(self, container: Container) -> None:
        """The kernel kills it, since its memory is used up."""
        container.ran_out_of_memory = True
        self._say(container, "oom")
        self._end(container, 137)

    def pause(self, container: Container) -> None:
        if not container.running:
            raise ApiError(409, f"container {container.id} is not running")
        if container.state == "paused":
            raise ApiError(409, f"Container {container.id} is already paused")
        container.state = "paused"
        self._say(container, "pause")

    def unpause(self, container: Container) -> None:
        if container.state != "paused":
            raise ApiError(500, f"Container {container.id} is not paused")
        container.state = "running"
        self._say(container, "unpause")

    def rename(self, container: Container, name: str) -> None:
        name = name.removeprefix("/")
        if not name:
            raise ApiError(400, "Neither old nor new names may be empty")
        self._check_name(name, "Error when allocating new name: ")
        old = container.name
        self._names[name] = self._names.pop(old)
        container.name = name
        self._say(container, "rename", oldName=f"/{old}")

    async def remove(self, container: Container, reference: str, force: bool = False) -> None:
        await _settled(container)
        if container.id not in self._all:
            return
        if container.running:
            if not force:
                hint = "running: stop the container before removing or force remove"
                if container.state == "paused":
                    hint = "paused and must be unpaused first"
                raise ApiError(409, f'cannot remove container "{reference}": container is {hint}')
            container.host_config["AutoRemove"] = False
            self.kill(container)
            await _settled(container)
        del self._all[container.id]
        del self._names[container.name]
        self._say(container, "destroy")
        container.gone.set()

    async def flip(self, container: Container) -> None:
        """One that runs is killed, one that rests is started."""
        await _settled(container)
        container.wanted_down = container.running  # so that its restart policy makes no events of its own
        if container.running:
            self._end(container, 137)
        elif container.program is not None:
            self._begin(container, container.program)

    def forget(self) -> None:
        """None is left; nobody is told, since the machine is off."""
        for container in self:
            container.gone.set()
        self._all.clear()
        self._names.clear()

    def power_off(self) -> None:
        """The machine went away: nothing runs any more, and nobody is told."""
        for container in self._all.values():
            for task in (container.run, container.ending):
                if task is not None:
                    task.cancel()
            container.listed_state, container.ending = "", None
            if container.running:
                container.state, container.exit_code, container.pid = "exited", 137, 0
                container.finished_s, container.ports = time.time(), {}

    def power_on(self) -> None:
        """What is to run always runs again, as dockerd sees to at its start."""
        for container in self._all.values():
            policy = container.host_config.get("RestartPolicy") or {}
            kept = policy.get("Name") == "always" or (
                policy.get("Name") == "unless-stopped" and not container.wanted_down
            )
            if kept and not container.running and container.started_s:
                self.revive(container, time.time())

    def _publish_ports(self, container: Container) -> None:
        container.ports = {}
        if not container.host_config.get("PortBindings"):
            return
        taken = {bind["HostPort"] for item in self._all.values() for binds in item.ports.values() for bind in binds}
        free = (str(port) for port in itertools.count(FIRST_EPHEMERAL_PORT) if str(port) not in taken)
        published: dict[str, list[dict[str, str]]] = {}
        exposed = container.config.get("ExposedPorts") or {}  # dockerd publishes no other
        for port, binds in (container.host_config.get("PortBindings") or {}).items():
            for bind in (binds or []) if port in exposed else []:
                host_port = bind.get("HostPort") or next(free)
                if host_port in taken:
                    raise ApiError(500, _port_taken(container.name, bind.get("HostIp") or "0.0.0.0", host_port))
                addresses = [bind["HostIp"]] if bind.get("HostIp") else ["0.0.0.0", "::"]
                published.setdefault(port, []).extend({"HostIp": ip, "HostPort": host_port} for ip in addresses)
        container.ports = published

    def _say(self, container: Container, action: str, **more: str) -> None:
        image = familiar(container.image)
        attributes = {**container.labels, **more, "image": image, "name": container.name}
        self._events.publish("container", action, container.id, attributes, image)

    def _network(self, container: Container, action: str) -> None:
        attributes = {"container": container.id, "name": "bridge", "type": "bridge"}
        self._events.publish("network", action, BRIDGE_ID, attributes)


BRIDGE_ID = "b" * 64

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
_LEFT = ("brave", "calm", "eager", "keen", "quiet", "swift", "witty")
_RIGHT = ("curie", "darwin", "hopper", "lovelace", "noether", "turing", "wozniak")


def _no_program(name: str) -> str:
    return (
        "failed to create task for container: failed to create shim task: OCI runtime create failed: "
        "runc create failed: unable to start container process: error during container init: "
        f'exec: "{name}": executable file not found in $PATH'
    )


def _port_taken(name: str, address: str, port: str) -> str:
    return (
        f"failed to set up container networking: driver failed programming external connectivity on endpoint {name} "
        f"({secrets.token_hex(32)}): Bind for {address}:{port} failed: port is already allocated"
    )


async def _settled(container: Container) -> None:
    """Once its end, if there was one, is known to all."""
    if container.ending is not None and container.ending is not asyncio.current_task():
        await asyncio.wait([container.ending])
