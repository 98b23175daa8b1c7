"""A machine without its sockets, for all that is steered in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from desktop.core.paths import Home, MachineFiles
from tests.helpers.machine_rig import DEADLINE_S, Play, Rig
from tests.helpers.played_home import make_played_home


@pytest.fixture
def files(home: Home) -> MachineFiles:
    return make_played_home(home, "stop_deadline_s = 5\n")


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    return lambda words: monkeypatch.setenv("PLAYED_GUEST", words)


@pytest_asyncio.fixture
async def rig(files: MachineFiles) -> AsyncIterator[Rig]:
    rig = Rig(files)
    async with asyncio.timeout(DEADLINE_S):
        yield rig
        await rig.end()
