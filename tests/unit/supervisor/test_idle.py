"""The idle watch over a QEMU that is played: what keeps a machine awake, and what does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from desktop.core.machine import State
from desktop.machine.driver import Vm
from desktop.supervisor.idle import IdleWatch
from desktop.supervisor.life import GIVE_BACK
from desktop.supervisor.outside import packets_from_outside
from tests.helpers.guest import wait_for
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import Play, Rig, until

PATIENCE_S = 0.2


@dataclass
class Watched:
    rig: Rig
    idle: IdleWatch
    is_in_use: bool = False

    def set(self, settings: str) -> None:
        self.rig.files.config.write_text(settings)
        self.rig.machine.settings_changed()
        self.idle.begin_anew()


@pytest_asyncio.fixture
async def watched(rig: Rig, play: Play, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """A machine that runs, with a minute of 0.2 s."""
    monkeypatch.setattr("desktop.supervisor.idle.MINUTE_S", PATIENCE_S)
    monkeypatch.setattr("desktop.supervisor.life.STEADY_S", 0.01)
    play("no-containers")
    rig.files.config.write_text("suspend_after_min = 1\n")
    made = Watched(rig, IdleWatch(rig.machine, rig.publisher, lambda: made.is_in_use))
    yield made
    await made.idle.close()


async def test_an_unused_machine_is_suspended_and_says_why(watched: Watched) -> None:
    await watched.rig.machine.start()
    status = await until(watched.rig, State.SUSPENDED)
    assert status.detail == "Not used for 1 min"
    assert (await watched.rig.machine.start()).detail == ""
    await until(watched.rig, State.SUSPENDED)  # and again


async def test_it_gives_back_what_it_does_not_need_before_it_is_saved(watched: Watched) -> None:
    await watched.rig.machine.start()
    await until(watched.rig, State.SUSPENDED)
    seen = watched.rig.console.seen
    assert 0 < seen.find(f"<-c {GIVE_BACK}>".encode()) < seen.find(b"<stop>")


async def test_use_while_it_gives_back_keeps_it_awake(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    give_back = watched.rig.machine.give_back
    was_suspended: list[bool] = []

    async def used_meanwhile() -> None:
        was_suspended.append(State.SUSPENDING in watched.rig.states)
        if len(was_suspended) <= 3:
            watched.idle.touch()
        await give_back()

    monkeypatch.setattr(watched.rig.machine, "give_back", used_meanwhile)
    await watched.rig.machine.start()
    await until(watched.rig, State.SUSPENDED)
    assert was_suspended == [False] * 4


async def test_use_keeps_it_awake_until_it_ends(watched: Watched) -> None:
    await watched.rig.machine.start()
    for _ in range(8):
        await asyncio.sleep(PATIENCE_S / 2)
        watched.idle.touch()
    assert watched.rig.machine.state is State.RUNNING
    await until(watched.rig, State.SUSPENDED)


async def test_use_in_the_moment_when_the_time_has_come_counts(watched: Watched) -> None:
    watched.set("suspend_after_min = 600\n")
    await watched.rig.machine.start()
    watched.idle._used_at -= 600 * PATIENCE_S
    watched.idle._on_time()
    watched.idle.touch()
    assert watched.idle._trying is not None
    await watched.idle._trying
    assert State.SUSPENDING not in watched.rig.states


async def test_what_lasts_keeps_it_awake(watched: Watched) -> None:
    watched.is_in_use = True
    await watched.rig.machine.start()
    await asyncio.sleep(PATIENCE_S * 4)
    assert watched.rig.machine.state is State.RUNNING
    watched.is_in_use = False
    await until(watched.rig, State.SUSPENDED)


async def test_running_containers_keep_it_awake_unless_they_are_to_sleep_too(watched: Watched, play: Play) -> None:
    play("")  # two containers run
    await watched.rig.machine.start()
    await asyncio.sleep(PATIENCE_S * 4)
    assert watched.rig.machine.state is State.RUNNING
    watched.set('suspend_after_min = 1\nsuspend_when = "unused"\n')
    await until(watched.rig, State.SUSPENDED)


async def test_traffic_on_published_ports_keeps_it_awake_until_it_ends(
    watched: Watched, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_suspended: list[bool] = []

    async def after_more(vm: Vm) -> int:
        was_suspended.append(State.SUSPENDING in watched.rig.states)
        came = min(len(was_suspended), 4)
        watched.rig.console.type(f"packets {came}")
        while await packets_from_outside(vm) != came:
            await asyncio.sleep(0.01)
        return came

    monkeypatch.setattr("desktop.supervisor.idle.packets_from_outside", after_more)
    play("")
    watched.set('suspend_after_min = 1\nsuspend_when = "unused"\n')
    await watched.rig.machine.start()
    await until(watched.rig, State.SUSPENDED)
    assert len(was_suspended) >= 5 and not any(was_suspended)


async def test_an_agent_that_does_not_tell_of_traffic_is_taken_for_traffic(
    watched: Watched, play: Play, logs: LogWatch
) -> None:
    logs.expect("is not known")
    play("")
    await watched.rig.machine.start()
    await wait_for(lambda: b"<time " in watched.rig.console.seen)
    watched.rig.files.agent_socket.unlink()
    life = watched.rig.machine.life
    assert life is not None and life.vm is not None
    life.vm.agent.close()
    watched.set('suspend_after_min = 1\nsuspend_when = "unused"\n')
    await asyncio.sleep(PATIENCE_S * 4)
    assert watched.rig.machine.state is State.RUNNING


async def test_an_engine_that_tells_nothing_is_taken_for_busy(watched: Watched) -> None:
    await watched.rig.machine.start()
    watched.rig.files.channel_socket.unlink()
    await asyncio.sleep(PATIENCE_S * 4)
    assert watched.rig.machine.state is State.RUNNING


async def test_never_means_never(watched: Watched) -> None:
    watched.set("suspend_after_min = 0\n")
    await watched.rig.machine.start()
    await asyncio.sleep(PATIENCE_S * 4)
    assert watched.rig.machine.state is State.RUNNING


async def test_use_while_the_engine_is_asked_counts(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    await watched.rig.machine.start()
    asked = watched.rig.machine.status
    times = 0

    async def asked_amid_use() -> object:
        nonlocal times
        times += 1
        watched.idle.touch()
        return await asked()

    monkeypatch.setattr(watched.rig.machine, "status", asked_amid_use)
    begun_s = time.monotonic()
    await wait_for(lambda: times >= 4)
    assert watched.rig.machine.state is State.RUNNING and time.monotonic() - begun_s > 3 * PATIENCE_S


async def test_a_failure_is_said_once_and_tried_again_only_after_as_long(
    watched: Watched, play: Play, logs: LogWatch, caplog: pytest.LogCaptureFixture
) -> None:
    logs.expect("could not be suspended")
    caplog.set_level("WARNING")
    play("no-containers no-room-to-save")
    since, begun_s = (await watched.rig.machine.start()).since, time.monotonic()
    await wait_for(lambda: watched.rig.states.count(State.SUSPENDING) >= 4)
    assert time.monotonic() - begun_s > 3 * PATIENCE_S
    await until(watched.rig, State.RUNNING)
    status = watched.rig.publisher.status
    assert status.since == since
    assert len(caplog.records) == 1
    assert [words for words in status.warnings if "No space left" in words] == [
        words for words in status.warnings if "is not used" in words
    ]


async def test_memory_of_qemus_own_is_said_and_moves_nothing(watched: Watched, logs: LogWatch) -> None:
    logs.expect("could not be suspended")
    await watched.rig.machine.start()
    life = watched.rig.machine.life
    assert life is not None
    memory, life._memory = life._memory, None
    await wait_for(
        lambda: any("its memory is QEMU's own" in words for words in watched.rig.publisher.status.warnings)
    )
    assert State.SUSPENDING not in watched.rig.states
    life._memory = memory
