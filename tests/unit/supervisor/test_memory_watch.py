"""The guest gives its caches back while the host is short of memory, and has them again later."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import pytest

from desktop.supervisor import memory_watch
from desktop.supervisor.memory_watch import MARGIN_MIB, open_trigger, size_mib
from tests.helpers.machine_rig import Play, Rig

WHOLE_MIB, USED_MIB = 2048, 500  # the played guest's


class PlayedTrigger:
    """Becomes readable when we say so."""

    def __init__(self) -> None:
        self._event = os.eventfd(0)

    def press(self) -> None:
        os.eventfd_write(self._event, 1)

    def fileno(self) -> int:
        return self._event

    def close(self) -> None:
        os.close(self._event)


Press = Callable[[], None]


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    made: list[PlayedTrigger] = []

    def open_played() -> PlayedTrigger:
        made.append(PlayedTrigger())
        return made[-1]

    monkeypatch.setattr(memory_watch, "open_trigger", open_played)
    monkeypatch.setattr(memory_watch, "REST_S", 0.05)
    return lambda: made[-1].press()


async def size(rig: Rig) -> int:
    assert rig.machine.life is not None and rig.machine.life.vm is not None
    return await size_mib(rig.machine.life.vm.monitor)


async def until_size(rig: Rig, mib: int) -> None:
    async def is_so() -> bool:
        return await size(rig) == mib

    async with asyncio.timeout(60):
        while not await is_so():
            await asyncio.sleep(0.01)


async def test_the_guest_is_left_what_it_uses_while_the_host_is_short(
    rig: Rig, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.machine.start()
    assert await size(rig) == WHOLE_MIB
    press()
    await until_size(rig, USED_MIB + MARGIN_MIB)
    monkeypatch.setattr(memory_watch, "CALM_S", 0.0)
    await asyncio.sleep(0.1)
    press()  # it is watched again, and from the last time on it is calm, sooner than the guest has told what it uses
    await until_size(rig, WHOLE_MIB)


async def test_a_guest_that_was_left_small_is_whole_again(
    rig: Rig, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rig.machine.start()
    press()
    await until_size(rig, USED_MIB + MARGIN_MIB)
    monkeypatch.setattr(memory_watch, "CALM_S", 0.05)
    heir = await rig.die()
    await heir.machine.take_over()
    await until_size(heir, WHOLE_MIB)


async def test_a_silent_agent_changes_nothing(rig: Rig, press: Press, play: Play) -> None:
    play("silent-agent")
    await rig.machine.start()
    press()
    await asyncio.sleep(0.2)
    assert await size(rig) == WHOLE_MIB


async def test_a_host_that_is_not_short_never_wakes_us() -> None:
    try:
        trigger = open_trigger()
    except OSError as error:
        pytest.skip(f"this system does not tell of memory pressure: {error}")
    woken: list[None] = []
    loop = asyncio.get_running_loop()
    loop.add_reader(trigger.fileno(), woken.append, None)
    await asyncio.sleep(0.3)
    loop.remove_reader(trigger.fileno())
    trigger.close()
    assert len(woken) <= 1  # this one may be short indeed
