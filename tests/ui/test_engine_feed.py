"""How many there are, as the tray and Overview say it: nothing while nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desktop.core.engine import Container, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home, MachineFiles
from desktop.core.store import Delta
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


async def test_an_error_that_nobody_expected_ends_no_following(machine: MachineFiles, logs: LogWatch) -> None:
    """Of one receiver, once: the window said that it connects, or stayed as it was, until the app was started again."""
    logs.expect("engine failed")
    logs.expect("machine failed")
    async with running_app(machine.home, logs) as app:
        await play(machine, "running")
        await until(lambda: app.engine.link.link is Link.UP)
        fails = [True, True]

        def on_containers(_delta: Delta[Container]) -> None:
            if fails[0]:
                fails[0] = False
                raise ZeroDivisionError

        def on_machine(status: MachineStatus) -> None:
            if fails[1] and status.state is State.FAILED:
                fails[1] = False
                raise ZeroDivisionError

        app.engine.containers.changed.connect(on_containers)
        await play(machine, "oom")
        await until(lambda: not fails[0] and app.engine.link.link is not Link.UP)
        await until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) == 5)
        app.machine.changed.connect(on_machine)
        await play(machine, "dies")
        await until(lambda: app.machine.status.state is State.FAILED)
        await play(machine, "running")
        await until(lambda: app.machine.status.state is State.RUNNING and app.engine.link.link is Link.UP)
