"""Memory that a real guest gives back to a host that is short of it."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from desktop.core.machine import State
from desktop.host.processes import start_time
from desktop.machine.driver import QemuDriver, Vm
from desktop.supervisor.memory_watch import restore, shrink, size_mib
from tests.helpers.guest import DEADLINE_S, Guest, wait_for

pytestmark = pytest.mark.vm

CACHED_MIB = 300


async def until_size(vm: Vm, mib: int) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while await size_mib(vm.monitor) != mib:
            await asyncio.sleep(0.1)


async def test_a_guests_caches_are_given_to_a_host_that_is_short_and_nothing_else_is(running: Guest) -> None:
    """No host is made short of memory here: what the supervisor does then is done in its place, while it is away."""
    await running.shell(f"dd if=/dev/zero of=/var/lib/cached bs=1M count={CACHED_MIB}; sync")
    qemu = psutil.Process(await running.qemu_pid())
    full = qemu.memory_info().rss
    await running.kill_supervisor()
    vm = await QemuDriver(running.files, start_time).adopt()
    assert vm is not None
    try:
        left_mib = await shrink(vm.monitor, vm.agent, vm.record.memory_mib)
        assert left_mib < vm.record.memory_mib
        await until_size(vm, left_mib)
        await wait_for(lambda: qemu.memory_info().rss < full - (CACHED_MIB // 3 << 20))
        await vm.agent.ping()
        await restore(vm.monitor, vm.record.memory_mib)
        await until_size(vm, vm.record.memory_mib)
    finally:
        await vm.close()
    assert (await running.status()).state is State.RUNNING
    await running.shell("rm /var/lib/cached")
