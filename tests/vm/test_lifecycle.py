"""A real VM from power-on to its end, whichever way it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import docker
import psutil
import pytest

from desktop.core.errors import MachineError, NeedsConfirmation
from desktop.core.machine import MachineStatus, State
from tests.helpers.e2fsck import e2fsck
from tests.helpers.guest import DEADLINE_S, Guest, end_process, is_alive, wait_for

pytestmark = pytest.mark.vm


def printed_lines(replay: str) -> list[str]:
    """The lines in a replay of a screen, whose visible part is drawn row by row."""
    rows = re.sub(r"\x1b\[\d+;\d+H", "\n", replay)
    plain = re.sub(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z])", "", rows)
    return [line.strip() for line in plain.split("\n") if line.strip()]


def engine_info(guest: Guest) -> dict[str, object]:
    client = docker.DockerClient(base_url=f"unix://{guest.files.docker_socket}", timeout=300)
    try:
        return client.info()
    finally:
        client.close()


async def test_running_means_that_the_engine_answers_on_docker_sock(running: Guest) -> None:
    info = await asyncio.to_thread(engine_info, running)
    status = await running.status()
    assert status.state is State.RUNNING
    assert status.engine.reachable
    assert (status.engine.version, status.vm.kernel) == (info["ServerVersion"], info["KernelVersion"])
    assert status.vm.kernel in await running.shell("uname -r")
    assert status.host.rss_mib and status.host.rss_mib > 50


async def test_boot_is_told_in_named_steps(running: Guest) -> None:
    steps = (await running.status()).boot_steps
    assert [step.name for step in steps][:2] == ["init", "modules"]
    assert [step.at_s for step in steps] == sorted(step.at_s for step in steps)
    assert {"disk", "containerd", "engine", "network"} <= {step.name for step in steps}


async def test_accelerator_is_told_with_its_reason(running: Guest) -> None:
    status = await running.status()
    assert status.hypervisor.accelerator_reason
    emulated = status.hypervisor.accelerator == "tcg"
    assert emulated == any("no security boundary" in words for words in status.warnings)


async def test_qemu_is_a_private_sandboxed_process(running: Guest) -> None:
    qemu = psutil.Process(await running.qemu_pid())
    assert os.getsid(qemu.pid) == qemu.pid
    assert qemu.uids().real == os.getuid()
    if sys.platform == "linux":
        facts = Path(f"/proc/{qemu.pid}/status").read_text()
        assert "Seccomp:\t2\n" in facts
        assert "NoNewPrivs:\t1\n" in facts


async def test_no_file_or_socket_is_open_to_others(running: Guest) -> None:
    for path in [running.files.folder, *running.files.folder.rglob("*")]:
        found = path.lstat().st_mode
        assert stat.S_ISLNK(found) or not found & 0o077, path


async def test_dead_supervisor_leaves_the_vm_and_the_next_one_takes_over_whole(running: Guest) -> None:
    before = await running.status()
    await running.shell("echo said-''before")
    await running.type("sleep 1; echo said-''while-nobody-read; for n in $(seq 300); do echo line-$n; done")
    await running.kill_supervisor()
    assert is_alive(before.hypervisor.pid or 0)
    await asyncio.sleep(2)
    after = await running.status()
    assert after.state is State.RUNNING
    assert (after.hypervisor.pid, after.since) == (before.hypervisor.pid, before.since)
    assert after.supervisor.pid != before.supervisor.pid
    assert after.engine.reachable
    assert after.boot_steps == before.boot_steps
    await running.console_until("line-300")  # whoever attaches while it prints sees a line in two parts
    lines = printed_lines(await running.console_until("line-300"))
    begin = lines.index("said-while-nobody-read")
    assert "said-before" in lines[:begin]
    assert lines[begin + 1 : begin + 301] == [f"line-{n}" for n in range(1, 301)]
    assert "ServerVersion" in await asyncio.to_thread(engine_info, running)


async def test_supervisor_that_is_told_to_end_leaves_a_suspended_machine_and_no_process(running: Guest) -> None:
    before = await running.status()
    boot_id = await running.shell("cat /proc/sys/kernel/random/boot_id")
    await end_process(before.supervisor.pid or 0, signal.SIGTERM)
    assert not running.files.control_socket.exists() and not is_alive(before.hypervisor.pid or 0)
    assert running.files.suspended.exists() and not running.files.suspended_new.exists()
    assert (await running.status()).state is State.SUSPENDED
    await running.client.start()
    assert await running.shell("cat /proc/sys/kernel/random/boot_id") == boot_id


async def test_frozen_vm_is_late_and_asked_about_and_can_be_killed(running: Guest) -> None:
    pid = await running.qemu_pid()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(NeedsConfirmation):
        await running.client.stop(timeout_s=1)
    assert (await running.status()).state is State.STOPPING
    assert (await running.client.kill()).state is State.STOPPED
    assert not is_alive(pid)


async def test_qemu_dying_is_told_and_the_next_start_recovers(running: Guest) -> None:
    os.kill(await running.qemu_pid(), signal.SIGKILL)
    status, _ = await running.until(State.FAILED)
    assert "stopped unexpectedly" in status.detail
    assert (await running.client.start()).state is State.RUNNING


async def test_killed_together_with_its_supervisor_is_a_failure_in_words(running: Guest) -> None:
    supervisor, qemu = await running.supervisor_pid(), await running.qemu_pid()
    for pid in (supervisor, qemu):
        os.kill(pid, signal.SIGKILL)
    status = await running.status()
    assert status.state is State.FAILED
    assert "stopped unexpectedly" in status.detail and "together with its supervisor" in status.detail
    assert (await running.client.start()).state is State.RUNNING


async def test_a_stop_goes_on_where_its_supervisor_is_killed(running: Guest) -> None:
    supervisor = await running.supervisor_pid()
    stopping = asyncio.create_task(running.client.stop())
    await running.until(State.STOPPING)
    stopping.cancel()
    await end_process(supervisor, signal.SIGKILL)
    assert (await running.status()).state in (State.STOPPING, State.STOPPED)
    assert (await running.until(State.STOPPED))[0].detail == ""
    await running.client.start()


async def test_a_guest_that_powers_off_without_a_supervisor_has_not_failed(running: Guest) -> None:
    qemu = await running.qemu_pid()
    await running.type("sleep 2; poweroff")
    await running.kill_supervisor()
    await wait_for(lambda: not is_alive(qemu), DEADLINE_S)
    status = await running.status()
    assert (status.state, status.detail) == (State.STOPPED, "The guest shut itself down")
    await running.client.start()


async def test_stop_leaves_a_clean_disk(running: Guest) -> None:
    await running.shell("echo kept >/var/lib/kept")
    assert (await running.client.stop()).state is State.STOPPED
    check = subprocess.run([e2fsck(), "-fn", running.files.disk], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout
    assert "recovering journal" not in check.stdout
    assert "Superblock needs_recovery" not in check.stdout
    await running.client.start()
    assert "kept" in await running.shell("cat /var/lib/kept")


async def test_two_starts_at_once_make_one_vm(own: Guest) -> None:
    first, second = await asyncio.gather(own.client.start(), type(own.client)(own.files).start())
    assert first.state is second.state is State.RUNNING
    assert first.hypervisor.pid == second.hypervisor.pid
    await own.type("poweroff")
    status, _ = await own.until(State.STOPPED)
    assert status.detail == "The guest shut itself down"
    printed = own.files.console_log.read_text()
    steps = re.findall(r"\[ *\d+\.\d+\] moorage: (\w+)", printed)
    assert steps[0] == "init" and steps[-2:] == ["ready", "stopping"] and len(set(steps)) == len(steps) > 6
    assert printed.index("moorage: ready") < printed.index("BusyBox")


async def test_kill_while_starting_kills_and_the_next_start_boots(own: Guest, seen: list[MachineStatus]) -> None:
    starting = asyncio.create_task(own.client.start(on_status=seen.append))
    async with asyncio.timeout(DEADLINE_S):
        while not any(status.boot_steps for status in seen):
            await asyncio.sleep(0.02)
    pid = await own.qemu_pid()
    assert (await own.client.kill()).state is State.STOPPED
    assert not is_alive(pid)
    with pytest.raises(MachineError):
        await starting
    assert (await own.client.start()).state is State.RUNNING
    await own.type("echo c >/proc/sysrq-trigger")
    status, _ = await own.until(State.FAILED)
    assert "kernel panicked" in status.detail
    assert "sysrq triggered crash" in status.detail


@pytest.mark.long
async def test_engine_settings_reach_the_engine_and_wrong_ones_are_told(own: Guest) -> None:
    own.files.folder.mkdir(parents=True, mode=0o700)
    own.files.config.write_text('[engine]\nlabels = ["moorage.test=yes"]\n')
    await own.client.start()
    assert (await asyncio.to_thread(engine_info, own))["Labels"] == ["moorage.test=yes"]
    await own.client.stop()
    own.files.config.write_text("[engine]\nno-such-thing = true\n")
    with pytest.raises(MachineError, match="no-such-thing"):
        await own.client.start()
    assert (await own.status()).state is State.FAILED
