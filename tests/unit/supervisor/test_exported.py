"""Shared folders of a machine on a computer that has no virtiofsd: its QEMU, which is played, serves them itself."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from desktop.core.errors import DeadlineExceeded, MachineError
from desktop.core.machine import State
from desktop.machine import record, runtime
from desktop.supervisor.idle import IdleWatch
from desktop.supervisor.rest import rest
from tests.helpers.guest import wait_for
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import Play, Rig
from tests.helpers.played_home import SCRIPT
from tests.helpers.sealed import can_seal


@pytest.fixture
def folder(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    qemu = tmp_path / "bin" / f"qemu-system-{os.uname().machine}"
    qemu.parent.mkdir()
    qemu.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SCRIPT}" "$@"\n')
    qemu.chmod(0o700)
    monkeypatch.setenv("PATH", f"{qemu.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(runtime, "HELPERS", "/nowhere")
    (tmp_path / "shared").mkdir()
    share(rig, f"{tmp_path}/shared")
    return str(tmp_path / "shared")


def share(rig: Rig, folder: str) -> None:
    rig.files.config.write_text(f'runtime = "system"\naccelerator = "tcg"\ndisk_mib = 2048\nshares = ["{folder}"]\n')


def unshared(rig: Rig) -> str:
    return "\n".join(words for words in rig.publisher.status.warnings if "not shared" in words)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user makes no device files anywhere")
async def test_root_shares_nothing_so(rig: Rig, folder: str) -> None:
    assert (await rig.machine.start()).vm.shares == ()
    assert "device files" in unshared(rig)


not_root = pytest.mark.skipif(os.geteuid() == 0, reason="root shares nothing by 9p")


@not_root
async def test_qemu_serves_them(rig: Rig, folder: str) -> None:
    status = await rig.machine.start()
    assert status.vm.shares == (folder,) and unshared(rig) == ""
    found = record.read(rig.files.vm_record)
    assert found is not None and found.exported == (folder,) and found.sharing == ()


async def test_a_qemu_that_cannot_shares_nothing(rig: Rig, folder: str, play: Play) -> None:
    play("no-9p")
    assert (await rig.machine.start()).vm.shares == ()
    why = "this system has no virtiofsd, and its QEMU no 9p"
    assert unshared(rig) == f"The folder {folder} is not shared: {why}"


@not_root
async def test_what_holds_something_that_must_be_hidden_is_not_shared(
    rig: Rig, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = str(Path(folder).parent)
    monkeypatch.setenv("HOME", home)
    share(rig, "~")
    assert (await rig.machine.start()).vm.shares == ()
    assert unshared(rig) == (
        f"The folder {home} is not shared: This host lets Moorage hide nothing in a shared folder"
        " (this system has no virtiofsd). Share folders in it one by one."
    )


@not_root
async def test_they_are_unmounted_while_the_machine_is_saved(rig: Rig, folder: str) -> None:
    await rig.machine.start()
    rig.console.seen = b""
    await rig.machine.suspend()
    assert rig.console.seen.index(b"<off>") < rig.console.seen.index(b"<stop>")
    rig.console.seen = b""
    await rig.machine.start()
    await wait_for(lambda: b"<on>" in rig.console.seen)
    assert rig.publisher.status.vm.shares == (folder,) and unshared(rig) == ""


@not_root
async def test_they_are_mounted_again_where_it_could_not_be_saved(
    rig: Rig, folder: str, play: Play
) -> None:
    play("no-room-to-save")
    await rig.machine.start()
    rig.console.seen = b""
    with pytest.raises(MachineError, match="No space left"):
        await rig.machine.suspend()
    await wait_for(lambda: b"<on>" in rig.console.seen)
    assert rig.console.seen.index(b"<off>") < rig.console.seen.index(b"<cont>") < rig.console.seen.index(b"<on>")


@not_root
async def test_a_supervisor_that_takes_over_mounts_what_was_unmounted(rig: Rig, folder: str) -> None:
    await rig.machine.start()
    heir = await rig.die()
    await heir.machine.take_over()
    await wait_for(lambda: b"<on>" in heir.console.seen)


@not_root
async def test_a_container_that_uses_one_is_named_and_the_machine_goes_on(rig: Rig, folder: str, play: Play) -> None:
    play(f"uses={folder}/in-it")
    await rig.machine.start()
    with pytest.raises(MachineError) as refusal:
        await rig.machine.suspend()
    assert refusal.value.what == "The machine cannot be suspended"
    assert refusal.value.why == f"The folder {folder} is shared by 9p, and used by web"
    assert refusal.value.next_step == "Stop what uses it, or stop the machine instead"
    assert rig.states == [State.STARTING, State.RUNNING]  # no pane has left its place for that
    assert b"<stop>" not in rig.console.seen


@not_root
async def test_what_else_uses_one_keeps_it_from_being_saved_too(rig: Rig, folder: str, play: Play) -> None:
    play("in-use")
    await rig.machine.start()
    with pytest.raises(MachineError, match=f"{folder} is shared by 9p, and something in the machine uses it"):
        await rig.machine.suspend()
    assert rig.machine.state is State.RUNNING and b"<stop>" not in rig.console.seen


@not_root
async def test_a_guest_that_does_not_answer_keeps_its_folders_and_goes_on(
    rig: Rig, folder: str, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it has unmounted them is not known: they are mounted once it answers, and nothing is said of it."""
    monkeypatch.setattr("desktop.supervisor.shares.EXPORTED_S", 0.5)
    monkeypatch.setattr("desktop.supervisor.shares.MOUNT_AGAIN_S", 0.1)
    play("silent-agent")
    await rig.machine.start()
    with pytest.raises(DeadlineExceeded, match="does not answer"):
        await rig.machine.suspend()
    assert rig.machine.state is State.RUNNING and b"<stop>" not in rig.console.seen
    await asyncio.sleep(1)
    assert unshared(rig) == ""
    rig.console.type("listen")
    await wait_for(lambda: b"<on>" in rig.console.seen)
    assert unshared(rig) == ""


@pytest.mark.skipif(not can_seal(), reason="this system keeps namespaces from ordinary users")
@not_root
async def test_a_saved_machine_whose_virtiofsd_is_gone_boots_from_its_disk(rig: Rig, folder: str) -> None:
    virtiofsd = Path(folder).parent / "bin/virtiofsd"
    virtiofsd.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SCRIPT}" "$@"\n')
    virtiofsd.chmod(0o700)
    await rig.machine.start()
    await rig.machine.suspend()
    virtiofsd.unlink()
    status = await rig.machine.start()
    found = record.read(rig.files.vm_record)
    assert found is not None and found.exported == (folder,) and status.vm.shares == (folder,)
    assert any("could not be resumed, the machine boots" in words for words in status.warnings)


@not_root
async def test_where_it_is_not_used_that_is_said_once(
    rig: Rig, folder: str, play: Play, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.expect("is not used, and could not be suspended")
    monkeypatch.setattr("desktop.supervisor.idle.MINUTE_S", 0.2)
    monkeypatch.setattr("desktop.supervisor.life.STEADY_S", 0.01)
    rig.files.config.write_text(f"{rig.files.config.read_text()}suspend_after_min = 1\n")
    play("in-use no-containers")
    idle = IdleWatch(rig.machine, rig.publisher, lambda: False)
    await rig.machine.start()
    await wait_for(lambda: rig.console.seen.count(b"<off>") > 2)
    told = [words for words in rig.publisher.status.warnings if "could not be suspended" in words]
    assert len(told) == 1 and folder in told[0] and "stop the machine instead" in told[0]
    await idle.close()
    assert State.SUSPENDED not in rig.states


@not_root
async def test_at_the_end_of_the_session_it_is_stopped_then(
    rig: Rig, folder: str, play: Play, logs: LogWatch
) -> None:
    logs.expect("could not be suspended")
    play("in-use")
    await rig.machine.start()
    await rest(rig.machine, rig.publisher)
    assert rig.machine.state is State.STOPPED and State.STOPPING in rig.states
