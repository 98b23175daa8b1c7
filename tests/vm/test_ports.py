"""Ports that containers publish answer on the host, whatever becomes of VM, engine and supervisor, and go with them.

The host's own ports answer nobody in there.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from typing import Any

import docker
import psutil
import pytest

from desktop.core.machine import State
from desktop.core.paths import Home
from tests.helpers.busybox_image import IMAGE
from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import Guest, wait_for
from tests.helpers.host_ports import LOOPBACKS, is_closed, own_address
from tests.helpers.scanner_image import scanner_tar

from .conftest import passing_home

pytestmark = pytest.mark.vm

SERVE = "mkdir /www; echo $HOSTNAME >/www/_ping; for p in {ports}; do httpd -p $p -h /www; done; exec sleep 100000"
ECHO = "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 53))\nwhile 1: s.sendto(*s.recvfrom(99))"
ECHO_IMAGE = "scanner-of-tests"


@pytest.fixture(scope="module")
def shared_home(image_home: Home) -> Iterator[Home]:
    """A machine whose ports are where the tests are: the one that all others share may be alone with its loopback."""
    with passing_home(image_home) as home:
        yield home


def served(address: str, port: int) -> str:
    """What the container behind a port calls itself; empty where none answers."""
    with contextlib.suppress(OSError), socket.create_connection((address, port), 5) as connection:
        connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
        return connection.makefile("rb").read().decode().rpartition("\r\n")[2].strip()
    return ""


def echoed(address: str, port: int) -> bytes:
    with socket.socket(type=socket.SOCK_DGRAM) as connection, contextlib.suppress(OSError):
        connection.settimeout(2)
        connection.connect((address, port))
        connection.send(b"hello")
        return connection.recv(99)
    return b""


def free_ports(count: int = 1) -> int:
    """The first of some neighbours that nobody has now."""
    for first in range(21000 + os.getpid() % 5000, 32000, 7):
        if all(is_closed(port) for port in range(first, first + count)):
            return first
    raise AssertionError("no port is free")


@pytest.fixture(autouse=True)
def cleared(engine: docker.DockerClient) -> Iterator[None]:
    yield
    with contextlib.suppress(docker.errors.DockerException):
        for container in engine.containers.list(all=True):
            container.remove(force=True)


def run(cli: DockerCli, guest: Guest, *words: str, inner: str = "80", image: str = IMAGE) -> str:
    """Starts a server and returns its name for itself."""
    command = ("sh", "-c", SERVE.format(ports=inner)) if image == IMAGE else ("python3", "-I", "-S", "-c", ECHO)
    return cli.run("run", "-d", *words, image, *command, socket=guest.files.docker_socket).stdout.decode()[:12]


async def test_published_ports_answer_on_the_host_and_go_with_their_container(
    running: Guest, engine: docker.DockerClient, cli: DockerCli
) -> None:
    first = free_ports(6)
    words = ["-p", f"{first}:80", "-p", f"127.0.0.1:{first + 1}:80", "-p", f"127.0.0.5:{first + 1}:80"]
    words += ["-p", f"{first + 2}-{first + 4}:8000-8002", "-P", "--expose", "81"]
    places = [("127.0.0.1", first + n) for n in range(1, 5)] + [("127.0.0.5", first + 1)]
    places += [(address, first) for address in LOOPBACKS]
    if address := own_address():
        words += ["-p", f"{address}:{first + 5}:80"]
        places.append((address, first + 5))
    name = run(cli, running, *words, inner="80 81 8000 8001 8002")
    container = engine.containers.get(name)
    places.append(("127.0.0.1", int(container.ports["81/tcp"][0]["HostPort"])))
    for place in places:
        await wait_for(lambda place=place: served(*place) == name)
    assert is_closed(first + 1, LOOPBACKS[1:])
    if address:
        assert is_closed(first, [address])
    assert not [words for words in (await running.status()).warnings if "publishes" in words]
    container.remove(force=True)
    await wait_for(lambda: all(is_closed(port, [address]) for address, port in places))


async def test_a_published_udp_port_answers(running: Guest, engine: docker.DockerClient, cli: DockerCli) -> None:
    if not engine.images.list(ECHO_IMAGE):
        engine.api.import_image_from_data(scanner_tar(), repository=ECHO_IMAGE)
    port = free_ports(2)
    run(cli, running, "-p", f"{port}:53/udp", "-p", f"127.0.0.1:{port + 1}:53/udp", image=ECHO_IMAGE)
    await wait_for(lambda: echoed("127.0.0.1", port) == b"hello")
    await wait_for(lambda: echoed("127.0.0.1", port + 1) == b"hello")


async def test_a_taken_port_is_told_by_the_name_of_who_has_it_and_opened_when_it_is_free(
    running: Guest, cli: DockerCli
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        name = run(cli, running, "--name", "wants-it", "-p", f"{port}:80")

        async def warnings() -> list[str]:
            return [words for words in (await running.status()).warnings if "wants-it" in words]

        async for status in running.client.watch():
            if any("wants-it" in words for words in status.warnings):
                break
        (words,) = await warnings()
        assert f"127.0.0.1:{port}" in words
        assert f"{psutil.Process().name()} (process {os.getpid()})" in words
        assert str(port) in cli.run("ps", socket=running.files.docker_socket).stdout.decode()
    await wait_for(lambda: served("127.0.0.1", port) == name)
    assert await warnings() == []


async def test_ports_are_there_again_after_resume_adoption_and_a_restart_of_the_engine(
    running: Guest, cli: DockerCli
) -> None:
    port = free_ports(2)
    name = run(cli, running, "--restart", "always", "-p", f"{port}:80")
    other = run(cli, running, "-p", f"{port + 1}:80")
    await wait_for(lambda: served("127.0.0.1", port) == name)
    await running.client.suspend()
    await running.client.start()
    assert served("127.0.0.1", port) == name  # it was open before the guest went on
    await running.kill_supervisor()
    assert served("127.0.0.1", port) == name  # QEMU's own: nobody is needed for it
    assert (await running.status()).state is State.RUNNING
    await wait_for(lambda: all(served(address, port) == name for address in LOOPBACKS))
    await wait_for(lambda: served("127.0.0.1", port + 1) == other)
    await running.shell("kill -9 $(pidof dockerd)")
    await wait_for(lambda: is_closed(port + 1), 60)
    await wait_for(lambda: served("127.0.0.1", port) == name, 60)
    cli.run("rm", "-f", name, socket=running.files.docker_socket)
    await wait_for(lambda: is_closed(port))


@pytest.mark.parametrize("address", LOOPBACKS)
@pytest.mark.parametrize("has_heir", [False, True])
async def test_a_call_at_a_published_port_wakes_a_suspended_machine_and_is_answered(
    running: Guest, cli: DockerCli, address: str, has_heir: bool
) -> None:
    port = free_ports()
    name = run(cli, running, "-p", f"{port}:80")
    await wait_for(lambda: all(served(address, port) == name for address in LOOPBACKS))
    await running.client.suspend()
    if has_heir:
        await wait_for(running.files.suspended.exists)
        await running.kill_supervisor()
        await running.status()
    assert (await running.client.status()).state is State.SUSPENDED
    assert await asyncio.to_thread(served, address, port) == name
    assert (await running.client.status()).state is State.RUNNING
    await wait_for(lambda: all(served(address, port) == name for address in LOOPBACKS))


async def test_many_calls_and_a_scan_of_all_ports_wake_it_once(running: Guest, cli: DockerCli) -> None:
    port = free_ports(10)
    name = run(cli, running, "-p", f"{port}-{port + 9}:8000-8009", inner=" ".join(map(str, range(8000, 8010))))
    await wait_for(lambda: all(served("127.0.0.1", port + n) == name for n in range(10)))
    await running.client.suspend()
    for n in range(500):
        is_closed(port + n % 10)
    answers = await asyncio.gather(*(asyncio.to_thread(served, "127.0.0.1", port + n % 10) for n in range(30)))
    assert answers == [name] * 30
    assert (await running.client.status()).state is State.RUNNING


KINDS: list[dict[str, Any]] = [
    {"network_mode": network, "privileged": privileged}
    for network in ("bridge", "host")
    for privileged in (False, True)
]
# Were it not for the guest's rules, the first does, and for datagrams 127.0.0.1 and everybody's address too.
MAY_LEAD_TO_THE_HOST = ["10.0.2.2", "10.0.2.3", "10.0.2.100", "127.0.0.1", "127.0.0.7", "255.255.255.255"]
KNOCK = """
import contextlib, socket, sys
with open("/proc/net/route") as table:
    way_out = next(row.split()[0] for row in table if row.split()[1] == "00000000")
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    for address in sys.argv[2:]:
        with socket.socket(type=kind) as knock, contextlib.suppress(OSError):
            knock.settimeout(0.5)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, way_out.encode())
            knock.connect((address, int(sys.argv[1])))
            knock.send(f"{kind.name} {address}".encode())
print("asked")
"""


class Canary:
    """Listens at one port of the host's loopback, and keeps what is said there."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._on_connection, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        self._datagrams = socket.socket(type=socket.SOCK_DGRAM)
        self._datagrams.bind(("127.0.0.1", self.port))
        loop.add_reader(self._datagrams, lambda: self.heard.add(self._datagrams.recv(99).decode()))

    async def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._datagrams)
        self._datagrams.close()
        self._server.close()
        await self._server.wait_closed()

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.add("a connection")
        try:
            async with asyncio.timeout(2):
                self.heard.add((await reader.read(99)).decode())
        except (TimeoutError, ConnectionResetError):
            pass
        writer.close()


async def test_nothing_in_the_guest_reaches_the_loopback_of_the_host(
    running: Guest, engine: docker.DockerClient
) -> None:
    """Unless it changes the guest's own rules: only then is there somebody to be heard."""
    if not engine.images.list(ECHO_IMAGE):
        engine.api.import_image_from_data(scanner_tar(), repository=ECHO_IMAGE)
    canary = Canary()
    await canary.open()
    words = ["python3", "-I", "-S", "-c", KNOCK, str(canary.port), *MAY_LEAD_TO_THE_HOST]

    def knock(kind: dict[str, Any]) -> None:
        assert engine.containers.run(ECHO_IMAGE, words, remove=True, **kind) == b"asked\n"

    try:
        for kind in KINDS:
            await asyncio.to_thread(knock, kind)
        await running.shell(f"for a in {' '.join(MAY_LEAD_TO_THE_HOST)}; do nc -w 1 $a {canary.port} </dev/null; done")
        assert canary.heard == set()
        await running.shell("iptables -t mangle -I HOST -j RETURN")
        for kind in KINDS[1:3]:
            await asyncio.to_thread(knock, kind)
        assert {"SOCK_STREAM 10.0.2.2", "SOCK_DGRAM 10.0.2.2", "SOCK_DGRAM 127.0.0.1"} <= canary.heard
    finally:
        await running.shell("iptables -t mangle -D HOST -j RETURN")
        await asyncio.sleep(2)  # until all connections to it have ended
        await canary.close()


async def test_a_services_port_answers(running: Guest, engine: docker.DockerClient) -> None:
    port = free_ports()
    engine.swarm.init(advertise_addr="127.0.0.1")
    try:
        endpoint = docker.types.EndpointSpec(ports={port: 80})
        command = ["sh", "-c", SERVE.format(ports="80")]
        service = engine.services.create(f"{IMAGE}:latest", command, name="served", endpoint_spec=endpoint)
        await wait_for(lambda: bool(served("127.0.0.1", port)), 90)
        service.remove()
        await wait_for(lambda: is_closed(port))
    finally:
        engine.swarm.leave(force=True)
