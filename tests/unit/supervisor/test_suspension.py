"""Suspend and resume with a QEMU that is played: no call fails, nothing is resumed twice, no state is half."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
from msgspec import structs

from desktop.core.errors import ImageError, MachineError, MoorageError, NeedsConfirmation, SettingsError
from desktop.core.machine import BootStep, State
from desktop.core.paths import Home, MachineFiles, make_socket_folder
from desktop.core.settings import MachineSettings
from desktop.machine import builds, command, disk, migration, ram, saved, share
from desktop.machine import record as records
from desktop.machine.accelerator import Probe
from desktop.machine.driver import QemuDriver
from desktop.machine.process import is_locked
from desktop.machine.qmp import Monitor
from desktop.machine.ram import Extent, copy_out
from desktop.machine.threads import Stop
from desktop.supervisor.adoption import LOST
from desktop.supervisor.boot import make_plan
from desktop.supervisor.rest import rest
from tests.helpers.guest import wait_for
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import Play, Rig, until


async def settled(rig: Rig) -> None:
    await rig.machine.settled()
    assert rig.files.suspended.exists() and not rig.files.suspended_new.exists()


def nothing_saved(rig: Rig) -> bool:
    return not rig.files.suspended.exists() and not rig.files.suspended_new.exists()


async def until_it_loads(rig: Rig) -> None:
    """The hypervisor has begun to read the saved state."""
    await until(rig, State.RESUMING)
    await wait_for(lambda: b"<migrate-incoming>" in printed(rig))


def printed(rig: Rig) -> bytes:
    """By a guest whose console nobody has joined yet, too."""
    return rig.files.console_spare.read_bytes() if rig.files.console_spare.exists() else b""


async def test_suspended_and_resumed_from_memory_and_from_disk(rig: Rig) -> None:
    pid = (await rig.machine.start()).hypervisor.pid
    for wait in (False, True):
        assert (await rig.machine.suspend()).state is State.SUSPENDED
        assert rig.publisher.status.hypervisor.pid is None
        if wait:
            await settled(rig)
        assert (await rig.machine.start()).state is State.RUNNING
        assert nothing_saved(rig)
        assert rig.publisher.status.hypervisor.pid != pid
    assert rig.states[-3:] == [State.SUSPENDED, State.RESUMING, State.RUNNING]


async def test_what_was_resumed_from_is_deleted_and_never_resumed_again(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    await rig.machine.start()
    await wait_for(lambda: not rig.files.suspended_spent.exists())
    # As a supervisor leaves it that is killed before it had deleted it.
    await rig.machine.suspend()
    await settled(rig)
    shutil.copytree(rig.files.suspended, rig.files.suspended_spent)
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    assert not rig.files.suspended_spent.exists()
    await rig.machine.start()
    await wait_for(lambda: not rig.files.suspended_spent.exists())
    rig.files.suspended_spent.mkdir(mode=0o700)
    heir = await rig.die()
    await heir.machine.take_over()
    assert nothing_saved(heir) and not rig.files.suspended_spent.exists()


async def test_calls_that_come_while_it_is_being_suspended_wake_it(rig: Rig) -> None:
    await rig.machine.start()
    suspending = asyncio.create_task(rig.machine.suspend())
    await asyncio.sleep(0)
    assert rig.machine.state is State.SUSPENDING
    assert await asyncio.gather(*(rig.machine.wake() for _ in range(5))) == [True] * 5
    await suspending
    assert rig.machine.state is State.RUNNING
    assert rig.states.count(State.RESUMING) == 1


async def test_who_asked_may_leave_before_it_fails(rig: Rig, play: Play, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    play("no-room-to-save")
    await rig.machine.start()
    asking = asyncio.create_task(rig.machine.suspend())
    await asyncio.sleep(0)
    assert rig.machine.state is State.SUSPENDING
    asking.cancel()
    await until(rig, State.RUNNING)
    await asyncio.sleep(0)
    rig.machine._suspending = None
    gc.collect()
    assert "suspending: The machine could not be suspended" in caplog.text
    assert "never retrieved" not in caplog.text


async def test_who_asked_may_leave(rig: Rig) -> None:
    await rig.machine.start()
    suspending = asyncio.create_task(rig.machine.suspend())
    await asyncio.sleep(0)
    assert rig.machine.state is State.SUSPENDING
    suspending.cancel()
    await until(rig, State.SUSPENDED)
    await settled(rig)


async def test_a_machine_that_cannot_be_saved_goes_on(rig: Rig, play: Play) -> None:
    play("no-room-to-save")
    await rig.machine.start()
    with pytest.raises(MachineError, match="No space left"):
        await rig.machine.suspend()
    assert rig.machine.state is State.RUNNING
    await wait_for(lambda: b"<cont>" in rig.console.seen)
    assert nothing_saved(rig)  # of what the disk has no room for


async def test_a_machine_that_is_saved_too_slowly_goes_on(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """QEMU lets no guest go on whose state it still writes, and would stop it again when it is done."""
    monkeypatch.setattr(migration, "DEADLINE_S", 0.2)
    play("slow-save")
    await rig.machine.start()
    with pytest.raises(MachineError, match="It goes on as before"):
        await rig.machine.suspend()
    assert rig.machine.state is State.RUNNING
    await wait_for(lambda: b"<cont>" in rig.console.seen)


async def test_kill_while_it_is_saved(rig: Rig, play: Play, logs: LogWatch) -> None:
    logs.allow("disk was not synced")  # where that was still under way
    play("slow-save")
    await rig.machine.start()
    suspending = asyncio.create_task(rig.machine.suspend())
    await until(rig, State.SUSPENDING)
    assert (await rig.machine.kill()).state is State.STOPPED
    with pytest.raises(MachineError, match="could not be suspended"):
        await suspending
    assert rig.machine.state is State.STOPPED


async def test_qemu_that_dies_while_it_is_saved_is_a_failure(rig: Rig, play: Play, logs: LogWatch) -> None:
    logs.allow("disk was not synced")  # where that was still under way
    play("slow-save")
    status = await rig.machine.start()
    suspending = asyncio.create_task(rig.machine.suspend())
    await until(rig, State.SUSPENDING)
    os.kill(status.hypervisor.pid or 0, signal.SIGKILL)
    await until(rig, State.FAILED)
    with pytest.raises(MachineError):
        await suspending
    assert rig.machine.state is State.FAILED


async def test_kill_of_a_resume_keeps_the_saved_state(rig: Rig, play: Play) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    play("slow-load")
    resuming = asyncio.create_task(rig.machine.start())
    await until_it_loads(rig)
    assert (await rig.machine.kill()).state is State.SUSPENDED
    with pytest.raises(MachineError):
        await resuming
    play("")
    assert (await rig.machine.start()).state is State.RUNNING


async def test_kill_of_a_resume_from_memory_lets_that_settle_again(rig: Rig, play: Play) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    play("slow-load")
    resuming = asyncio.create_task(rig.machine.start())
    await until_it_loads(rig)
    assert (await rig.machine.kill()).state is State.SUSPENDED
    with pytest.raises(MachineError):
        await resuming
    await settled(rig)
    play("")
    assert (await rig.machine.start()).state is State.RUNNING


def hide_guest(rig: Rig) -> Callable[[], object]:
    """Nothing can be started any more, until what is returned is called."""
    manifest = rig.files.home.guest / "played" / "manifest.json"
    away = manifest.with_name("away")
    manifest.rename(away)
    return lambda: away.rename(manifest)


async def test_a_resume_that_fails_before_the_memory_has_begun_to_settle_lets_it_settle(rig: Rig) -> None:
    """A call that waited for the end of the suspend is quicker than what follows that."""
    await rig.machine.start()
    suspending = asyncio.create_task(rig.machine.suspend())
    await until(rig, State.SUSPENDING)
    bring_back = hide_guest(rig)
    with pytest.raises(ImageError):
        await rig.machine.wake()
    await suspending
    assert rig.machine.state is State.SUSPENDED
    await wait_for(rig.files.suspended.exists)
    bring_back()
    assert (await rig.machine.start()).state is State.RUNNING


async def test_kill_of_a_resume_that_waits_for_the_disk_lets_the_memory_settle_again(
    rig: Rig, held_copy: tuple[threading.Event, threading.Event]
) -> None:
    is_copying, may_go = held_copy
    await rig.machine.start()
    await rig.machine.suspend()
    await asyncio.to_thread(is_copying.wait, 60)
    resuming = asyncio.create_task(rig.machine.start())
    await until(rig, State.RESUMING)
    await asyncio.sleep(0.3)
    killing = asyncio.create_task(rig.machine.kill())
    await asyncio.sleep(0.1)
    may_go.set()
    assert (await killing).state is State.SUSPENDED
    with pytest.raises(MachineError):
        await resuming
    await settled(rig)
    assert (await rig.machine.start()).state is State.RUNNING


@pytest.mark.parametrize("is_settled", [True, False])
@pytest.mark.parametrize("trouble", ["slow", "killed"])
async def test_a_hypervisor_that_is_slow_or_killed_as_it_reads_the_state_costs_none(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch, trouble: str, is_settled: bool
) -> None:
    """As on a computer that is short of memory: nothing is wrong with what was saved."""
    await rig.machine.start()
    await rig.machine.suspend()
    if is_settled:
        await settled(rig)
    play("slow-load")
    with monkeypatch.context() as hurry:
        hurry.setattr(migration, "DEADLINE_S", 0.5 if trouble == "slow" else 20)
        resuming = asyncio.create_task(rig.machine.start())
        if trouble == "killed":
            await until_it_loads(rig)
            record = records.read(rig.files.vm_record)
            assert record is not None
            os.kill(record.pid, signal.SIGKILL)
        with pytest.raises(MoorageError, match="saved state cannot be read"):
            await resuming
    assert rig.machine.state is State.SUSPENDED
    play("")
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


async def test_a_hypervisor_that_is_slow_to_go_on_is_waited_for(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it goes on from is spent by then."""
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    play("late-cont")
    monkeypatch.setattr(Monitor.execute, "__defaults__", (1.0,))
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


async def test_a_fault_of_ours_at_a_resume_costs_no_saved_state(rig: Rig, logs: LogWatch) -> None:
    logs.expect("broke off")
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    manifest = rig.files.home.guest / "played" / "manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole.replace(b'"console":', b'"tty":'))
    with pytest.raises(MachineError, match="stumbled"):
        await rig.machine.start()
    assert rig.machine.state is State.SUSPENDED
    manifest.write_bytes(whole)
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


def add_newer(folder: Path) -> None:
    """Another version beside the played one, built later."""
    shutil.copytree(folder / "played", folder / "newer")
    manifest = folder / "newer" / "manifest.json"
    manifest.write_bytes(manifest.read_bytes().replace(b"2026-01-01", b"2026-02-01"))


async def test_a_suspended_machine_goes_on_with_the_builds_it_had(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    for folder in (rig.files.home.guest, rig.files.home.runtime):
        add_newer(folder)
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]
    await rig.machine.stop()
    await rig.machine.start()
    life = rig.machine.life
    assert life is not None and life.vm is not None
    assert life.vm.record.guest.endswith("newer") and "newer/bin" in life.vm.record.executable


@pytest.mark.parametrize("setting", ['accelerator = "kvm"', 'runtime = "system"'])
async def test_a_suspended_machine_goes_on_with_the_hypervisor_it_had(rig: Rig, setting: str) -> None:
    reason = (await rig.machine.start()).hypervisor.accelerator_reason
    await rig.machine.suspend()
    await settled(rig)
    config = rig.files.config.read_text()
    key = setting.partition(" ")[0]
    others = "".join(line for line in config.splitlines(keepends=True) if key not in line)
    rig.files.config.write_text(f"{setting}\n{others}")
    status = await rig.machine.start()
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]
    assert (status.hypervisor.accelerator, status.hypervisor.accelerator_reason) == ("tcg", reason)
    assert status.vm.restart_for == (key,)


async def test_a_machine_whose_accelerator_is_away_stays_suspended(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another hypervisor may have it just now, or the user's right to it has gone."""
    device = tmp_path / "kvm"
    device.touch()
    monkeypatch.setattr("desktop.supervisor.boot.Probe", partial(Probe, device=device, deadline_s=60.0))
    rig.files.config.write_text(rig.files.config.read_text().replace('"tcg"', '"auto"'))
    assert (await rig.machine.start()).hypervisor.accelerator == "kvm"
    await rig.machine.suspend()
    await settled(rig)
    device.unlink()
    with pytest.raises(MachineError, match="suspended on KVM, which cannot be used now"):
        await rig.machine.start()
    assert rig.machine.state is State.SUSPENDED
    device.touch()
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


@pytest.mark.parametrize("what", ["record.json", "state", "ram"])
async def test_a_saved_state_that_cannot_be_read_just_now_is_kept(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """As on a network's disk whose server is away for a moment."""
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    read, open_ = Path.read_bytes, os.open

    def refuse(path: Any) -> None:
        if Path(path).name == what and Path(path).parent == rig.files.suspended:
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE), str(path))

    def read_bytes(path: Path) -> bytes:
        refuse(path)
        return read(path)

    def opened(path: Any, *words: Any, **named: Any) -> int:
        refuse(path)
        return open_(path, *words, **named)

    with monkeypatch.context() as away:
        away.setattr(Path, "read_bytes", read_bytes)
        away.setattr(os, "open", opened)
        with pytest.raises(MachineError, match="Stale file handle"):
            await rig.machine.start()
        heir = await rig.die()
        await heir.machine.take_over()
    assert (await heir.machine.start()).state is State.RUNNING
    assert heir.states[-2:] == [State.RESUMING, State.RUNNING]


@pytest.mark.parametrize("is_settled", [True, False])
@pytest.mark.parametrize("trouble", ["kill", "disk"])
async def test_a_resume_that_ends_when_its_state_is_spent_tells_no_suspended_machine(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, is_settled: bool, trouble: str
) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    if is_settled:
        await settled(rig)
    spend, is_spending = saved.spend, threading.Event()

    def slowly(files: MachineFiles) -> None:
        spend(files)
        is_spending.set()
        time.sleep(0.3)
        if trouble == "disk":
            raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(saved, "spend", slowly)
        resuming = asyncio.create_task(rig.machine.start())
        await asyncio.to_thread(is_spending.wait, 60)
        if trouble == "kill":
            assert (await rig.machine.kill()).state is State.STOPPED
        with pytest.raises(MachineError):
            await resuming
    assert rig.machine.state is (State.STOPPED if trouble == "kill" else State.FAILED)
    assert nothing_saved(rig)
    assert (await rig.machine.start()).state is State.RUNNING
    assert not any("suspended" in words for words in rig.publisher.status.warnings)


async def test_kill_of_a_suspended_machine_asks_and_leaves_nothing(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.kill()
    assert (await rig.machine.kill(confirmed=True)).state is State.STOPPED
    assert nothing_saved(rig)


def slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved state takes its time to go, as gigabytes do."""
    delete = shutil.rmtree

    def slowly(*words: Any, **named: Any) -> None:
        time.sleep(0.1)
        delete(*words, **named)

    monkeypatch.setattr(shutil, "rmtree", slowly)


@pytest.mark.parametrize("is_settled", [True, False])
async def test_a_drop_whose_client_leaves_goes_on_to_its_end(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, is_settled: bool
) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    if is_settled:
        await settled(rig)
    slow_disk(monkeypatch)
    killing = asyncio.create_task(rig.machine.kill(confirmed=True))
    await asyncio.sleep(0.05)
    killing.cancel()
    await until(rig, State.STOPPED)
    assert nothing_saved(rig)


async def test_what_is_asked_while_a_saved_state_is_dropped_waits_for_that(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    slow_disk(monkeypatch)
    killing = asyncio.create_task(rig.machine.kill(confirmed=True))
    await asyncio.sleep(0.05)
    with pytest.raises(MachineError, match="The machine is stopped"):
        await rig.machine.wake()
    assert (await killing).state is State.STOPPED
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    outcomes = await asyncio.gather(*(rig.machine.kill(confirmed=True) for _ in range(2)), rig.machine.stop())
    assert {status.state for status in outcomes} == {State.STOPPED}
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    killing = asyncio.create_task(rig.machine.kill(confirmed=True))
    await asyncio.sleep(0.05)
    assert (await rig.machine.start()).state is State.RUNNING
    assert State.RESUMING not in rig.states
    await killing


def discard_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    discard = disk.discard

    def slowly(path: Path, new: Path) -> None:
        time.sleep(0.3)
        discard(path, new)

    monkeypatch.setattr(disk, "discard", slowly)


@pytest.mark.parametrize("was", ["running", "suspended", "stopped"])
async def test_what_is_started_during_a_reset_has_a_disk_of_its_own(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, was: str
) -> None:
    """One that is deleted under a machine that starts would be lost when it stops, with all that was put on it."""
    await rig.machine.start()
    if was == "suspended":
        await rig.machine.suspend()
    elif was == "stopped":
        await rig.machine.stop()
    discard_slowly(monkeypatch)
    with rig.files.disk.open("rb") as old:
        resetting = asyncio.create_task(rig.machine.reset(confirmed=True))
        await asyncio.sleep(0)
        await until(rig, State.STOPPED)
        assert (await rig.machine.start()).state is State.RUNNING
        await resetting
        assert rig.machine.state is State.RUNNING
        assert rig.files.disk.stat().st_ino != os.fstat(old.fileno()).st_ino


async def test_a_second_reset_deletes_no_disk_of_what_was_started_between_them(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.machine.start()
    await rig.machine.stop()
    discard_slowly(monkeypatch)
    first = asyncio.create_task(rig.machine.reset(confirmed=True))
    await asyncio.sleep(0.1)
    starting = asyncio.create_task(rig.machine.start())
    second = asyncio.create_task(rig.machine.reset(confirmed=True))
    await first
    await second
    with pytest.raises(MachineError, match="did not start"):
        await starting
    assert rig.machine.state is State.STOPPED


async def test_trouble_of_this_hosts_leaves_it_suspended(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    manifest = rig.files.home.guest / "played" / "manifest.json"
    manifest.rename(manifest.with_name("away"))
    with pytest.raises(ImageError, match="moorage guest build"):
        await rig.machine.start()
    assert rig.machine.state is State.SUSPENDED
    manifest.with_name("away").rename(manifest)
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


async def test_a_folder_that_cannot_be_shared_just_now_loses_no_saved_state(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    rig.files.config.write_text(f'shares = ["{folder}"]\n')
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    room = tmp_path / "room.py"
    room.write_text("raise SystemExit")
    with monkeypatch.context() as trouble:
        trouble.setattr(share, "ROOM", room)
        with pytest.raises(MachineError, match="cannot be shared now"):
            await rig.machine.start()
    assert rig.machine.state is State.SUSPENDED
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


async def test_settings_that_cannot_be_read_share_nothing_anew_and_cost_no_saved_state(
    rig: Rig, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    config = f'disk_mib = 2048\nshares = ["{folder}"]\n'
    rig.files.config.write_text(config)
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    rig.files.config.write_text(config.replace("]", ""))
    rig.machine.settings_changed()
    with pytest.raises(SettingsError, match="Mend"):
        await rig.machine.start()
    assert rig.machine.state is State.SUSPENDED and rig.files.suspended.exists()
    assert any("no folder is shared" in words for words in rig.publisher.status.warnings)
    rig.files.config.write_text(config)
    assert (await rig.machine.start()).vm.shares == (str(folder),)
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]
    rig.files.config.write_text(config.replace("]", ""))
    assert (await rig.machine.restart()).vm.shares == ()


async def test_a_folder_that_could_not_be_shared_at_the_start_is_not_at_resume_either(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    rig.files.config.write_text(f'shares = ["{folder}"]\n')
    room = tmp_path / "room.py"
    room.write_text("raise SystemExit")
    with monkeypatch.context() as trouble:
        trouble.setattr(share, "ROOM", room)
        assert any("is not shared" in words for words in (await rig.machine.start()).warnings)
    await rig.machine.suspend()
    assert (await rig.machine.start()).state is State.RUNNING
    assert State.STARTING not in rig.states[-3:]


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[0] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("what", ["state", "ram", "record.json", "another QEMU", "refused", "unsettled, another QEMU"])
async def test_a_state_of_no_use_is_set_aside_and_the_machine_boots(
    rig: Rig,
    play: Play,
    what: str,
) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    if not what.startswith("unsettled"):
        await settled(rig)
    if what == "ram":
        os.truncate(rig.files.suspended / what, 1 << 20)
    elif what == "refused":
        play("forgets-to-load")
    elif what.endswith("QEMU"):
        manifest = rig.files.home.runtime / "played/manifest.json"
        manifest.write_bytes(manifest.read_bytes().replace(b"11.1.3", b"11.1.4"))
    else:
        flip(rig.files.suspended / what)
    outcomes = await asyncio.gather(rig.machine.start(), rig.machine.wake(), rig.machine.start())
    assert outcomes[1] is True and rig.machine.state is State.RUNNING
    assert rig.states[-3:] == [State.RESUMING, State.STARTING, State.RUNNING]
    assert any("could not be resumed" in words for words in rig.publisher.status.warnings)
    assert len(list(rig.files.folder.glob("suspended.aside-*"))) == 1
    assert nothing_saved(rig)


async def test_the_next_supervisor_finds_it_on_disk(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.machine.state is State.SUSPENDED
    assert (await heir.machine.start()).state is State.RUNNING


async def test_what_had_not_settled_is_lost_in_words(rig: Rig) -> None:
    rig.files.suspended_new.mkdir(mode=0o700)
    (rig.files.suspended_new / "state").write_text("devices")
    await rig.machine.take_over()
    assert rig.machine.state is State.STOPPED
    assert LOST in rig.publisher.status.warnings
    assert nothing_saved(rig)


@pytest.mark.parametrize("part", ["slow-save", ""])
async def test_a_supervisor_that_dies_while_it_saves_leaves_a_machine_that_goes_on(
    rig: Rig,
    play: Play,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    """Before the devices are written, and after that."""
    play(part)
    await rig.machine.start()
    life = rig.machine.life
    assert life is not None and life.vm is not None

    async def die() -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(life, "end_saved", die)
    suspending = asyncio.create_task(rig.machine.suspend())
    if part:
        await wait_for(lambda: b"<stop>" in rig.console.seen)
    else:
        await wait_for(lambda: rig.machine._suspension is not None)
    assert rig.machine.state is State.SUSPENDING
    suspending.cancel()
    if part:
        assert rig.machine._suspending is not None
        rig.machine._suspending.cancel()
    else:
        assert rig.machine._suspension is not None
        rig.machine._suspension._let_go()  # as the end of its process does
        rig.machine._suspension = None
    heir = await rig.die()
    await heir.machine.take_over()
    await until(heir, State.RUNNING)
    await wait_for(lambda: b"<cont>" in heir.console.seen)
    assert nothing_saved(heir)


async def test_a_hypervisor_that_waits_for_a_saved_state_is_none(rig: Rig) -> None:
    """As a supervisor leaves it that is killed in the middle of a resume."""
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    plan = await make_plan(rig.files, MachineSettings(), was=saved.read(rig.files).vm)
    driver = QemuDriver(rig.files, lambda pid: psutil.Process(pid).create_time())
    memory = ram.create(2048)
    vm = await driver.start(replace(plan.description, memory=memory), plan.runtime.environment, plan.facts)
    os.close(memory)
    await vm.close()
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.machine.state is State.SUSPENDED
    assert not is_locked(rig.files.vm_lock)
    assert (await heir.machine.start()).state is State.RUNNING


async def test_a_boot_never_leaves_an_older_saved_state(rig: Rig) -> None:
    rig.files.suspended.mkdir(mode=0o700)
    (rig.files.suspended / "record.json").write_text("{}")
    await rig.machine.start()
    assert nothing_saved(rig)


async def test_a_disk_without_room_is_told_and_the_memory_kept(
    rig: Rig,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await rig.machine.start()
    monkeypatch.setattr("desktop.machine.saved.SPARE_MIB", 1 << 40)
    await rig.machine.suspend()
    for _ in range(2):
        with pytest.raises(MachineError, match="in memory only"):
            await rig.machine.settled()
    assert any("in memory only" in words and "is full" in words for words in rig.publisher.status.warnings)
    assert (await rig.machine.start()).state is State.RUNNING
    assert not any("in memory only" in words for words in rig.publisher.status.warnings)


async def test_a_memory_that_found_no_room_settles_when_there_is_some(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.suspension.RETRY_FIRST_S", 0.05)
    left = iter(range(3))

    def runs_full(memory: int, file: Path, stop: Stop) -> list[Extent]:
        found = copy_out(memory, file, stop)
        if next(left, None) is not None:
            raise OSError(28, "No space left on device")
        return found

    monkeypatch.setattr("desktop.machine.ram.copy_out", runs_full)
    await rig.machine.start()
    await rig.machine.suspend()
    await wait_for(lambda: any("No space left" in words for words in rig.publisher.status.warnings))
    assert not (rig.files.suspended_new / "ram").exists()  # which the full disk needs
    await wait_for(rig.files.suspended.exists)
    await settled(rig)
    assert not any("in memory only" in words for words in rig.publisher.status.warnings)
    assert (await rig.machine.start()).state is State.RUNNING


async def test_a_state_that_was_set_aside_goes_with_a_reset_and_a_while_after_a_boot(rig: Rig) -> None:
    new, old = (rig.files.folder / saved._aside_at(time.time() - days * 86400) for days in (6, 8))
    for aside in (new, old):
        aside.mkdir(mode=0o700)
        (aside / "ram").write_text("what containers held")
    await rig.machine.start()
    await wait_for(lambda: not old.exists())
    assert new.exists()
    await rig.machine.reset(confirmed=True)
    assert not new.exists()


async def test_room_that_comes_while_it_is_saved_does_not_let_the_guest_go_on(rig: Rig, play: Play) -> None:
    """Its memory would no longer be the one that its devices were saved with."""
    play("slow-save")
    await rig.machine.start()
    suspending = asyncio.create_task(rig.machine.suspend())
    await wait_for(lambda: b"<stop>" in rig.console.seen)
    rig.console.type("no-room")  # and there is room, so that it would go on at once
    await asyncio.sleep(0.3)
    assert rig.machine.state is State.SUSPENDING and b"<cont>" not in rig.console.seen
    await rig.machine.kill()
    with pytest.raises(MachineError):
        await suspending


async def test_a_guest_that_gets_no_room_on_a_disk_with_some_is_tried_now_and_then(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a quota: it stops at once when it is let go on."""
    monkeypatch.setattr("desktop.supervisor.disk_watch.LOOK_S", 0.5)
    play("no-room-ever")
    await rig.machine.start()
    rig.console.type("no-room")
    await wait_for(lambda: any("gets no more room" in words for words in rig.publisher.status.warnings))
    begun_s, tried = time.monotonic(), rig.console.seen.count(b"<cont>")
    await wait_for(lambda: rig.console.seen.count(b"<cont>") >= tried + 3)  # the first may have been on its way
    assert time.monotonic() - begun_s > 0.5
    rig.console.type("room")
    await wait_for(lambda: not any("paused" in words for words in rig.publisher.status.warnings))
    tried = rig.console.seen.count(b"<cont>")
    await asyncio.sleep(0.5)
    assert rig.console.seen.count(b"<cont>") <= tried + 1


async def test_a_full_disk_is_said_before_the_saved_state_is_spent(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    with monkeypatch.context() as full:
        full.setattr("desktop.machine.disk.free_mib", lambda _: 3)
        with pytest.raises(MachineError, match="disk of this computer is full"):
            await rig.machine.start()
    assert rig.machine.state is State.SUSPENDED and rig.files.suspended.exists()
    assert (await rig.machine.start()).state is State.RUNNING


async def test_a_guest_that_waits_for_room_as_it_comes_up_is_not_given_up(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.disk_watch.LOOK_S", 0.05)
    await rig.machine.start()
    await rig.machine.suspend()
    hurry(monkeypatch)
    play("silent-engine no-room-at-once")
    with monkeypatch.context() as full:
        full.setattr("desktop.machine.disk.RESUME_MIB", 1 << 40)
        resuming = asyncio.create_task(rig.machine.start())
        await wait_for(lambda: any("goes on by itself" in words for words in rig.publisher.status.warnings))
        await asyncio.sleep(1.3)
        assert rig.machine.state is State.RESUMING
    with pytest.raises(MoorageError, match="has not answered"):  # with room, the deadline is there again
        await resuming


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine has a second to come up, from here on."""
    short = structs.replace(MachineSettings(), start_deadline_s=1, shares=(), disk_mib=2048)
    monkeypatch.setattr("desktop.supervisor.machine.read", lambda kind, path: (short, None))


async def resumed_late(rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch) -> int:
    """A machine whose engine does not answer after it was resumed. The hypervisor's process."""
    await rig.machine.start()
    await rig.machine.suspend()
    play("silent-engine")
    with monkeypatch.context() as short:
        hurry(short)
        with pytest.raises(MoorageError, match="has not answered since the machine was resumed"):
            await rig.machine.start()
    status = rig.publisher.status
    assert (status.state, status.action) == (State.RESUMING, "kill") and "moorage kill" in status.detail
    assert status.hypervisor.pid is not None
    return status.hypervisor.pid


async def test_an_engine_that_is_late_after_a_resume_is_waited_for(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its containers have in memory is nowhere else any more."""
    pid = await resumed_late(rig, play, monkeypatch)
    for call in (rig.machine.wake, rig.machine.start):
        with pytest.raises(MoorageError, match="has not answered"):
            await call()
    with pytest.raises(MachineError, match="it is resuming"):
        await rig.machine.suspend()
    await asyncio.sleep(1.5)  # another deadline passes
    rig.console.type("answer")
    status = await until(rig, State.RUNNING)
    assert (status.hypervisor.pid, status.detail, status.action) == (pid, "", "")


@pytest.mark.parametrize("verb", ["stop", "kill", "restart", "rest"])
async def test_the_user_decides_of_a_machine_whose_engine_is_late_after_a_resume(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch, logs: LogWatch, verb: str
) -> None:
    logs.allow("cannot be suspended")
    await resumed_late(rig, play, monkeypatch)
    play("")
    if verb == "rest":  # at the end of the user's session
        await rest(rig.machine, rig.publisher)
    else:
        await getattr(rig.machine, verb)()
    assert rig.machine.state is (State.RUNNING if verb == "restart" else State.STOPPED)
    assert (State.STOPPING in rig.states) is (verb != "kill")


async def test_a_supervisor_that_dies_in_the_middle_of_a_resume_leaves_a_machine_that_is_not_given_up(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = await resumed_late(rig, play, monkeypatch)
    hurry(monkeypatch)
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.machine.state is State.RESUMING
    await wait_for(lambda: heir.publisher.status.action == "kill")
    heir.console.type("answer")
    assert (await until(heir, State.RUNNING)).hypervisor.pid == pid
    await wait_for(lambda: b"<time" in heir.console.seen)  # that of the guest stood still while it was suspended


async def test_an_engine_that_was_started_again_in_the_past_is_no_reason_against_a_resume(rig: Rig) -> None:
    """Each time is among the steps that are kept: after three, a resume was given up, and the machine with it."""
    await rig.machine.start()
    life = rig.machine.life
    assert life is not None and life.vm is not None
    step = BootStep("restarted dockerd, which ended with status 1", 9.0)
    life.vm.note(boot_steps=(*life.vm.record.boot_steps, step, step, step))
    await rig.machine.suspend()
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


async def test_settings_changed_meanwhile_wait_for_a_start_and_cost_no_saved_state(rig: Rig, tmp_path: Path) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    config = rig.files.config.read_text()
    changed = config.replace("shares = []", f'shares = ["{tmp_path}"]')
    rig.files.config.write_text(f'network = "passt"\n{changed}[engine]\ndebug = true\n')
    rig.machine.settings_changed()
    waits = ("network", "shares", "engine")
    assert rig.publisher.status.vm.restart_for == waits
    assert (await rig.machine.start()).state is State.RUNNING
    assert State.STARTING not in rig.states[-2:]
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.publisher.status.vm.restart_for == waits
    await heir.machine.suspend()
    heir.files.config.write_text(config)
    heir.machine.settings_changed()
    assert heir.publisher.status.vm.restart_for == ()


async def test_a_machine_is_not_resumed_on_another_disk_than_it_had(rig: Rig) -> None:
    """As when a backup was put in its place: the guest goes on from what it knows of its own, and would spoil both."""
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    disk_file = rig.files.disk
    content = disk_file.read_bytes()[: 1 << 20]
    with disk_file.open("r+b") as file:
        file.write(b"an older state of it")
    os.utime(disk_file, (1, 1))
    for call in (rig.machine.start, rig.machine.wake):
        with pytest.raises(MachineError, match="another disk"):
            await call()
    assert rig.machine.state is State.SUSPENDED and rig.files.suspended.exists()
    away = disk_file.rename(disk_file.with_name("away"))
    with pytest.raises(MachineError, match="No such file"):
        await rig.machine.start()
    away.rename(disk_file)
    with disk_file.open("r+b") as file:  # its own again, as a copy has another time
        file.write(content)
    assert (await rig.machine.start()).state is State.RUNNING
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]


async def test_other_cpus_and_memory_wait_for_a_start_too(rig: Rig) -> None:
    config = rig.files.config.read_text()
    await rig.machine.start()
    await rig.machine.suspend()
    rig.files.config.write_text("cpus = 1\nmemory_mib = 1024\n" + config)
    rig.machine.settings_changed()
    status = await rig.machine.start()
    assert rig.states[-2:] == [State.RESUMING, State.RUNNING]
    assert (status.vm.cpus, status.vm.memory_mib, status.vm.restart_for) == (2, 2048, ("cpus", "memory_mib"))
    status = await rig.machine.restart()
    assert (status.vm.cpus, status.vm.memory_mib, status.vm.restart_for) == (1, 1024, ())


async def test_a_suspended_machine_goes_on_as_the_moorage_that_saved_it_had_described_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update gives QEMU another device, which the saved state has not."""
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    extras = command._extras
    newer = ["-device", "of-an-update"]
    monkeypatch.setattr(command, "_extras", lambda machine: [*extras(machine), *newer])
    for _ in range(2):  # also what was resumed itself
        status = await rig.machine.start()
        assert rig.states[-2:] == [State.RESUMING, State.RUNNING]
        assert newer[1] not in psutil.Process(status.hypervisor.pid).cmdline()
        await rig.machine.suspend()
        await settled(rig)
    await rig.machine.start()
    status = await rig.machine.restart()
    assert newer[1] in psutil.Process(status.hypervisor.pid).cmdline()


@pytest.mark.parametrize("name", ["b", "with, a comma and " + 20 * "long"])
async def test_a_suspended_machine_goes_on_where_its_folder_was_moved_to(rig: Rig, home: Home, name: str) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await settled(rig)
    await rig.machine.leave()
    moved = Home(home.base / name)
    moved.base.mkdir(mode=0o700)
    for kind in ("vms", "guest", "runtime"):
        (home.base / kind).rename(moved.base / kind)
    for folder in (moved.guest, moved.runtime):
        add_newer(folder)
    files = moved.machine()
    make_socket_folder(files.folder)
    rig.heir = heir = Rig(files)
    await heir.machine.take_over()
    await heir.machine.start()
    assert heir.states[-2:] == [State.RESUMING, State.RUNNING]
    assert builds.needed(moved) == {moved.guest / "played", moved.runtime / "played"}
    await heir.machine.suspend()
    await settled(heir)
    assert builds.needed(moved) == {moved.guest / "played", moved.runtime / "played"}
    await heir.machine.start()
    assert heir.states[-2:] == [State.RESUMING, State.RUNNING]
