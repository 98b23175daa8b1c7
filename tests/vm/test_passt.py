"""passt as the containers' way out: it comes and goes with QEMU, and nothing leads to the host's loopback then."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

import docker
import psutil
import pytest

from desktop.core.machine import State
from desktop.core.settings import Network
from desktop.services.preferences import Preferences
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.guest import DEADLINE_S, Guest, end_process, wait_for
from tests.helpers.scanner_image import scanner_tar

from .test_ports import (
    ECHO_IMAGE,
    KINDS,
    MAY_LEAD_THERE_ON_IPV6,
    MAY_LEAD_TO_THE_HOST,
    SERVE,
    Canary,
    free_ports,
    served,
)

pytestmark = pytest.mark.vm

# Over every card that there is, and the one that the routes say.
KNOCK = """
import contextlib, errno, select, socket, sys, time
knocks = {}
for card in ("", *(name for _, name in socket.if_nameindex())):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        for address in sys.argv[2:]:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            knock = socket.socket(family, kind | socket.SOCK_NONBLOCK)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, card.encode())
            if knock.connect_ex((address, int(sys.argv[1]))) in (0, errno.EINPROGRESS):
                knocks[knock] = f"{kind.name} {address} {card}"
time.sleep(1)
for knock in select.select([], list(knocks), [], 0)[1]:
    with contextlib.suppress(OSError):
        knock.send(knocks[knock].encode())
print("asked")
"""
# Whatever the host's name server says to that, it was asked.
ASK = """
import socket
with socket.socket(type=socket.SOCK_DGRAM) as question:
    question.settimeout(20)
    question.connect(("10.0.4.3", 53))
    question.send(bytes.fromhex("abcd0100000100000000000007") + b"example\\7invalid\\0\\0\\1\\0\\1")
    print(question.recv(99)[:2].hex())
"""


@pytest.fixture
def through_passt(own: Guest) -> Guest:
    Preferences(own.files.home).save(network=Network.PASST, shares=[])
    return own


def passts(guest: Guest) -> list[psutil.Process]:
    mark = str(guest.files.home.runtime)
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(mark in word and Path(word).name.startswith("passt") for word in process.info["cmdline"] or ())
    ]


@pytest.mark.long
async def test_passt_carries_what_goes_out_and_nothing_to_the_hosts_loopback(through_passt: Guest) -> None:
    guest = through_passt
    status = await guest.client.start()
    assert not any("passt" in words for words in status.warnings)
    engine = docker.DockerClient(base_url=f"unix://{guest.files.docker_socket}", timeout=300)
    engine.api.import_image_from_data(busybox_tar(), repository=IMAGE)
    engine.api.import_image_from_data(scanner_tar(), repository=ECHO_IMAGE)

    def python(script: str, *words: str, **kind: object) -> bytes:
        command = ["python3", "-I", "-S", "-c", script, *words]
        return bytes(engine.containers.run(ECHO_IMAGE, command, remove=True, **kind))

    port = free_ports(2)
    places = {"80/tcp": port, "53/udp": port + 1}
    server = engine.containers.run(IMAGE, ["sh", "-c", SERVE.format(ports="80")], detach=True, ports=places)
    name = str(server.id)[:12]
    try:
        assert await asyncio.to_thread(python, ASK) == b"abcd\n"
        asked = ["nslookup", "host.docker.internal"]
        assert b"10.0.2.2" in await asyncio.to_thread(engine.containers.run, IMAGE, asked, remove=True)
        await _find_no_canary(guest, python)
        await wait_for(lambda: served("127.0.0.1", port) == name)
        async for status in guest.client.watch():  # told a moment after the other port is open
            if warning := [words for words in status.warnings if "passt" in words]:
                break
        assert len(warning) == 1 and f"127.0.0.1:{port + 1}/udp" in warning[0]

        await guest.client.suspend()
        await wait_for(lambda: passts(guest) == [])
        await guest.client.start()
        assert await asyncio.to_thread(python, ASK) == b"abcd\n"
        assert served("127.0.0.1", port, DEADLINE_S) == name

        await guest.kill_supervisor()
        assert (await guest.status()).state is State.RUNNING
        assert await asyncio.to_thread(python, ASK) == b"abcd\n"

        (passt,) = passts(guest)
        await end_process(passt.pid, signal.SIGKILL)
        async for status in guest.client.watch():
            if any("passt ended" in words for words in status.warnings):
                break
    finally:
        engine.close()


async def _find_no_canary(guest: Guest, python: Callable[..., bytes]) -> None:
    """Not even where the guest's own rules are out of the way."""
    canary = Canary()
    await canary.open()
    try:
        await guest.shell("iptables -t mangle -I HOST -j RETURN")
        for kind in (KINDS[0], KINDS[-1]):  # the least and the most that a container may
            words = (str(canary.port), *MAY_LEAD_TO_THE_HOST, *MAY_LEAD_THERE_ON_IPV6, "10.0.4.2", "10.0.4.3")
            assert await asyncio.to_thread(python, KNOCK, *words, **kind) == b"asked\n"
        assert canary.heard == set()
    finally:
        await canary.close()
