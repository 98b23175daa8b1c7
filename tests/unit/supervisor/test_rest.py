"""A supervisor that is told to end, over a QEMU that is played: no hypervisor is left, and nothing is lost."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import structs

from desktop.core.errors import MachineError
from desktop.core.machine import State
from desktop.core.settings import MachineSettings
from desktop.machine.process import is_locked
from desktop.supervisor.rest import rest
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import Play, Rig, until


async def test_a_machine_that_runs_is_suspended_and_nothing_wakes_it(rig: Rig) -> None:
    await rig.machine.start()
    resting = asyncio.create_task(rest(rig.machine, rig.publisher))
    await until(rig, State.SUSPENDED)
    for _ in range(3):
        with pytest.raises(MachineError, match="is suspended"):
            await rig.machine.wake()
    for verb in (rig.machine.start, rig.machine.restart):
        with pytest.raises(MachineError, match="about to end"):
            await verb()
    await resting
    assert rig.machine.state is State.SUSPENDED and rig.files.suspended.exists()
    assert not is_locked(rig.files.vm_lock)


async def test_a_machine_that_is_off_stays_off(rig: Rig) -> None:
    await rest(rig.machine, rig.publisher)
    assert rig.machine.state is State.STOPPED and rig.states == []


async def test_one_that_starts_is_stopped(rig: Rig, play: Play) -> None:
    play("silent-engine")
    starting = asyncio.create_task(rig.machine.start())
    await until(rig, State.STARTING)
    await asyncio.sleep(0.3)
    await rest(rig.machine, rig.publisher)
    assert rig.machine.state is State.STOPPED
    with pytest.raises(MachineError):
        await starting


async def test_one_that_is_being_resumed_is_suspended_again(rig: Rig) -> None:
    await rig.machine.start()
    await rig.machine.suspend()
    waking = asyncio.create_task(rig.machine.wake())
    await until(rig, State.RESUMING)
    await rest(rig.machine, rig.publisher)
    await waking
    assert rig.machine.state is State.SUSPENDED and rig.files.suspended.exists()


async def test_one_whose_engine_is_slow_to_answer_after_a_resume_is_stopped_in_peace(
    rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a session does not wait as long as a resume may."""
    monkeypatch.setattr("desktop.supervisor.rest.RESUME_S", 1.5)
    await rig.machine.start()
    await rig.machine.suspend()
    play("silent-engine")
    waking = asyncio.create_task(rig.machine.wake())
    await until(rig, State.RESUMING)
    await rest(rig.machine, rig.publisher)
    assert rig.machine.state is State.STOPPED and State.STOPPING in rig.states
    with pytest.raises(MachineError):
        await waking


async def test_where_it_cannot_be_saved_it_is_stopped_in_peace(rig: Rig, play: Play, logs: LogWatch) -> None:
    logs.expect("could not be suspended")
    play("no-room-to-save")
    await rig.machine.start()
    await rest(rig.machine, rig.publisher)
    assert rig.machine.state is State.STOPPED
    assert State.STOPPING in rig.states and not is_locked(rig.files.vm_lock)


async def test_where_it_cannot_be_settled_it_is_resumed_and_stopped(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, logs: LogWatch
) -> None:
    logs.expect("in memory only")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desktop.machine.saved.settle", full)
    await rig.machine.start()
    await rest(rig.machine, rig.publisher)
    assert rig.states[-5:] == [State.SUSPENDED, State.RESUMING, State.RUNNING, State.STOPPING, State.STOPPED]


async def test_one_that_stops_slowly_has_as_long_as_the_system_gives(
    rig: Rig, play: Play, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is there to be asked whether it is to be killed."""
    logs.expect("could not be suspended")
    short = structs.replace(MachineSettings(), stop_deadline_s=1)
    monkeypatch.setattr("desktop.supervisor.machine.read", lambda kind, path: (short, None))
    play("no-room-to-save ignores-shutdown")
    await rig.machine.start()
    resting = asyncio.create_task(rest(rig.machine, rig.publisher))
    await until(rig, State.STOPPING)
    await asyncio.sleep(1.5)
    assert rig.machine.state is State.STOPPING
    rig.console.type("poweroff")
    await resting
    assert rig.machine.state is State.STOPPED


async def test_one_that_does_not_stop_either_is_ended_by_force(
    rig: Rig, play: Play, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.rest.REST_S", 5.0)
    logs.expect("could not be suspended")
    logs.expect("by force")
    play("no-room-to-save ignores-shutdown")
    await rig.machine.start()
    await rest(rig.machine, rig.publisher)
    assert rig.machine.state is State.STOPPED and not is_locked(rig.files.vm_lock)
