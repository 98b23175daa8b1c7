"""Ports that containers publish answer on the host, whatever becomes of VM, engine and supervisor, and go with them."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator

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
    assert is_closed(port)
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
