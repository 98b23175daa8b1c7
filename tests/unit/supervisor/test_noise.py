"""Nonsense from the guest, through broker, screen keeper and viewers: nothing falls, nothing grows."""

from __future__ import annotations

import gc
import os
import random
import signal
import time

import psutil
import pytest

from desktop.core import frames
from desktop.core.paths import Home
from desktop.supervisor.console_log import KEPT, LIMIT_BYTES
from desktop.supervisor.logs import size
from tests.helpers.console_rig import DEADLINE_S, ConsoleRig, Onlooker, console_rig, until
from tests.helpers.log_watch import LogWatch
from tests.helpers.noise import REFUSED, noise

SOAK_S = 600
MOST_GROWTH_BYTES = 24 << 20
OF_A_MOMENT_BYTES = 64 << 20
"""In a few seconds on a busy machine what waits somewhere is most of it; what leaks is told by the long run."""
LAST = "the-end"
END = b"\x18\x1b\\\x1bc\x1b[?3l" + LAST.encode()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A keeper that is slow where much runs is no fault that a test looks for."""
    for name in ("ANSWER_DEADLINE_S", "STUCK_S"):
        monkeypatch.setattr(f"desktop.supervisor.keeper_process.{name}", DEADLINE_S)


def most_growth_bytes(seconds: float) -> int:
    return MOST_GROWTH_BYTES if seconds == SOAK_S else OF_A_MOMENT_BYTES


def memory(rig: ConsoleRig) -> int:
    """Ours and the keeper's, in bytes."""
    assert rig.broker.keeper_pid is not None
    assert gc.isenabled()  # else it is garbage that grows
    return sum(psutil.Process(pid).memory_info().rss for pid in (os.getpid(), rig.broker.keeper_pid))


async def come_and_go(rig: ConsoleRig, onlookers: list[Onlooker], chance: random.Random) -> None:
    """One viewer leaves, another comes, in the middle of whatever is printed."""
    await onlookers.pop(0).leave()
    size = {"cols": chance.randrange(2, 300), "rows": chance.randrange(1, 100)}
    onlookers.append(await rig.attach(chance.choice(("snapshot", "vt")), **size))  # type: ignore[arg-type]
    rig._onlookers[:] = onlookers


def shows_the_end(onlooker: Onlooker) -> bool:
    """Or as much of it as there is room for: the smallest viewer may have two columns and one row."""
    shown = onlooker.session.screen.text().replace("\n", "")
    return bool(shown) and LAST.endswith(shown)


@pytest.mark.parametrize("seconds", [3, pytest.param(SOAK_S, marks=pytest.mark.soak)])
async def test_nothing_falls_and_nothing_grows(home: Home, logs: LogWatch, seconds: float) -> None:
    """The library may refuse a snapshot (as in the midst of ESC 9E 9D): no viewer sees it, the keeper is not hurt."""
    logs.allow(REFUSED)
    chance, begun, grown_from = random.Random(seconds), time.monotonic(), 0
    async with console_rig(home.machine()) as rig:
        await rig.power_on()
        keeper = rig.broker.keeper_pid
        onlookers = [await rig.attach(), await rig.attach("vt")]
        await rig.guest.print(b"".join(b"line %d\r\n" % number for number in range(12_000)))  # a full scrollback
        for number, data in enumerate(noise(1)):
            await rig.guest.print(data)
            if number % 50 == 49:
                await come_and_go(rig, onlookers, chance)
                for each in onlookers:
                    each.session.screen.changed_rows()
                    each.frames.clear()
            if not grown_from and time.monotonic() - begun > seconds / 3:
                grown_from = memory(rig)
            if time.monotonic() - begun > seconds:
                break
        await rig.guest.print(END)
        onlookers.append(await rig.attach())
        for each in onlookers:
            await until(lambda each=each: shows_the_end(each))  # type: ignore[misc]
        assert rig.broker.keeper_pid == keeper
        assert memory(rig) - grown_from < most_growth_bytes(seconds)
        onlookers[-1].send(frames.TYPED, b"still heard")
        await until(lambda: rig.guest.typed.endswith(b"still heard"))


@pytest.mark.parametrize("seconds", [4, pytest.param(SOAK_S, marks=pytest.mark.soak)])
async def test_yes_grows_neither_memory_nor_disk_and_the_last_word_is_seen(home: Home, seconds: float) -> None:
    """As `yes` on the console, with who looks, who comes late, and nobody lost; the log is rotated."""
    begun, samples = time.monotonic(), list[int]()
    async with console_rig(home.machine()) as rig:
        await rig.power_on()
        keeper = rig.broker.keeper_pid
        onlookers = [await rig.attach(), await rig.attach("vt")]
        await rig.guest.print(b"y\r\n" * 200_000)  # scrollback and ring are full
        while time.monotonic() - begun < seconds or len(samples) < 6:
            for _ in range(20):
                await rig.guest.print(b"y\r\n" * 2_000)
            await onlookers[-1].leave()
            onlookers[-1] = await rig.attach("vt")
            rig._onlookers[:] = onlookers
            onlookers[0].frames.clear()
            samples.append(memory(rig))
        await rig.guest.print(b"the last word")
        for each in (*onlookers, await rig.attach()):
            await until(lambda each=each: each.session.screen.text().endswith("the last word"))  # type: ignore[misc]
        assert rig.broker.keeper_pid == keeper
        third = len(samples) // 3
        assert max(samples[-third:]) - max(samples[third:-third]) < most_growth_bytes(seconds), samples
        parts = sum(size(part) for part in rig.files.folder.glob("console*"))
        assert parts < (KEPT + 3) * LIMIT_BYTES


async def test_a_fault_in_the_native_library_costs_a_picture_and_nothing_else(home: Home, logs: LogWatch) -> None:
    """However often it strikes: the guest is drained on, viewers see and type on, and the keeper comes back."""
    logs.expect("screen keeper ended with code -11")
    async with console_rig(home.machine()) as rig:
        await rig.power_on()
        onlooker = await rig.attach()
        for turn in range(3):
            await until(lambda: rig.broker.keeper_pid)
            struck = rig.broker.keeper_pid
            assert struck is not None
            os.kill(struck, signal.SIGSEGV)
            await rig.guest.print(b"turn %d\r\n" % turn)
            onlooker.send(frames.TYPED, b"%d" % turn)
            await until(lambda turn=turn: f"turn {turn}" in onlooker.text)  # type: ignore[misc]
            await until(lambda struck=struck: rig.broker.keeper_pid not in (None, struck))  # type: ignore[misc]
        assert rig.guest.typed == b"012"
        late = await rig.attach()
        await until(lambda: late.text == "turn 0\nturn 1\nturn 2")
