"""The machine's verbs in each state, over the real driver and a QEMU that is played by a process."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import re
import shutil
import signal
import time
from pathlib import Path

import msgspec
import pytest

from desktop.core.errors import ImageError, MachineError, NeedsConfirmation, SettingsError
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import MachineFiles
from desktop.machine.agent import Agent
from tests.helpers.guest import wait_for
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import DEADLINE_S, Play, Rig, until


async def test_start_ends_with_an_engine_that_answered(rig: Rig) -> None:
    status = await rig.machine.start()
    assert status.state is State.RUNNING
    assert rig.states == [State.STARTING, State.RUNNING]
    assert [step.name for step in status.boot_steps] == ["init", "network", "answer"]
    assert [step.at_s for step in status.boot_steps] == sorted(step.at_s for step in status.boot_steps)
    assert status.hypervisor.accelerator == "tcg"
    assert any("no security boundary" in words for words in status.warnings)


async def test_a_disk_is_new_until_its_engine_answers(rig: Rig, play: Play) -> None:
    """What a first boot left that never came so far is nothing of the user's."""
    play("silent-engine")
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    await wait_for(rig.files.disk_new.exists)
    heir = await rig.die()
    starting.cancel()
    await heir.machine.take_over()
    await heir.machine.kill()
    assert heir.files.disk_new.exists()
    play("")
    await heir.machine.start()
    assert not heir.files.disk_new.exists()


async def test_start_while_starting_waits_and_boots_once(rig: Rig) -> None:
    first, second = await asyncio.gather(rig.machine.start(), rig.machine.start())
    assert first.state is second.state is State.RUNNING
    assert rig.states.count(State.STARTING) == 1


async def test_start_while_running_is_done(rig: Rig) -> None:
    await rig.machine.start()
    pid = rig.publisher.status.hypervisor.pid
    assert (await rig.machine.start()).hypervisor.pid == pid


async def test_status_knows_engine_kernel_and_uptime(rig: Rig) -> None:
    await rig.machine.start()
    status = await rig.machine.status()
    assert (status.engine.version, status.engine.containers_running) == ("28.5.2", 2)
    assert status.vm.kernel == "6.12.0-played"
    assert status.vm.uptime_s is not None


@pytest.mark.parametrize("set_by_s", [-3600, 1e9])
async def test_a_clock_that_was_set_changes_no_uptime(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, set_by_s: float
) -> None:
    await rig.machine.start()
    true = time.time
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: true() + set_by_s)
        for machine in (rig.machine, (await rig.die()).machine):
            if machine is not rig.machine:
                await machine.take_over()
            uptime_s = (await machine.status()).vm.uptime_s
            assert uptime_s is not None and 0 < uptime_s < 300


async def test_a_guest_that_lies_does_not_spoil_the_status(rig: Rig, play: Play) -> None:
    """One that no JSON can hold, or that is longer than a line may be, would reach nobody."""
    play("liar")
    await rig.machine.start()
    status = await rig.machine.status()
    line = msgspec.json.encode(status)
    assert msgspec.json.decode(line, type=MachineStatus) == status
    assert len(line) < 10_000
    assert status.engine.containers_running is None and "\x1b" not in status.engine.version
    assert not any("/no/share" in words for words in status.warnings)
    assert (await rig.machine.stop()).state is State.STOPPED


async def test_a_machine_with_more_than_the_host_has_is_not_started(rig: Rig) -> None:
    with rig.files.config.open("a") as file:
        file.write("memory_mib = 1048576\n")
    with pytest.raises(SettingsError, match="cannot have 1048576 MiB"):
        await rig.machine.start()
    assert rig.machine.state is State.FAILED


async def test_stop_is_graceful(rig: Rig) -> None:
    await rig.machine.start()
    status = await rig.machine.stop()
    assert status.state is State.STOPPED
    assert rig.states[-2:] == [State.STOPPING, State.STOPPED]
    assert status.detail == ""
    assert status.hypervisor.pid is None
    assert not status.engine.reachable


async def test_late_guest_is_asked_about_and_kill_works_then(rig: Rig, play: Play) -> None:
    play("ignores-shutdown")
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation, match="does not stop"):
        await rig.machine.stop(0.2)
    assert rig.machine.state is State.STOPPING
    assert "has not powered off" in rig.publisher.status.detail
    assert rig.publisher.status.action == "kill"
    assert (await rig.machine.kill()).state is State.STOPPED


async def test_late_restart_goes_on_to_start_once_the_guest_is_off(rig: Rig, play: Play) -> None:
    play("ignores-shutdown")
    pid = (await rig.machine.start()).hypervisor.pid
    with pytest.raises(NeedsConfirmation, match="started again"):
        await rig.machine.restart(0.2)
    assert "started again" in rig.publisher.status.detail
    rig.console.type("poweroff")
    assert (await until(rig, State.RUNNING)).hypervisor.pid != pid


@pytest.mark.parametrize("verb", ["kill", "stop"])
async def test_late_restart_that_was_called_off_starts_nothing(rig: Rig, play: Play, verb: str) -> None:
    play("ignores-shutdown")
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.restart(0.2)
    if verb == "kill":
        await rig.machine.kill()
    else:
        stopping = asyncio.create_task(rig.machine.stop())
        await asyncio.sleep(0.1)
        rig.console.type("poweroff")
        await stopping
    await asyncio.sleep(0.2)
    assert rig.machine.state is State.STOPPED


async def test_deadline_of_a_stop_is_shown(rig: Rig, play: Play) -> None:
    play("ignores-shutdown")
    await rig.machine.start()
    stopping = asyncio.create_task(rig.machine.stop(0.2))
    status = await until(rig, State.STOPPING)
    assert (status.deadline_s, status.detail) == (0.2, "Waits for its containers to end")
    with pytest.raises(NeedsConfirmation):
        await stopping


async def test_agent_that_does_not_answer_makes_the_guest_late(rig: Rig, play: Play) -> None:
    play("silent-agent")
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.stop(0.2)


async def test_a_guest_whose_agent_comes_round_late_is_asked_then_too(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.machine.agent.REPLY_DEADLINE_S", 0.3)
    play("silent-agent")
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.stop(0.2)
    rig.console.type("listen")
    await until(rig, State.STOPPED)


async def test_a_guest_is_asked_also_just_after_another_that_did_not_hear(rig: Rig, play: Play) -> None:
    play("silent-agent")
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.stop(0.2)
    rig.console.type("poweroff")
    await until(rig, State.STOPPED)
    play("")
    await rig.machine.start()
    assert (await rig.machine.stop(60)).state is State.STOPPED


async def test_stop_while_starting_stops_it(rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.supervisor.stop_request.WHILE_STARTING_S", 0.2)
    play("silent-engine silent-agent")
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    await asyncio.sleep(0.3)
    assert (await rig.machine.stop()).state is State.STOPPED
    with pytest.raises(MachineError, match="did not start"):
        await starting


async def test_kill_while_starting_kills(rig: Rig, play: Play) -> None:
    play("silent-engine")
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    assert (await rig.machine.kill()).state is State.STOPPED
    with pytest.raises(MachineError):
        await starting
    assert not rig.files.vm_record.exists()


async def test_restart_is_another_vm(rig: Rig) -> None:
    await rig.machine.start()
    pid = rig.publisher.status.hypervisor.pid
    status = await rig.machine.restart()
    assert status.state is State.RUNNING
    assert status.hypervisor.pid != pid


async def test_stop_and_kill_of_a_stopped_machine_are_done(rig: Rig) -> None:
    assert (await rig.machine.stop()).state is State.STOPPED
    assert (await rig.machine.kill()).state is State.STOPPED


async def test_qemu_dying_is_a_failure_with_its_last_words(rig: Rig) -> None:
    status = await rig.machine.start()
    with rig.files.qemu_log.open("a") as log:
        log.write("qemu-system-x86_64: something broke\n")
    os.kill(status.hypervisor.pid, signal.SIGKILL)
    status = await until(rig, State.FAILED)
    assert "stopped unexpectedly" in status.detail
    assert "killed by SIGKILL" in status.detail
    assert "something broke" in status.detail
    assert status.action == "start"
    assert "starting:" not in status.detail
    assert status.next_step


async def test_failed_machine_starts_again_and_stop_lays_the_failure_to_rest(rig: Rig) -> None:
    for _ in range(2):
        status = await rig.machine.start()
        os.kill(status.hypervisor.pid, signal.SIGKILL)
        await until(rig, State.FAILED)
    assert (await rig.machine.stop()).state is State.STOPPED


async def test_guest_that_powers_off_is_stopped_in_words(rig: Rig) -> None:
    await rig.machine.start()
    rig.console.type("poweroff")
    assert (await until(rig, State.STOPPED)).detail == "The guest shut itself down"


async def test_kernel_panic_is_a_failure(rig: Rig) -> None:
    await rig.machine.start()
    rig.console.type("panic")
    assert "Kernel panic - not syncing" in (await until(rig, State.FAILED)).detail


async def test_panic_of_an_earlier_boot_is_not_this_ones(rig: Rig) -> None:
    await rig.machine.start()
    rig.console.type("panic")
    await until(rig, State.FAILED)
    await rig.machine.start()
    rig.console.type("reboot")
    assert "restarted itself" in (await until(rig, State.STOPPED)).detail


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("failing-disk", "the data disk holds no ext4 file system"),
        ("restarting-engine", "dockerd, which ended with status 1, 3 times"),
        ("refuses-options", "Could not set up host forwarding rule"),
    ],
)
async def test_start_that_cannot_succeed_fails_at_once_in_words(rig: Rig, play: Play, part: str, words: str) -> None:
    play(part)
    with pytest.raises(MachineError, match=words):
        await rig.machine.start()
    assert words in rig.publisher.status.detail
    assert rig.publisher.status.next_step or part == "refuses-options"


async def test_a_file_that_is_gone_is_why_the_hypervisor_ended(rig: Rig, play: Play) -> None:
    """QEMU says that it cannot open it, and nothing of what to do."""
    play("refuses-options")
    (rig.files.home.guest / "played" / "root.erofs").unlink()
    with pytest.raises(ImageError, match=r"root\.erofs"):
        await rig.machine.start()
    assert rig.publisher.status.action == "build"


async def test_flipped_byte_in_the_guest_image_ends_the_boot(rig: Rig) -> None:
    image = rig.files.home.guest / "played" / "root.erofs"
    image.write_text("rook")
    with pytest.raises(ImageError, match=r"root\.erofs is not as it was built"):
        await rig.machine.start()
    assert rig.machine.state is State.FAILED
    assert rig.publisher.status.action == "build"
    assert not rig.files.vm_record.exists()


@pytest.mark.parametrize("part", ["runtime", "guest"])
async def test_flipped_byte_ends_a_boot_whose_supervisor_died(rig: Rig, play: Play, part: str) -> None:
    play("silent-engine")
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    async with asyncio.timeout(DEADLINE_S):
        while not rig.publisher.status.boot_steps:
            await asyncio.sleep(0.01)
    heir = await rig.die()
    starting.cancel()
    image = next(path for path in (rig.files.home.base / part / "played").rglob("*") if path.name != "manifest.json"
                 and path.is_file())  # fmt: skip
    image.write_bytes(image.read_bytes() + b" ")
    await heir.machine.take_over()
    failed = await until(heir, State.FAILED)
    assert (f"{image.name} has" in failed.detail, failed.action) == (True, "build")
    assert not rig.files.vm_record.exists()


@pytest.mark.parametrize("name", ["engine_config", "vm_record"])
async def test_file_of_a_start_that_cannot_be_written_has_words(rig: Rig, name: str) -> None:
    path = getattr(rig.files, name)
    path.with_name(f".{path.name}.new").mkdir()
    with pytest.raises(MachineError, match=f"{path.name} cannot be written"):
        await rig.machine.start()
    assert rig.publisher.status.next_step == "Correct that and start again"


async def test_log_that_cannot_be_emptied_has_words(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.supervisor.logs.rotate.__defaults__", (1,))
    rig.files.qemu_log.write_text("old lines")
    rig.files.qemu_log.with_name(f"{rig.files.qemu_log.name}.1").mkdir()
    with pytest.raises(MachineError, match=r"The machine cannot be started\. .*qemu\.log\.1: Is a directory"):
        await rig.machine.start()


async def test_running_vm_goes_on_where_nothing_can_be_noted_of_it(rig: Rig, logs: LogWatch) -> None:
    await rig.machine.start()
    logs.expect("is not written down")
    aside = rig.files.vm_record.with_name(f".{rig.files.vm_record.name}.new")
    aside.mkdir()
    assert rig.machine.life is not None and rig.machine.life.vm is not None
    rig.machine.life.vm.note(running_since="now")
    assert rig.machine.life.running_since == "now"
    aside.rmdir()


async def test_setting_that_cannot_be_had_points_to_the_settings(rig: Rig) -> None:
    rig.files.config.write_text('accelerator = "hvf"\n')
    with pytest.raises(SettingsError, match="HVF does not exist"):
        await rig.machine.start()
    assert rig.publisher.status.action == "settings"


@pytest.mark.parametrize("part", ["runtime", "guest"])
async def test_missing_build_says_how_to_get_one(rig: Rig, part: str) -> None:
    (rig.files.home.base / part / "played" / "manifest.json").unlink()
    with pytest.raises(ImageError, match="moorage guest build"):
        await rig.machine.start()


async def test_broken_settings_are_a_warning_and_defaults_are_used(files: MachineFiles) -> None:
    files.config.write_text("cpus = 'many'\n")
    rig = Rig(files)
    assert any("line 1" in words for words in rig.publisher.status.warnings)
    assert rig.publisher.status.vm.cpus == 2


async def test_full_disk_pauses_the_machine_with_a_warning_until_there_is_room(rig: Rig) -> None:
    await rig.machine.start()
    rig.console.type("no-room")
    async with asyncio.timeout(DEADLINE_S):
        while b"<cont>" not in rig.console.seen:  # there is room: it goes on at once
            await asyncio.sleep(0.01)
    assert rig.machine.state is State.RUNNING


async def test_a_disk_that_does_not_answer_for_a_moment_keeps_no_guest_paused(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.disk_watch.LOOK_S", 0.05)
    await rig.machine.start()
    usage, faults = shutil.disk_usage, [OSError(errno.ESTALE, os.strerror(errno.ESTALE))]

    def stale(path: Path) -> object:
        if faults:
            raise faults.pop()
        return usage(path)

    monkeypatch.setattr(shutil, "disk_usage", stale)
    rig.console.type("no-room")
    await wait_for(lambda: b"<cont>" in rig.console.seen)
    await wait_for(lambda: not any("paused" in words for words in rig.publisher.status.warnings))


async def test_broken_disk_stays_paused_and_is_told(rig: Rig) -> None:
    await rig.machine.start()
    rig.console.type("io-error")
    async with asyncio.timeout(DEADLINE_S):
        while not any("its disk" in words for words in rig.publisher.status.warnings):
            await asyncio.sleep(0.01)
    assert b"<cont>" not in rig.console.seen


async def test_size_of_the_console_reaches_the_guest(rig: Rig) -> None:
    rig.size.set(100, 30)
    await rig.machine.start()
    async with asyncio.timeout(DEADLINE_S):
        while b"<-F /dev/ttyS0 rows 30 cols 100>" not in rig.console.seen:
            await asyncio.sleep(0.01)
        rig.size.set(120, 40)
        while b"rows 40 cols 120" not in rig.console.seen:
            await asyncio.sleep(0.01)


async def test_a_guest_whose_agent_was_busy_is_told_the_consoles_size_a_little_later(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.console_size.RETRY_S", (0.01, 0.01, 0.01))
    play("busy-agent")
    rig.size.set(100, 30)
    await rig.machine.start()
    await until_seen(rig, b"<-F /dev/ttyS0 rows 30 cols 100>")


async def test_a_break_reaches_a_machine_that_is_still_starting_and_none_without_it_in_words(
    rig: Rig, play: Play
) -> None:
    with pytest.raises(MachineError, match="does not run"):
        await rig.size.send_break()
    play("silent-engine")
    starting = asyncio.create_task(rig.machine.start())
    async with asyncio.timeout(DEADLINE_S):
        while not rig.publisher.status.boot_steps:
            await asyncio.sleep(0.01)
    await rig.size.send_break()
    assert b"<break console>" in rig.files.console_spare.read_bytes()
    await rig.machine.kill()
    with pytest.raises(MachineError):
        await starting
    with pytest.raises(MachineError, match="does not run"):
        await rig.size.send_break()


async def until_seen(rig: Rig, printed: bytes) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while printed not in rig.console.seen:
            await asyncio.sleep(0.01)


async def test_next_supervisor_takes_over_with_the_console_whole(rig: Rig) -> None:
    before = await rig.machine.start()
    heir = await rig.die()
    await heir.machine.take_over()
    status = heir.publisher.status
    assert status.state is State.RUNNING
    assert (status.hypervisor.pid, status.since) == (before.hypervisor.pid, before.since)
    assert status.boot_steps == before.boot_steps
    assert heir.console.recalled == [b"<stop>"]
    async with asyncio.timeout(DEADLINE_S):
        while b"<cont>" not in heir.console.seen:
            await asyncio.sleep(0.01)
    assert (await heir.machine.stop()).state is State.STOPPED


async def test_vm_that_was_killed_with_its_supervisor_is_a_failure_in_words(rig: Rig) -> None:
    pid = (await rig.machine.start()).hypervisor.pid
    assert pid is not None
    heir = await rig.die()
    with rig.files.qemu_log.open("a") as log:
        log.write("qemu-system-x86_64: something broke\n")
    os.kill(pid, signal.SIGKILL)
    await heir.machine.take_over()
    os.waitpid(pid, 0)
    failed = heir.publisher.status
    assert (failed.state, failed.action, failed.hypervisor.pid) == (State.FAILED, "start", None)
    assert failed.detail.startswith("The machine stopped unexpectedly\nIt ended together with its supervisor")
    assert "something broke" in failed.detail and failed.next_step
    assert heir.console.recalled
    last = await heir.die()
    await last.machine.take_over()
    assert last.machine.state is State.STOPPED
    assert (await last.machine.start()).state is State.RUNNING


@pytest.mark.parametrize("was_asked", [False, True])
async def test_vm_that_powers_off_while_there_is_no_supervisor_has_not_failed(rig: Rig, was_asked: bool) -> None:
    pid = (await rig.machine.start()).hypervisor.pid
    assert pid is not None and rig.machine.life is not None
    if was_asked:
        rig.machine.life.about_to_stop()
    heir = await rig.die()
    agent = Agent(rig.files.agent_socket)
    await agent.shutdown()
    agent.close()
    await asyncio.to_thread(os.waitpid, pid, 0)
    await heir.machine.take_over()
    assert heir.machine.state is State.STOPPED
    assert heir.publisher.status.detail == ("" if was_asked else "The guest shut itself down")


async def test_vm_that_was_killed_while_it_was_saved_for_good_stays_suspended(rig: Rig) -> None:
    await rig.machine.start()
    record = rig.files.vm_record.read_bytes()
    await rig.machine.suspend()
    await rig.machine.settled()
    heir = await rig.die()
    rig.files.vm_record.write_bytes(record)
    await heir.machine.take_over()
    assert heir.machine.state is State.SUSPENDED


async def test_a_stop_whose_supervisor_died_is_gone_on_with(rig: Rig, play: Play) -> None:
    play("silent-agent")
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.stop(0.2)
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.machine.state is State.STOPPING
    assert heir.publisher.status.deadline_s == heir.machine.settings.stop_deadline_s
    heir.console.type("listen")
    assert (await until(heir, State.STOPPED)).detail == ""


async def test_a_stop_whose_supervisor_died_is_late_with_the_next_one_too(rig: Rig, play: Play) -> None:
    play("silent-agent")
    settings = re.sub(r"(?<=stop_deadline_s = )\d+", "1", rig.files.config.read_text())
    rig.files.config.write_text(settings)
    await rig.machine.start()
    with pytest.raises(NeedsConfirmation):
        await rig.machine.stop(0.2)
    heir = await rig.die()
    await heir.machine.take_over()
    await wait_for(lambda: heir.publisher.status.action == "kill")
    assert "has not powered off" in heir.publisher.status.detail
    assert (await heir.machine.kill()).state is State.STOPPED


async def test_vm_that_a_dead_supervisor_left_paused_goes_on(rig: Rig) -> None:
    await rig.machine.start()
    assert rig.machine.life is not None
    assert rig.machine.life.vm is not None
    await rig.machine.life.vm.monitor.execute("stop")
    heir = await rig.die()
    await heir.machine.take_over()
    async with asyncio.timeout(DEADLINE_S):
        while b"<cont>" not in heir.console.seen:
            await asyncio.sleep(0.01)


async def test_take_over_in_the_middle_of_a_start_goes_on_starting(rig: Rig, play: Play) -> None:
    play("silent-engine")
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    async with asyncio.timeout(DEADLINE_S):
        while not rig.publisher.status.boot_steps:
            await asyncio.sleep(0.01)
    heir = await rig.die()
    starting.cancel()
    await heir.machine.take_over()
    assert heir.machine.state is State.STARTING
    assert (await heir.machine.kill()).state is State.STOPPED


async def test_vm_that_does_not_answer_is_a_failure_that_kill_ends(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.machine.driver.ADOPT_DEADLINE_S", 0.2)
    status = await rig.machine.start()
    os.kill(status.hypervisor.pid, signal.SIGSTOP)
    heir = await rig.die()
    await heir.machine.take_over()
    failed = heir.publisher.status
    assert (failed.state, failed.action) == (State.FAILED, "kill")
    assert (failed.hypervisor.pid, failed.hypervisor.version) == (status.hypervisor.pid, status.hypervisor.version)
    log = rig.files.qemu_log.read_bytes()
    for verb in (heir.machine.stop, heir.machine.start, heir.machine.restart):
        with pytest.raises(MachineError, match="does not answer"):
            await verb()
    assert heir.publisher.status == failed
    assert rig.files.qemu_log.read_bytes() == log
    killed = await heir.machine.kill()
    assert (killed.state, killed.action, killed.hypervisor.pid) == (State.STOPPED, "", None)


async def test_a_broken_settings_file_is_warned_of_until_it_is_mended_where_it_is_kept(rig: Rig) -> None:
    rig.files.config.write_text("cpus = nine\n")
    for _ in range(2):
        rig.machine.settings_changed()
        assert any("no folder is shared" in words for words in rig.publisher.status.warnings)
    (kept,) = rig.files.folder.glob("machine.toml.broken-*")
    kept.write_text("cpus = 1\n")
    rig.machine.settings_changed()
    assert not any("no folder is shared" in words for words in rig.publisher.status.warnings)
    assert rig.machine.settings.cpus == 1


async def test_vm_that_answers_again_is_taken_over_by_a_start(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that was short of everything for a moment: nobody needs to kill what runs."""
    monkeypatch.setattr("desktop.machine.driver.ADOPT_DEADLINE_S", 0.2)
    pid = (await rig.machine.start()).hypervisor.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.machine.state is State.FAILED
    os.kill(pid, signal.SIGCONT)
    monkeypatch.setattr("desktop.machine.driver.ADOPT_DEADLINE_S", 10.0)
    status = (await asyncio.gather(heir.machine.start(), heir.machine.start()))[0]
    assert (status.state, status.hypervisor.pid, status.action) == (State.RUNNING, pid, "")


async def test_vm_of_which_nothing_is_written_down_is_not_given_up(rig: Rig, play: Play) -> None:
    pid = (await rig.machine.start()).hypervisor.pid
    heir = await rig.die()
    heir.files.config.write_text(heir.files.config.read_text() + "start_deadline_s = 10\n")
    rig.files.vm_record.write_text("{")
    await heir.machine.take_over()
    assert (await until(heir, State.RUNNING)).hypervisor.pid == pid
    assert State.STARTING not in heir.states


@pytest.mark.parametrize("is_suspended", [False, True])
async def test_a_file_in_the_way_of_a_take_over_is_told_and_costs_nothing(rig: Rig, is_suspended: bool) -> None:
    await rig.machine.start()
    await (rig.machine.suspend() if is_suspended else rig.machine.stop())
    await rig.machine.settled()
    heir = await rig.die()
    rig.files.vm_record.mkdir()
    await heir.machine.take_over()
    failed = heir.publisher.status
    assert failed.state is State.FAILED and str(rig.files.vm_record) in failed.detail
    with pytest.raises(MachineError, match="files cannot be used"):
        await heir.machine.start()
    assert rig.files.suspended.exists() is is_suspended
    rig.files.vm_record.rmdir()
    await heir.machine.start()
    assert (State.RESUMING in heir.states) is is_suspended


async def test_a_reset_of_what_could_not_be_taken_over_leaves_no_saved_state_of_the_disk(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    await rig.machine.settled()
    heir = await rig.die()
    rig.files.vm_record.mkdir()
    await heir.machine.take_over()
    rig.files.vm_record.rmdir()
    assert (await heir.machine.reset(confirmed=True)).state is State.STOPPED
    assert not rig.files.suspended.exists() and not rig.files.disk.exists()


async def test_another_process_with_the_recorded_pid_is_never_signalled(rig: Rig) -> None:
    status = await rig.machine.start()
    heir = await rig.die()
    record = rig.files.vm_record.read_text()
    rig.files.vm_record.write_text(record.replace(f'"pid":{status.hypervisor.pid}', f'"pid":{os.getpid()}'))
    await heir.machine.take_over()
    assert heir.machine.state is State.FAILED
    assert f"not {os.getpid()}" in heir.publisher.status.detail
    assert heir.publisher.status.action == "start"  # kill would end nothing
    with pytest.raises(MachineError, match=r"End the process that holds .*vm\.lock"):
        await heir.machine.kill()
    rig.files.vm_record.write_text(record)
    assert (await heir.machine.kill()).state is State.STOPPED


async def test_engine_calls_wait_for_the_start_and_are_refused_when_stopped(rig: Rig) -> None:
    assert not await rig.machine.admit()
    with pytest.raises(MachineError, match=r"The machine is stopped\. Start it with `moorage start`"):
        await rig.machine.wake()
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    assert await rig.machine.admit()
    assert (await starting).state is State.RUNNING and await rig.machine.wake()
    os.kill(rig.publisher.status.hypervisor.pid or 0, signal.SIGKILL)
    await until(rig, State.FAILED)
    with pytest.raises(MachineError, match=r"^The machine stopped unexpectedly\. Start it again\.$"):
        await rig.machine.wake()


async def test_files_of_a_running_machine_are_private(rig: Rig) -> None:
    await rig.machine.start()
    for path in rig.files.folder.rglob("*"):
        assert not path.lstat().st_mode & 0o077, path


async def test_a_proxy_of_this_computer_is_the_engines_where_its_port_is_allowed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:3128")
    monkeypatch.setenv("https_proxy", "http://localhost:3129")
    with rig.files.config.open("a") as file:
        file.write("host_ports = [3128]\n")
    status = await rig.machine.start()
    assert json.loads(rig.files.engine_config.read_bytes())["proxies"] == {
        "http-proxy": "http://host.docker.internal:3128"
    }
    vm = rig.machine.life.vm if rig.machine.life else None
    await wait_for(lambda: vm is not None and vm.record.host_ports == (3128,))
    (words,) = (words for words in status.warnings if "proxy" in words)
    assert "3129" in words and "3128" not in words
