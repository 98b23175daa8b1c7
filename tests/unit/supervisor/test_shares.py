"""Shared folders of a machine whose virtiofsds are played, and end when they should not."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from desktop.core.machine import MachineStatus
from desktop.machine import record
from desktop.supervisor import shares
from tests.helpers.guest import end_process, wait_for
from tests.helpers.machine_rig import Play, Rig
from tests.helpers.sealed import can_seal

pytestmark = pytest.mark.skipif(not can_seal(), reason="this system keeps namespaces from ordinary users")


@pytest.fixture
def folder(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(shares, "WITH_QEMU_S", 0.1)
    (tmp_path / "shared").mkdir()
    rig.files.config.write_text(f'shares = ["{tmp_path}/shared"]\n')
    return str(tmp_path / "shared")


def words(status: MachineStatus) -> str:
    return "\n".join(words for words in status.warnings if "not shared" in words)


def virtiofsd_of(rig: Rig) -> int:
    found = record.read(rig.files.vm_record)
    assert found is not None
    return found.sharing[0].pid


async def test_a_virtiofsd_that_ends_early_leaves_a_machine_without_the_folder(
    rig: Rig, folder: str, play: Play
) -> None:
    play("virtiofsd-ends")
    status = await rig.machine.start()
    assert words(status) == f"The folder {folder} is not shared: its virtiofsd ended"
    assert status.vm.shares == ()


async def test_a_virtiofsd_that_ends_is_told(rig: Rig, folder: str) -> None:
    status = await rig.machine.start()
    assert words(status) == "" and status.vm.shares == (folder,)
    os.kill(virtiofsd_of(rig), signal.SIGKILL)
    await wait_for(lambda: "ended. Restart the machine" in words(rig.publisher.status))


async def test_one_that_ends_under_the_next_supervisor_is_told(rig: Rig, folder: str) -> None:
    await rig.machine.start()
    heir = await rig.die()
    await heir.machine.take_over()
    status = heir.publisher.status
    assert words(status) == "" and status.vm.shares == (folder,)
    os.kill(virtiofsd_of(heir), signal.SIGKILL)
    await wait_for(lambda: "ended. Restart the machine" in words(heir.publisher.status))


async def test_one_that_the_guest_could_not_mount_is_told_by_its_whole_name(
    rig: Rig, tmp_path: Path, play: Play
) -> None:
    play("mounts-nothing")
    folder = tmp_path.joinpath("x" * 200, "y" * 200)
    folder.mkdir(parents=True)
    rig.files.config.write_text(f'shares = ["{folder}"]\n')
    await rig.machine.start()
    told = f"The folder {folder} is not shared: the machine could not mount it"
    await wait_for(lambda: words(rig.publisher.status) == told)


async def test_one_that_ended_while_nobody_looked_is_told(rig: Rig, folder: str) -> None:
    await rig.machine.start()
    heir = await rig.die()
    await end_process(virtiofsd_of(rig), signal.SIGKILL)
    await heir.machine.take_over()
    await wait_for(lambda: "ended. Restart the machine" in words(heir.publisher.status))
