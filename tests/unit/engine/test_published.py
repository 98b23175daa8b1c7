"""What an engine has published, as the supervisor hears of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import docker
import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.engine import Port
from desktop.core.errors import EngineError
from desktop.core.paths import Home, MachineFiles
from desktop.engine.published import Published
from tests.helpers.fake import fake_machine
from tests.helpers.guest import wait_for


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home) as files:
        asyncio.run(SupervisorClient(files).start())
        yield files


@contextlib.asynccontextmanager
async def following(socket: Path, on_change: Callable[[], None] = lambda: None) -> AsyncIterator[Published]:
    published = Published(lambda: asyncio.open_unix_connection(socket), on_change)
    task = asyncio.create_task(published.follow())
    yield published
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.result()


def names(published: Published) -> set[str]:
    return {owner.name for owner in published.owners.values()}


async def test_ports_come_and_go_with_their_containers(machine: MachineFiles) -> None:
    with contextlib.closing(docker.DockerClient(f"unix://{machine.docker_socket}")) as engine:
        for container in engine.containers.list():
            container.remove(force=True)
        run = partial(engine.containers.run, "busybox", ["sleep", "1000"], detach=True)
        run(name="before", ports={"80/tcp": 8080, "53/udp": ("127.0.0.1", 53)})
        async with following(machine.engine_socket) as published:
            await wait_for(lambda: names(published) == {"before"})
            (owner,) = published.owners.values()
            assert owner.ports == {
                Port(80, "tcp", "0.0.0.0", 8080), Port(80, "tcp", "::", 8080), Port(53, "udp", "127.0.0.1", 53)
            }  # fmt: skip
            later = run(name="later", ports={"80/tcp": None})
            run(name="nothing")
            await wait_for(lambda: names(published) == {"before", "later"})
            later.stop(timeout=0)
            await wait_for(lambda: names(published) == {"before"})
            later.start()
            await wait_for(lambda: names(published) == {"before", "later"})
            later.remove(force=True)
            await wait_for(lambda: names(published) == {"before"})


class Engine:
    """Answers as it is told to; each connection asks once."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {"/containers/json": b"[]"}
        self.asked: list[str] = []
        self.events: asyncio.StreamWriter | None = None
        self.held = asyncio.Event()
        self.held.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1].partition("?")[0]
        self.asked.append(path)
        await self.held.wait()
        body = self.answers.get(path)
        found = body is not None or path == "/events"
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" if found else b"HTTP/1.0 503 No swarm\r\n\r\n")
        if path == "/events":
            self.events = writer
            return
        writer.write(body or b"")
        writer.close()

    def emit(self, kind: str, action: str, id: str, **attributes: str) -> None:
        assert self.events is not None
        event = {"Type": kind, "Action": action, "Actor": {"ID": id, "Attributes": attributes}}
        self.events.write(json.dumps(event).encode() + b"\n")

    def end(self) -> None:
        if self.events is not None:
            self.events.close()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[tuple[Engine, Path]]:
    engine = Engine()
    async with await asyncio.start_unix_server(engine.serve, tmp_path / "e.sock"):
        yield engine, tmp_path / "e.sock"
        engine.end()


def inspected(name: str, port: int) -> bytes:
    ports = {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": str(port)}], "81/tcp": None}
    return json.dumps({"Name": f"/{name}", "NetworkSettings": {"Ports": ports}}).encode()


async def test_the_first_list_is_told_even_where_nothing_is_published(engine: tuple[Engine, Path]) -> None:
    told = asyncio.Event()
    async with following(engine[1], told.set), asyncio.timeout(60):
        await told.wait()


async def test_services_of_a_swarm_are_asked_about_when_they_change(engine: tuple[Engine, Path]) -> None:
    played, socket = engine
    async with following(socket) as published:
        await wait_for(lambda: played.asked.count("/services") == 1)
        ports = [
            {"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8090, "PublishMode": "ingress"},
            {"Protocol": "tcp", "TargetPort": 81, "PublishedPort": 8091, "PublishMode": "host"},
        ]
        service = {"ID": "s1", "Spec": {"Name": "web"}, "Endpoint": {"Ports": ports}}
        played.answers["/services"] = json.dumps([service]).encode()
        played.emit("service", "create", "s1", name="web")
        await wait_for(lambda: names(published) == {"web"})
        assert [owner.ports for owner in published.owners.values()] == [{Port(80, "tcp", "", 8090)}]
        del played.answers["/services"]
        played.emit("container", "destroy", "c1")  # a task of it: the swarm was left
        await wait_for(lambda: not published.owners)


async def test_a_container_is_asked_about_once_at_a_time_and_again_where_more_happened(
    engine: tuple[Engine, Path],
) -> None:
    played, socket = engine
    async with following(socket) as published:
        await wait_for(lambda: "/services" in played.asked)
        played.held.clear()  # the engine tells nothing of a container that is starting
        played.emit("network", "connect", "n1", container="c1")
        await wait_for(lambda: "/containers/c1/json" in played.asked)
        for _ in range(5):
            played.emit("network", "connect", "n2", container="c1")
        await asyncio.sleep(0.05)
        played.answers["/containers/c1/json"] = inspected("web", 8080)
        played.held.set()
        await wait_for(lambda: names(published) == {"web"} and played.asked.count("/containers/c1/json") == 2)


async def test_a_guest_that_tells_of_more_and_more_containers_is_not_believed(
    engine: tuple[Engine, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each took a connection, and was waited for as long as a container may take to start."""
    monkeypatch.setattr("desktop.engine.published.MOST_ASKED", 3)
    played, socket = engine
    task = asyncio.create_task(Published(lambda: asyncio.open_unix_connection(socket), lambda: None).follow())
    await wait_for(lambda: "/services" in played.asked)
    played.held.clear()
    for number in range(3):
        played.emit("network", "connect", "n1", container=f"c{number}")
    await wait_for(lambda: {f"/containers/c{number}/json" for number in range(3)} <= set(played.asked))
    played.emit("network", "connect", "n1", container="c3")
    await asyncio.wait_for(task, 60)
    played.held.set()
    assert "/containers/c3/json" not in played.asked


async def test_what_was_known_stays_when_the_engine_breaks_off(engine: tuple[Engine, Path]) -> None:
    played, socket = engine
    row = {"Id": "c1", "Names": ["/web"], "Ports": [{"IP": "::", "PrivatePort": 80, "PublicPort": 80, "Type": "tcp"}]}
    played.answers["/containers/json"] = json.dumps([row]).encode()
    published = Published(lambda: asyncio.open_unix_connection(socket), lambda: None)
    task = asyncio.create_task(published.follow())
    await wait_for(lambda: names(published) == {"web"})
    played.end()
    await asyncio.wait_for(task, 60)
    assert names(published) == {"web"}


@pytest.mark.parametrize("nonsense", [b"[", b"[{}]", b'[{"Id": 5}]', b"\xff", b'{"Id": "c1"}'])
async def test_nonsense_is_an_error_in_words(engine: tuple[Engine, Path], nonsense: bytes) -> None:
    engine[0].answers["/containers/json"] = nonsense
    with pytest.raises(EngineError, match="makes no sense"):
        await Published(lambda: asyncio.open_unix_connection(engine[1]), lambda: None).follow()


async def test_an_engine_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be reached"):
        await Published(lambda: asyncio.open_unix_connection(tmp_path / "none"), lambda: None).follow()
