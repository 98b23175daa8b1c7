"""A machine without its sockets, for all that is steered in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from desktop.core.paths import Home, MachineFiles
from desktop.machine.ram import Extent, copy_out
from desktop.machine.threads import Stop
from tests.helpers.machine_rig import DEADLINE_S, Play, Rig
from tests.helpers.played_home import make_played_home


@pytest.fixture
def files(home: Home) -> MachineFiles:
    return make_played_home(home, "stop_deadline_s = 60\n")


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    return lambda words: monkeypatch.setenv("PLAYED_GUEST", words)


@pytest.fixture(autouse=True)
def synced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guest is asked to sync its disk and not waited for, with a warning: a played one is slow where much runs."""
    monkeypatch.setattr("desktop.supervisor.life.SYNC_S", DEADLINE_S)


@pytest_asyncio.fixture
async def rig(files: MachineFiles) -> AsyncIterator[Rig]:
    rig = Rig(files)
    async with asyncio.timeout(DEADLINE_S):
        yield rig
        await rig.end()


@pytest.fixture
def held_copy(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """What is saved goes to the disk only once it may: whether that has begun, and what lets it go on."""
    is_copying, may_go = threading.Event(), threading.Event()

    def slowly(memory: int, file: Path, stop: Stop) -> list[Extent]:
        is_copying.set()
        may_go.wait(60)
        return copy_out(memory, file, stop)

    monkeypatch.setattr("desktop.machine.ram.copy_out", slowly)
    return is_copying, may_go
