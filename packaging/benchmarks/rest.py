"""Rows of a machine at rest: suspended and woken, idle, and with memory that its containers gave back."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from functools import cache

import psutil
from rig import Rig
from row import Row

from desktop.client.supervisor import SupervisorClient
from desktop.core.paths import MachineFiles

ROUNDS = 5
SETTLE_DEADLINE_S = 60.0
QUIET_S = 60.0
BEFORE_QUIET_S = 20.0
TAKEN_MIB = 1000
GIVEN_BACK_WITHIN_S = 20.0
MIB = 1 << 20


def rows() -> list[Row]:
    return [
        Row("resume_warm_s", "s", "<= 0.6", lambda rig: [each.resume_s for each in _rounds(rig, False)]),
        Row("resume_cold_s", "s", "<= 1.0", lambda rig: [each.resume_s for each in _rounds(rig, True)]),
        Row("suspend_s", "s", "<= 0.3", lambda rig: [each.suspend_s for each in _rounds(rig, False)]),
        Row("settle_s", "s", "<= 4", lambda rig: [each.settle_s for each in _rounds(rig, False)]),
        Row("suspended_disk_mb", "MB", "<= 500", lambda rig: [each.disk_mb for each in _rounds(rig, False)]),
        Row("wake_docker_ps_s", "s", "<= 0.9", lambda rig: [_wake(rig) for _ in range(ROUNDS)]),
        Row("resume_unsettled_s", "s", "<= 0.6", lambda rig: [asyncio.run(_at_once(rig)) for _ in range(ROUNDS)]),
        Row("guest_idle_cpu_percent", "%", "<= 3", _idle_percent),
        Row("rss_given_back_mb", "MB", f">= {TAKEN_MIB * 7 // 10}", _given_back_mb),
    ]


@dataclass(frozen=True)
class Rest:
    """One suspend and resume. Times begin with the call to the supervisor."""

    suspend_s: float  # until the hypervisor is gone
    settle_s: float  # until all is on disk, and nothing of it in memory
    disk_mb: float
    resume_s: float  # until dockerd has answered


@cache
def _rounds(rig: Rig, is_cold: bool) -> list[Rest]:
    """With a container that runs. Cold: nothing of the state, or of the hypervisor, is in the host's caches."""
    files = rig.running.files
    rig.docker.run("run", "-d", "busybox", "sleep", "10000", socket=files.docker_socket)
    return [asyncio.run(_round(files, is_cold)) for _ in range(ROUNDS)]


async def _round(files: MachineFiles, is_cold: bool) -> Rest:
    client = SupervisorClient(files)
    await client.start()
    qemu = (await client.status()).hypervisor.pid or 0
    begun = time.monotonic()
    await client.suspend()
    suspended_s = time.monotonic() - begun
    assert not psutil.pid_exists(qemu)
    settle_s = await _settled(files, begun)
    disk_mb = sum(path.stat().st_blocks * 512 for path in files.suspended.iterdir()) / 1e6
    if is_cold:
        _drop_caches(files)
    begun = time.monotonic()
    await client.start()
    return Rest(suspended_s, settle_s, disk_mb, time.monotonic() - begun)


async def _at_once(rig: Rig) -> float:
    """While what is saved is in memory, and is being copied to disk."""
    client = SupervisorClient(rig.running.files)
    await client.start()
    await client.suspend()
    assert not client.files.suspended.exists()
    begun = time.monotonic()
    await client.start()
    return time.monotonic() - begun


async def _settled(files: MachineFiles, begun: float) -> float:
    async with asyncio.timeout(SETTLE_DEADLINE_S):
        while not files.suspended.exists():
            await asyncio.sleep(0.01)
    return time.monotonic() - begun


def _drop_caches(files: MachineFiles) -> None:
    os.sync()
    if os.getuid() == 0:
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
        return
    for path in files.suspended.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def _wake(rig: Rig) -> float:
    files = rig.running.files
    rig.moorage.run("suspend")
    asyncio.run(_settled(files, time.monotonic()))
    begun = time.monotonic()
    rig.docker.run("ps", socket=files.docker_socket)
    return time.monotonic() - begun


def _idle_percent(rig: Rig) -> list[float]:
    """Of one core, with no container."""
    files = rig.running.files
    if containers := _said(rig, "ps", "-aq").split():
        rig.docker.run("rm", "-f", *containers, socket=files.docker_socket)
    qemu = _qemu(rig)
    time.sleep(BEFORE_QUIET_S)
    before = qemu.cpu_times()
    begun = time.monotonic()
    time.sleep(QUIET_S)
    after = qemu.cpu_times()
    return [(after.user + after.system - before.user - before.system) / (time.monotonic() - begun) * 100]


def _given_back_mb(rig: Rig) -> list[float]:
    """What the hypervisor's memory shrinks by when a container ends that filled so much."""
    return [_taken_and_given_back(rig) for _ in range(2)]


def _taken_and_given_back(rig: Rig) -> float:
    files = rig.running.files
    qemu = _qemu(rig)
    before_mb = qemu.memory_info().rss / MIB
    fill = f"dd if=/dev/zero of=/dev/shm/x bs=1M count={TAKEN_MIB} 2>/dev/null && sleep 10000"
    words = ("run", "-d", "--shm-size", f"{TAKEN_MIB + 10}m", "busybox", "sh", "-c", fill)
    container = _said(rig, *words).strip()
    full_mb = before_mb
    deadline = time.monotonic() + 60
    while full_mb < before_mb + TAKEN_MIB * 0.9 and time.monotonic() < deadline:
        time.sleep(0.5)
        full_mb = qemu.memory_info().rss / MIB
    rig.docker.run("rm", "-f", container, socket=files.docker_socket)
    time.sleep(GIVEN_BACK_WITHIN_S)
    after_mb = qemu.memory_info().rss / MIB
    rig.say(f"QEMU's memory: {before_mb:.0f} MB before, {full_mb:.0f} full, {after_mb:.0f} after")
    return full_mb - after_mb


def _qemu(rig: Rig) -> psutil.Process:
    return psutil.Process(rig.running.status()["hypervisor"]["pid"])


def _said(rig: Rig, *words: str) -> str:
    return rig.docker.run(*words, socket=rig.running.files.docker_socket).stdout.decode()
