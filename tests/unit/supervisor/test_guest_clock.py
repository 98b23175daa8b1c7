"""The guest's clock is set before anybody can read it wrong, and when the host's jumps."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import time

import pytest

from desktop.core.machine import State
from desktop.supervisor import guest_clock
from tests.helpers.guest import wait_for
from tests.helpers.log_watch import LogWatch
from tests.helpers.machine_rig import DEADLINE_S, Play, Rig


def times_set(rig: Rig) -> list[float]:
    return [int(found) / 1e9 for found in re.findall(rb"<time (\d+)>", rig.console.seen)]


async def until_set(rig: Rig, count: int) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while len(times_set(rig)) < count:
            await asyncio.sleep(0.01)


async def test_a_resumed_machine_has_the_time_before_it_takes_calls(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.life.CLOCK_S", DEADLINE_S)
    await rig.machine.start()
    await until_set(rig, 1)
    await rig.machine.suspend()
    before = time.time()
    assert await rig.machine.wake()
    awake = time.time()
    await until_set(rig, 2)
    assert before < times_set(rig)[1] < awake


async def test_an_agent_that_is_silent_keeps_no_call_waiting_for_long(rig: Rig, play: Play) -> None:
    await rig.machine.start()
    await until_set(rig, 1)
    await rig.machine.suspend()
    play("silent-agent")
    assert await rig.machine.wake()
    assert len(times_set(rig)) == 1


async def test_the_clock_follows_each_jump_of_the_hosts(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A descriptor that becomes readable when we say so stands for the kernel's timer. It is the only one that is
    needed: a supervisor may have none to spare by then."""
    made: list[int] = []

    def open_timer() -> int:
        made.append(os.eventfd(0))
        return made[-1]

    monkeypatch.setattr(guest_clock, "open_timer", open_timer)
    await rig.machine.start()
    await until_set(rig, 1)
    for count in (2, 3):
        os.eventfd_write(made[-1], 1)
        await until_set(rig, count)
    assert len(made) == 1


async def test_without_a_timer_two_clocks_are_compared(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, logs: LogWatch
) -> None:
    def open_timer() -> int:
        raise OSError(errno.EMFILE, "no descriptor is left")

    monkeypatch.setattr(guest_clock, "open_timer", open_timer)
    monkeypatch.setattr(guest_clock, "LOOK_S", 0.02)
    logs.expect("compared now and then")
    assert (await rig.machine.start()).state is State.RUNNING
    await until_set(rig, 1)
    monkeypatch.setattr(guest_clock, "_ahead_s", lambda: 1000.0)
    await until_set(rig, 2)


async def test_the_kernel_is_asked_to_tell_of_jumps_and_says_nothing_by_itself() -> None:
    jumps: list[None] = []
    end = guest_clock.watch_jumps(lambda: jumps.append(None))
    await asyncio.sleep(0.2)
    end()
    assert not jumps


async def test_where_the_system_tells_of_none_two_clocks_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead = [160.0, 160.0, 160.0, 100.01, 100.0]
    monkeypatch.setattr(guest_clock, "LOOK_S", 0.02)
    monkeypatch.setattr(guest_clock, "_ahead_s", lambda: ahead.pop() if len(ahead) > 1 else ahead[0])
    jumps: list[None] = []
    look = guest_clock._Look(lambda: jumps.append(None))
    await wait_for(lambda: len(ahead) == 1)
    look.close()
    assert len(jumps) == 1
