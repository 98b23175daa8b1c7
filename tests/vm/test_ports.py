"""Ports that containers publish answer on the host, whatever becomes of VM, engine and supervisor, and go with them.

The host's own ports answer nobody in there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import psutil
import pytest

from desktop.core.machine import State
from desktop.core.paths import Home
from desktop.machine.record import read as read_record
from desktop.services.preferences import Preferences
from tests.helpers.busybox_image import IMAGE
from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import DEADLINE_S, Guest, wait_for
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


def served(address: str, port: int, patience_s: float = 10.0) -> str:
    """What the container behind a port calls itself; empty where none answers in that time."""
    with contextlib.suppress(OSError), socket.create_connection((address, port), patience_s) as connection:
        connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
        return connection.makefile("rb").read().decode().rpartition("\r\n")[2].strip()
    return ""


def echoed(address: str, port: int) -> bytes:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as connection, contextlib.suppress(OSError):
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
    first = free_ports(8)
    words = ["-p", f"{first}:80", "-p", f"127.0.0.1:{first + 1}:80", "-p", f"127.0.0.5:{first + 1}:80"]
    words += ["-p", f"{first + 2}-{first + 4}:8000-8002", "-P", "--expose", "81"]
    places = [("127.0.0.1", first + n) for n in range(1, 5)] + [("127.0.0.5", first + 1)]
    places += [(address, first) for address in LOOPBACKS]
    if "::1" in LOOPBACKS:
        words += ["-p", f"[::1]:{first + 6}:80", "-p", f"[::]:{first + 7}:8000"]
        places += [("::1", first + 6), ("::1", first + 7)]
    if address := own_address():
        words += ["-p", f"{address}:{first + 5}:80"]
        places.append((address, first + 5))
    name = run(cli, running, *words, inner="80 81 8000 8001 8002")
    container = engine.containers.get(name)
    places.append(("127.0.0.1", int(container.ports["81/tcp"][0]["HostPort"])))
    for place in places:
        await wait_for(lambda place=place: served(*place) == name)
    assert is_closed(first + 1, LOOPBACKS[1:])
    assert is_closed(first + 6, ["127.0.0.1"])
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
    for address in LOOPBACKS:
        await wait_for(lambda address=address: echoed(address, port) == b"hello")
    await wait_for(lambda: echoed("127.0.0.1", port + 1) == b"hello")
    await running.client.suspend()
    await wait_for(lambda: echoed(LOOPBACKS[-1], port) == b"hello")  # the first one wakes it, a later one is answered
    await running.until(State.RUNNING)


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
    async with asyncio.timeout(DEADLINE_S):  # it is opened a moment before that is told
        while await warnings():
            await asyncio.sleep(0.1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open every port; the run as an ordinary user has this test")
async def test_a_port_that_only_root_opens_is_told(running: Guest, cli: DockerCli) -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    if first < 2:
        pytest.skip("this system lets everybody open every port")
    run(cli, running, "--name", "wants-a-low-one", "-p", f"{first - 1}:80")
    async for status in running.client.watch():
        if any("wants-a-low-one" in words and "only root opens so low a port" in words for words in status.warnings):
            return


async def test_ports_of_a_compose_file_are_published_and_gone_after_down(
    running: Guest, engine: docker.DockerClient, cli: DockerCli, tmp_path: Path
) -> None:
    port = free_ports()
    command = SERVE.format(ports="80").replace("$", "$$")
    service = {"image": IMAGE, "command": ["sh", "-c", command], "ports": [f"{port}:80"], "pull_policy": "never"}
    (tmp_path / "compose.yaml").write_text(json.dumps({"name": "of-tests", "services": {"web": service}}))
    compose = ("compose", "-f", str(tmp_path / "compose.yaml"))
    cli.run(*compose, "up", "-d", socket=running.files.docker_socket)
    await wait_for(lambda: bool(served("127.0.0.1", port)))
    cli.run(*compose, "down", "-t", "0", socket=running.files.docker_socket)
    await wait_for(lambda: is_closed(port))


async def test_ports_are_there_again_after_resume_adoption_and_a_restart_of_the_engine(
    running: Guest, cli: DockerCli
) -> None:
    port = free_ports(2)
    name = run(cli, running, "--restart", "always", "-p", f"{port}:80")
    other = run(cli, running, "-p", f"{port + 1}:80")
    await wait_for(lambda: served("127.0.0.1", port) == name)
    await running.client.suspend()
    await running.client.start()
    assert served("127.0.0.1", port, DEADLINE_S) == name  # it was open before the guest went on
    await running.kill_supervisor()
    assert served("127.0.0.1", port, DEADLINE_S) == name  # QEMU's own: nobody is needed for it
    assert (await running.status()).state is State.RUNNING
    await wait_for(lambda: all(served(address, port) == name for address in LOOPBACKS))
    await wait_for(lambda: served("127.0.0.1", port + 1) == other)
    await running.shell("kill -9 $(pidof dockerd)")
    await wait_for(lambda: is_closed(port + 1))
    await wait_for(lambda: served("127.0.0.1", port) == name)
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
    assert await asyncio.to_thread(served, address, port, DEADLINE_S) == name
    assert (await running.client.status()).state is State.RUNNING
    await wait_for(lambda: all(served(address, port) == name for address in LOOPBACKS))


async def test_many_calls_and_a_scan_of_all_ports_wake_it_once(running: Guest, cli: DockerCli) -> None:
    port = free_ports(10)
    name = run(cli, running, "-p", f"{port}-{port + 9}:8000-8009", inner=" ".join(map(str, range(8000, 8010))))
    await wait_for(lambda: all(served("127.0.0.1", port + n) == name for n in range(10)))
    await running.client.suspend()
    for n in range(500):
        is_closed(port + n % 10)
    calls = (asyncio.to_thread(served, "127.0.0.1", port + n % 10, DEADLINE_S) for n in range(30))
    answers = await asyncio.gather(*calls)
    assert answers == [name] * 30
    assert (await running.client.status()).state is State.RUNNING


CALL_HOST = """
host=$(nslookup host.docker.internal | awk '/^Name/ {{ found = 1 }} found && /^Address/ {{ print $NF; exit }}')
call() {{ echo "from $1" | nc -w "$3" "$host" "$2"; }}
call "$1" {other} 1
call "$1" {allowed} {patience_s}
echo called $host
"""
KINDS: list[dict[str, Any]] = [
    {"network_mode": network, "privileged": privileged}
    for network in ("bridge", "host")
    for privileged in (False, True)
]
# Were it not for the guest's rules, the first does, and for datagrams 127.0.0.1 and everybody's address too.
MAY_LEAD_TO_THE_HOST = ["10.0.2.2", "10.0.2.3", "10.0.2.100", "127.0.0.1", "127.0.0.7", "255.255.255.255"]
# Were IPv6 on in QEMU, the first would lead to the host's ::1, and the second to its name server.
MAY_LEAD_THERE_ON_IPV6 = ["fec0::2", "fec0::3"]
KNOCK = """
import contextlib, socket, sys
with open("/proc/net/route") as table:
    way_out = next(row.split()[0] for row in table if row.split()[1] == "00000000")
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    for address in sys.argv[2:]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, kind) as knock, contextlib.suppress(OSError):
            knock.settimeout(0.5)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, way_out.encode())
            knock.connect((address, int(sys.argv[1])))
            knock.send(f"{kind.name} {address}".encode())
print("asked")
"""


TALK_S = 30.0  # by when a busy computer's guest has said its word, or is known to have none


class Canary:
    """Listens at one port of the host's loopback, IPv4 and IPv6, and keeps what is said there."""

    def __init__(self) -> None:
        self.heard: set[str] = set()
        self._talks: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        first = await asyncio.start_server(self._on_connection, LOOPBACKS[0], 0)
        self.port = first.sockets[0].getsockname()[1]
        others = [await asyncio.start_server(self._on_connection, address, self.port) for address in LOOPBACKS[1:]]
        self._servers = [first, *others]
        self._datagrams = [self._listen(address) for address in LOOPBACKS]

    async def close(self) -> None:
        for listener in self._datagrams:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        for server in self._servers:
            server.close()
            await server.wait_closed()
        await asyncio.gather(*self._talks)

    def _listen(self, address: str) -> socket.socket:
        listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((address, self.port))
        asyncio.get_running_loop().add_reader(listener, lambda: self.heard.add(listener.recv(99).decode()))
        return listener

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.add("a connection")
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)
        try:
            async with asyncio.timeout(TALK_S):
                self.heard.add((await reader.read(99)).decode())
        except (TimeoutError, ConnectionResetError):
            pass
        writer.close()


@pytest.mark.long
async def test_nothing_in_the_guest_reaches_the_loopback_of_the_host(
    running: Guest, engine: docker.DockerClient
) -> None:
    """Unless it changes the guest's own rules: only then is there somebody to be heard."""
    if not engine.images.list(ECHO_IMAGE):
        engine.api.import_image_from_data(scanner_tar(), repository=ECHO_IMAGE)
    canary = Canary()
    await canary.open()
    there = [*MAY_LEAD_TO_THE_HOST, *MAY_LEAD_THERE_ON_IPV6]
    words = ["python3", "-I", "-S", "-c", KNOCK, str(canary.port), *there]

    def knock(kind: dict[str, Any]) -> None:
        assert engine.containers.run(ECHO_IMAGE, words, remove=True, **kind) == b"asked\n"

    try:
        await running.shell("ip -6 addr add fec0::15/64 dev eth0")  # as QEMU would have it
        for kind in KINDS:
            await asyncio.to_thread(knock, kind)
        await running.shell(f"for a in {' '.join(there)}; do nc -w 1 $a {canary.port} </dev/null; done")
        assert canary.heard == set()
        await running.shell("iptables -t mangle -I HOST -j RETURN")
        async with asyncio.timeout(DEADLINE_S):  # again on a busy computer, where the answer comes too late for a knock
            while not {"SOCK_STREAM 10.0.2.2", "SOCK_DGRAM 10.0.2.2", "SOCK_DGRAM 127.0.0.1"} <= canary.heard:
                for kind in KINDS[1:3]:
                    await asyncio.to_thread(knock, kind)
        assert not [said for said in canary.heard if ":" in said]
    finally:
        await running.shell("ip -6 addr del fec0::15/64 dev eth0")
        await running.shell("iptables -t mangle -D HOST -j RETURN")
        await canary.close()


@pytest.fixture
def user_network(engine: docker.DockerClient) -> Iterator[str]:
    network = engine.networks.create("a-network-of-tests")
    yield "a-network-of-tests"
    network.remove()


async def test_containers_find_the_host_by_name_and_reach_what_is_allowed_there(
    running: Guest, engine: docker.DockerClient, user_network: str
) -> None:
    allowed, other = Canary(), Canary()
    await allowed.open()
    await other.open()
    networks = ("bridge", user_network, "host")

    async def allow(*ports: int) -> None:
        Preferences(running.files.home).save(host_ports=ports)
        await running.client.settings_changed()
        await wait_for(lambda: told(running) == ports)

    async def call(patience_s: int) -> None:
        script = CALL_HOST.format(other=other.port, allowed=allowed.port, patience_s=patience_s)
        await asyncio.gather(*(asyncio.to_thread(call_from, network, script) for network in networks))

    def call_from(network: str, script: str) -> None:
        words = ["sh", "-c", script, "sh", network]
        said = engine.containers.run(IMAGE, words, network_mode=network, remove=True)
        assert said == b"called 10.0.2.2\n", network

    try:
        await allow(allowed.port)
        await call(patience_s=60)
        await wait_for(lambda: allowed.heard >= {f"from {network}\n" for network in networks})
        await running.client.suspend()
        await running.client.start()
        await allow()
        allowed.heard.clear()
        await call(patience_s=1)
        assert allowed.heard | other.heard == set()
    finally:
        Preferences(running.files.home).save(host_ports=[])
        await running.client.settings_changed()
        await allowed.close()
        await other.close()


def told(guest: Guest) -> tuple[int, ...]:
    """The ports of the host that the guest lets through."""
    record = read_record(guest.files.vm_record)
    return record.host_ports if record is not None else ()


async def test_a_services_port_answers(running: Guest, engine: docker.DockerClient) -> None:
    port = free_ports()
    engine.swarm.init(advertise_addr="127.0.0.1")
    try:
        endpoint = docker.types.EndpointSpec(ports={port: 80})
        command = ["sh", "-c", SERVE.format(ports="80")]
        service = engine.services.create(f"{IMAGE}:latest", command, name="served", endpoint_spec=endpoint)
        await wait_for(lambda: bool(served("127.0.0.1", port)))
        service.remove()
        await wait_for(lambda: is_closed(port))
    finally:
        engine.swarm.leave(force=True)
