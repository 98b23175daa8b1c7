"""Suspend and resume: nothing runs meanwhile, everything goes on afterwards, and a call wakes the machine."""

from __future__ import annotations

import os
import shutil

import msgspec
import pytest

from desktop.core.errors import MachineError
from desktop.core.machine import State
from desktop.machine.process import is_locked
from desktop.machine.saved import SavedRecord
from desktop.supervisor.life import SYNC
from tests.helpers.guest import Guest, is_alive, wait_for

pytestmark = pytest.mark.vm


async def boot_id(guest: Guest) -> str:
    return (await guest.shell("cat /proc/sys/kernel/random/boot_id")).strip()


async def test_a_suspended_machine_goes_on_where_it_was(own: Guest) -> None:
    client, files = own.client, own.client.files
    with pytest.raises(MachineError, match="cannot be suspended"):
        await client.suspend()
    pid = (await client.start()).hypervisor.pid
    assert pid is not None
    boot = await boot_id(own)
    assert "synced" in await own.shell(f"{SYNC} && echo synced")
    for _ in range(2):
        status = await client.suspend()
        assert status.state is State.SUSPENDED and status.hypervisor.pid is None
        assert not is_alive(pid)
        assert (await client.start()).state is State.RUNNING  # from memory, before it has settled
        assert not files.suspended.exists() and not files.suspended_new.exists()
        pid = (await client.status()).hypervisor.pid or 0
        assert await boot_id(own) == boot
    await client.suspend()
    await wait_for(files.suspended.exists)
    assert not any(path.stat().st_mode & 0o077 for path in files.suspended.iterdir())
    assert (await client.status()).state is State.SUSPENDED
    await client.quit()  # another supervisor finds it on disk
    await wait_for(lambda: not is_locked(files.supervisor_lock))
    assert (await client.status()).state is State.SUSPENDED  # nobody is there who knows, and it is true
    assert (await client.start()).state is State.RUNNING
    assert await boot_id(own) == boot


async def test_a_damaged_state_is_set_aside_and_the_machine_boots(own: Guest) -> None:
    client, files = own.client, own.client.files
    await client.start()
    boot = await boot_id(own)
    await client.suspend()
    await wait_for(files.suspended.exists)
    await client.quit()
    await wait_for(lambda: not is_locked(files.supervisor_lock))
    extents = msgspec.json.decode((files.suspended / "record.json").read_bytes(), type=SavedRecord).extents
    with (files.suspended / "ram").open("r+b") as ram:  # one bit of what is the guest's memory
        ram.seek(extents[len(extents) // 2].begin)
        byte = ram.read(1)
        ram.seek(-1, os.SEEK_CUR)
        ram.write(bytes([byte[0] ^ 1]))
    status = await client.start()
    assert status.state is State.RUNNING and any("suspended state" in words for words in status.warnings)
    assert await boot_id(own) != boot
    aside = list(files.folder.glob("suspended.aside-*"))
    assert len(aside) == 1
    shutil.rmtree(aside[0])
