"""No container finds an address where the engine answers, and nobody on the host or beside it finds a port."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import docker
import pytest

from desktop.services.preferences import Preferences
from tests.helpers.busybox_image import IMAGE
from tests.helpers.guest import Guest, wait_for
from tests.helpers.port_watch import open_ports, open_ports_of_tree, tcp_listeners
from tests.helpers.scanner_image import SCAN, scanner_tar
from tests.helpers.sealed import UNSHARE, can_seal

pytestmark = pytest.mark.vm

SCANNER = "scanner-of-tests"
QEMUS = ["10.0.2.2", "10.0.2.3"]  # which lead to the host
# Besides its gateways: the guest's, QEMU's name server, docker's bridge, the engine's own network.
SUSPECTS = ["10.0.2.15", *QEMUS, "172.17.0.1", "10.0.3.2", "10.0.3.15"]
# Its own address in the engine's network, if it is so bold as to take one.
TAKE_ADDRESS = "ip addr add 10.0.3.77/24 dev eth0"
VSOCK = """
import errno, socket
codes = set()
for cid in (0, 1, 2, 3):
    for port in [*range(1, 1100), 2375, 2376]:
        try:
            connection = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        except OSError as error:
            codes.add(errno.errorcode[error.errno])
            continue
        with connection:
            connection.settimeout(1)
            codes.add(errno.errorcode.get(connection.connect_ex((cid, port)), "connected"))
print(*codes)
"""


@pytest.fixture
def responder(engine: docker.DockerClient) -> Iterator[str]:
    """A port of the guest's network where a container says OK to `/_ping`, as the engine would."""
    port = random.randrange(20000, 30000)
    script = f"mkdir /www && printf OK >/www/_ping && exec httpd -f -p {port} -h /www"
    container = engine.containers.run(IMAGE, ["sh", "-c", script], network_mode="host", detach=True)
    yield str(port)
    container.remove(force=True)


@pytest.fixture
def scanner(engine: docker.DockerClient) -> str:
    if not engine.images.list(SCANNER):
        engine.api.import_image_from_data(scanner_tar(), repository=SCANNER)
    return SCANNER


def scan_all(engine: docker.DockerClient, kinds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a container of each kind finds; side by side, since the guest has more than one CPU."""
    containers = []
    for kind in kinds:
        first = f"{TAKE_ADDRESS} && " if kind.get("privileged") else ""
        words = ["sh", "-c", f'{first}exec "$@"', "sh", *SCAN, *SUSPECTS]
        containers.append(engine.containers.run(SCANNER, words, detach=True, **kind))
    try:
        assert [container.wait(timeout=800)["StatusCode"] for container in containers] == [0] * len(kinds)
        return [json.loads(container.logs(stderr=False)) for container in containers]
    finally:
        for container in containers:
            container.remove(force=True)


@pytest.mark.long
async def test_no_container_finds_the_engine_on_any_port(
    sealed: Guest, engine: docker.DockerClient, scanner: str, responder: str
) -> None:
    """Every port of each address where anybody answers; at others of its own, those where the kernel says that somebody
    listens. QEMU's own, which lead to the host, are silent.

    A container with the guest's own network has the same addresses as a privileged one, and fewer rights there: one
    scan is both. Privileged is free to do anything to the guest by nature; here it is asked about the network only.
    """
    kinds: list[dict[str, Any]] = [{}, {"network_mode": "host", "privileged": True}]
    try:
        plain, host = scan_all(engine, kinds)
    finally:
        await sealed.shell("ip addr del 10.0.3.77/24 dev eth0")
    for found in (plain, host):
        # One port of QEMU's name server leads to the host's; where that is on the host's loopback, it refuses here.
        assert not found.pop("10.0.2.3", {"open": {}})["open"]
        assert not {address: outcome for address, outcome in found.items() if outcome["silent"]}
    assert plain.keys() == {"10.0.2.15", "172.17.0.1"}
    assert {"127.0.0.1", "::1", "10.0.2.15", "172.17.0.1", "10.0.3.77"} <= host.keys()
    assert not {*QEMUS} & host.keys()
    for found in (plain, host):
        for address in plain:
            assert found[address]["refused"] + len(found[address]["open"]) == 65535
        assert found["10.0.2.15"]["open"].pop("53") == ""  # the guest's name server
    # What can be found is found, and it is all there is.
    of_responder = {address for address, outcome in plain.items() if outcome["open"].keys() == {responder}}
    assert of_responder == {"10.0.2.15", "172.17.0.1"}
    assert all(address in of_responder or not outcome["open"] for address, outcome in plain.items())
    assert all("200 OK" in plain[address]["open"][responder] for address in of_responder)
    assert all(outcome["open"].keys() == {responder} for outcome in host.values())


@pytest.mark.long
@pytest.mark.parametrize("network", ["bridge", "host"])
async def test_no_container_has_another_way_to_the_host(
    running: Guest, engine: docker.DockerClient, scanner: str, network: str
) -> None:
    """Neither the ports that the guest's own programs speak to the host by, nor abstract sockets, nor vsock.

    The engine keeps vsock from containers that are not privileged, and so the others are asked about it too.
    """
    looks = "ls /dev; ls /run /var/run; grep @ /proc/net/unix; echo looked"
    seen = engine.containers.run(scanner, ["sh", "-c", looks], network_mode=network, remove=True).decode()
    assert "looked" in seen
    assert not any(word in seen for word in ("vport", "virtio-ports", "docker.sock", "vda", "hvc", "ttyS", "@"))
    words = ["python3", "-I", "-S", "-c", VSOCK]
    for privileged in (False, True):
        said = engine.containers.run(scanner, words, network_mode=network, privileged=privileged, remove=True)
        codes = said.decode().split()
        assert codes and not {"connected", "ECONNREFUSED"} & set(codes)


async def test_neither_qemu_nor_the_supervisor_has_a_port(running: Guest) -> None:
    assert open_ports(await running.qemu_pid()) == set()
    assert open_ports_of_tree(await running.supervisor_pid()) == set()


async def test_a_published_port_is_there_for_others_only_where_the_setting_says(
    sealed: Guest, engine: docker.DockerClient
) -> None:
    qemu, supervisor = await sealed.qemu_pid(), await sealed.supervisor_pid()
    preferences = Preferences(sealed.files.home)
    container = engine.containers.run(IMAGE, ["sleep", "1000"], detach=True, ports={"80/tcp": 8080})
    try:
        for ipv4, ipv6 in (("127.0.0.1", "::1"), ("0.0.0.0", "::"), ("127.0.0.1", "::1")):
            preferences.save(publish_on=ipv4)
            await sealed.client.settings_changed()
            await wait_for(lambda at=(ipv4, 8080): tcp_listeners(qemu) == {at})
            await wait_for(lambda at=(ipv6, 8080): tcp_listeners(supervisor) == {at})
    finally:
        container.remove(force=True)
    await wait_for(lambda: not tcp_listeners(qemu) and not tcp_listeners(supervisor))


async def test_open_ports_are_seen_in_a_network_namespace_of_its_own() -> None:
    """What the test above goes by."""
    if not can_seal():
        pytest.skip("this system lets an ordinary user make no network namespace")
    program = "import socket, sys; s = socket.create_server(('', 8123)); print(flush=True); sys.stdin.read()"
    words = [*UNSHARE, sys.executable, "-c", program]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdout.readline()
        assert open_ports(process.pid) == {"tcp/8123"}
        process.stdin.close()
