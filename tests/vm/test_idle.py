"""A real machine that nobody uses is suspended after its minute, whatever is merely attached to it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import time

import docker
import pytest

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.machine import State
from desktop.core.settings import SuspendWhen
from desktop.core.together import together
from desktop.engine import ping
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import Guest, wait_for

pytestmark = pytest.mark.vm

LATE_S = 240.0
APP_LOOKS_S = 5.0
CACHED_MIB = 700


async def set_to_sleep_after(guest: Guest, minutes: int, when: SuspendWhen = SuspendWhen.EMPTY) -> None:
    guest.files.config.write_text(f'suspend_after_min = {minutes}\nsuspend_when = "{when}"\n')
    await guest.client.settings_changed()


@pytest.mark.long
async def test_only_use_keeps_a_machine_awake(
    running: Guest, own: Guest, engine: docker.DockerClient, cli: DockerCli
) -> None:
    """Side by side, since they wait for minutes: one that nobody uses, and one that is called at a published port."""
    await own.client.start()
    await together(_sleeps_whoever_listens(running, engine, cli), _wakes_for_a_published_port(own))


async def _sleeps_whoever_listens(running: Guest, engine: docker.DockerClient, cli: DockerCli) -> None:
    container = engine.containers.run(IMAGE, ["true"], detach=True)
    big = "/var/lib/docker/big"
    await running.shell(f"dd if=/dev/zero of={big} bs=1M count={CACHED_MIB}; sync; cat {big} >/dev/null")
    console = await running.client.console(ConsoleRequest(replay="none"))
    console.send(frames.LOOKED_AT, b"0")
    events = subprocess.Popen(
        [cli.program, "events"], env=cli.environment(running.files.docker_socket),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    start = time.monotonic()
    await set_to_sleep_after(running, 1)
    try:
        while (await running.client.status()).state is State.RUNNING:  # as the app asks
            assert time.monotonic() - start < 60 + LATE_S
            await ping.info(running.files.engine_socket)
            await asyncio.sleep(APP_LOOKS_S)
        status, _ = await running.until(State.SUSPENDED)
        assert time.monotonic() - start > 60
        assert status.detail == "Not used for 1 min"
        await wait_for(running.files.suspended.exists)
        held_mib = (running.files.suspended / "ram").stat().st_blocks * 512 >> 20
        print(f"{held_mib} MiB are saved")
        assert held_mib < CACHED_MIB  # its caches were given back first, of which that file alone filled as much
        assert events.wait(LATE_S) is not None  # its stream has ended
        assert (await asyncio.to_thread(engine.containers.get, container.id)).status == "exited"
        assert (await running.client.status()).state is State.RUNNING
    finally:
        events.kill()
        events.wait()
        await console.close()
        running.files.config.unlink()
        await running.client.settings_changed()
    await running.shell(f"rm {big}")
    container.remove()


async def _wakes_for_a_published_port(own: Guest) -> None:
    """Traffic there keeps it awake too. Not the machine that others share, which may be alone with its loopback."""
    engine = docker.DockerClient(base_url=f"unix://{own.files.docker_socket}", timeout=300)
    await asyncio.to_thread(engine.api.import_image_from_data, busybox_tar(), repository=IMAGE)
    serve = "mkdir /www; echo hello >/www/index.html; exec httpd -f -p 80 -h /www"
    container = await asyncio.to_thread(
        engine.containers.run, IMAGE, ["sh", "-c", serve], detach=True, ports={"80/tcp": ("127.0.0.1", None)}
    )
    container.reload()
    port = int(container.ports["80/tcp"][0]["HostPort"])
    engine.close()

    def hello() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), LATE_S) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return b"hello" in connection.makefile("rb").read()
        return False

    while not await asyncio.to_thread(hello):
        await asyncio.sleep(0.2)
    await set_to_sleep_after(own, 1, SuspendWhen.UNUSED)
    start = time.monotonic()
    await asyncio.sleep(30)
    assert await asyncio.to_thread(hello)
    await own.until(State.SUSPENDED, 120 + LATE_S)
    assert time.monotonic() - start > 60 + APP_LOOKS_S
    assert await asyncio.to_thread(hello)
    assert (await own.client.status()).state is State.RUNNING
