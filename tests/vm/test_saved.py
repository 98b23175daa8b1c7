"""What a saved machine keeps and what it is worth, on real parts: connections, screen, disk; and ways to lose it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
from pathlib import Path

import docker
import pytest

from desktop.client.connection import SupervisorGone
from desktop.core.machine import State
from desktop.engine import ping
from desktop.machine.process import is_locked
from desktop.machine.ram import NAME
from tests.helpers.busybox_image import IMAGE
from tests.helpers.e2fsck import e2fsck
from tests.helpers.guest import DEADLINE_S, Guest, end_process, is_alive, wait_for
from tests.helpers.sealed import is_sealed, launch_sealed

pytestmark = pytest.mark.vm

PORT = 4711
ANSWERS = f"nc -l -p {PORT} -e cat"  # to one connection, and never to another
COUNTS = "n=0; while :; do n=$((n + 1)); echo said-$n; sleep 0.1; done"
ASKS = f"{COUNTS} | until nc server {PORT}; do sleep 0.1; done"  # which may not listen yet
CALLS = 20


async def boot_id(guest: Guest) -> str:
    return (await guest.shell("cat /proc/sys/kernel/random/boot_id")).strip()


def memory_held_by(pid: int) -> list[str]:
    """The guest's memory among what a process has open or mapped."""
    opened = [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()]
    mapped = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return [found for found in (*opened, *mapped) if NAME in found]


async def end_supervisor(guest: Guest) -> None:
    await guest.client.quit()
    await wait_for(lambda: not is_locked(guest.files.supervisor_lock))


async def test_connections_and_screen_come_back_on_another_network_and_twenty_calls_are_answered(
    running: Guest, engine: docker.DockerClient
) -> None:
    client, files = running.client, running.files
    was_sealed = is_sealed(await running.supervisor_pid())
    network = engine.networks.create("talk")
    server = engine.containers.run(IMAGE, ["sh", "-c", ANSWERS], detach=True, name="server", network="talk")
    asker = engine.containers.run(IMAGE, ["sh", "-c", ASKS], detach=True, network="talk")

    def said() -> list[int]:
        return [int(word) for word in re.findall(r"said-(\d+)", asker.logs().decode())]

    await wait_for(lambda: len(said()) > 3, DEADLINE_S)
    await running.type("echo on-the-''screen")
    await running.console_until("on-the-screen")
    boot, before = await boot_id(running), len(said())
    engine.close()
    await client.suspend()
    await wait_for(files.suspended.exists)
    supervisor = (await client.status()).supervisor.pid or 0
    await wait_for(lambda: not memory_held_by(supervisor))
    await end_supervisor(running)
    await client.ensure()  # another one, in the network that this process is in, finds the state on disk
    answers = await asyncio.gather(*(ping.info(files.docker_socket, DEADLINE_S) for _ in range(CALLS)))
    assert len(answers) == CALLS and (await client.latest()).state is State.RUNNING
    assert not is_sealed(await running.supervisor_pid())
    await wait_for(lambda: len(said()) > before + 3, DEADLINE_S)
    heard = said()
    assert heard == list(range(1, len(heard) + 1))
    await running.console_until("on-the-screen")
    assert await boot_id(running) == boot
    for container in (asker, server):
        container.remove(force=True)
    network.remove()
    if was_sealed:  # for the tests that need it so
        await client.suspend()
        await end_supervisor(running)
        launch_sealed(files)
        await client.start()
        assert await boot_id(running) == boot


@pytest.mark.long
async def test_a_supervisor_killed_while_it_saves_and_while_it_settles_costs_no_data(running: Guest) -> None:
    client, files = running.client, running.files
    boot = await boot_id(running)
    await running.shell("echo kept >/var/lib/docker/kept; sync")
    for is_settling in (False, True):
        status = await client.status()
        supervisor, qemu = status.supervisor.pid or 0, status.hypervisor.pid or 0
        async with contextlib.aclosing(client.watch()) as seen:
            await anext(seen)
            suspending = asyncio.create_task(client.suspend())
            async for status in seen:
                if status.state is (State.SUSPENDED if is_settling else State.SUSPENDING):
                    break
        await end_process(supervisor, signal.SIGKILL)
        is_saved = not is_alive(qemu)  # by a kill that came late too, on a busy computer
        with pytest.raises(SupervisorGone):
            await suspending
            raise SupervisorGone("it had said so before it was killed")
        was_settled = files.suspended.exists()
        status = await client.start()
        assert status.state is State.RUNNING
        went_on = await boot_id(running) == boot
        assert went_on or (is_saved and not was_settled)
        assert went_on or any("not yet on disk" in words for words in status.warnings)
        assert not files.suspended.exists() and not files.suspended_new.exists()
    assert "kept" in await running.shell("cat /var/lib/docker/kept; rm /var/lib/docker/kept")
    assert (await client.stop()).state is State.STOPPED
    check = subprocess.run([e2fsck(), "-fn", files.disk], capture_output=True, text=True)
    assert check.returncode == 0 and "recovering journal" not in check.stdout, check.stdout


async def test_a_state_goes_on_as_it_was_saved_and_other_settings_wait_for_a_restart(running: Guest) -> None:
    client, files = running.client, running.files
    boot, before = await boot_id(running), (await client.latest()).vm.memory_mib
    await client.suspend()
    files.config.write_text(f"memory_mib = {before - 512}\n")
    try:
        await client.settings_changed()
        assert (await client.latest()).state is State.SUSPENDED
        status = await client.start()
        assert status.vm.memory_mib == before and await boot_id(running) == boot
        assert status.vm.restart_for == ("memory_mib",)
    finally:
        files.config.unlink()
        await client.settings_changed()
    assert (await client.latest()).vm.restart_for == ()
