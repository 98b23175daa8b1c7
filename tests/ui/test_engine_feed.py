"""How many there are, as the tray and Overview say it: nothing while nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.core.engine import Link
from desktop.core.paths import Home, MachineFiles
from tests.helpers.fake import fake_machine, play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import running_app, until


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home) as files:
        yield files


async def test_nothing_is_counted_before_the_engine_has_told(machine: MachineFiles, logs: LogWatch) -> None:
    """Of a machine that ran before, too: until then it had no containers, by the words."""
    async with running_app(machine.home, logs) as app:
        counts: list[tuple[int, int, int]] = []
        app.engine_feed.counts_changed.connect(counts.append)
        for _ in range(2):
            await play(machine, "running")
            await until(lambda: app.engine.link.link is Link.UP and bool(counts) and counts[-1][1] == 5)
            await app.machine.stop()
            await until(lambda: counts[-1] == (-1, -1, -1))
        assert (0, 0, 0) not in counts and app.tray._running is None
