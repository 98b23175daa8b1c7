"""Scenes of the fake, as the app's services see them: rare faults, one after the other, on one process."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from desktop.client.supervisor import SupervisorClient
from desktop.core.engine import Link
from desktop.core.errors import (
    DeadlineExceeded,
    EngineError,
    ImageError,
    MachineError,
    MoorageError,
    NeedsConfirmation,
    SettingsError,
    UsageError,
)
from desktop.core.machine import State
from desktop.core.paths import Home, MachineFiles, private_folder
from desktop.services.engine import EngineService
from tests.helpers.fake import fake_machine, play


@pytest.fixture(scope="module")
def shared() -> Iterator[MachineFiles]:
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    with fake_machine(Home(private_folder(folder / "home"))) as files:
        yield files
    shutil.rmtree(folder)


@pytest_asyncio.fixture
async def machine(shared: MachineFiles) -> AsyncIterator[MachineFiles]:
    """A played machine that runs, with nothing wrong."""
    await play(shared, "calm")
    await SupervisorClient(shared).start()
    yield shared
    await play(shared, "calm")


@pytest_asyncio.fixture
async def engine(machine: MachineFiles) -> AsyncIterator[EngineService]:
    async with following(machine) as service:
        await until(lambda: service.link.link is Link.UP)
        yield service


@contextlib.asynccontextmanager
async def following(machine: MachineFiles) -> AsyncIterator[EngineService]:
    service = EngineService()
    task = asyncio.create_task(service.follow(machine.engine_socket))
    try:
        yield service
        assert not task.done(), task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(what: Callable[[], Any], deadline_s: float = 60.0) -> None:
    async with asyncio.timeout(deadline_s):
        while not what():
            await asyncio.sleep(0.01)


def named(engine: EngineService, name: str) -> str:
    """The id of the container of this name."""
    return next(record.id for record in engine.containers if record.name == name)


async def test_rows_follow_what_is_done(engine: EngineService) -> None:
    cache = named(engine, "cache")
    await engine.stop(cache)
    await until(lambda: engine.containers.get(cache).state == "exited")
    await engine.start(cache)
    await until(lambda: engine.containers.get(cache).state == "running")


@pytest.mark.parametrize("scene", ["events-cut", "events-end", "events-garbage"])
async def test_stream_that_breaks_is_healed(machine: MachineFiles, engine: EngineService, scene: str) -> None:
    links: list[Link] = []
    engine.link_changed.connect(lambda link: links.append(link.link))
    await play(machine, scene)
    await until(lambda: links and links[-1] is Link.UP)
    assert links == [Link.LOST, Link.UP]
    await test_rows_follow_what_is_done(engine)


@pytest.mark.parametrize("scene", ["events-utf8", "events-null", "events-long", "events-split"])
async def test_senseless_events_are_passed_over(machine: MachineFiles, engine: EngineService, scene: str) -> None:
    await play(machine, scene)
    await test_rows_follow_what_is_done(engine)
    assert engine.link.link is Link.UP


async def test_engine_that_refuses_speaks_for_itself(machine: MachineFiles, engine: EngineService) -> None:
    await play(machine, "refuses")
    with pytest.raises(EngineError, match="disk quota exceeded"):
        await engine.start(named(engine, "old-report"))


async def test_engine_that_answers_nothing_but_errors_is_lost(machine: MachineFiles) -> None:
    await play(machine, "engine-error")
    async with following(machine) as engine:
        await until(lambda: engine.link.link is Link.LOST)
        assert "disk quota exceeded" in engine.link.reason
        await play(machine, "calm")
        engine.retry()
        await until(lambda: engine.link.link is Link.UP)


async def test_engine_that_hangs_up_is_lost(machine: MachineFiles) -> None:
    await play(machine, "engine-drops")
    async with following(machine) as engine:
        await until(lambda: engine.link.link is Link.LOST)
        assert engine.link.reason == "it closed the connection"


async def test_engine_that_hangs_is_waited_for(machine: MachineFiles) -> None:
    await play(machine, "engine-hangs")
    async with following(machine) as engine:
        await asyncio.sleep(0.5)
        assert engine.link.link is Link.CONNECTING
        await play(machine, "calm")
        await until(lambda: engine.link.link is Link.UP)


async def test_slow_engine_is_waited_for(machine: MachineFiles) -> None:
    await play(machine, "engine-slow=0.2")
    async with following(machine) as engine:
        await until(lambda: engine.link.link is Link.UP)
        assert len(engine.containers) > 0


async def test_old_engine_is_followed(machine: MachineFiles) -> None:
    await play(machine, "engine-old=24")
    async with following(machine) as engine:
        await until(lambda: engine.link.link is Link.UP)


async def test_malformed_rows_are_rows(machine: MachineFiles) -> None:
    await play(machine, "malformed")
    async with following(machine) as engine:
        await until(lambda: engine.link.link is Link.UP)
        assert len(engine.containers) >= 5


async def test_rows_are_right_after_a_burst(machine: MachineFiles, engine: EngineService) -> None:
    await play(machine, "burst=1000")
    await asyncio.sleep(1)
    await play(machine, "calm")
    async with following(machine) as other:
        await until(lambda: other.link.link is Link.UP)
        await until(lambda: states(engine) == states(other))  # a list may be late with an end


def states(engine: EngineService) -> dict[str, str]:
    return {record.id: record.state for record in engine.containers}


async def test_machine_that_dies_says_so_and_its_engine_is_lost(machine: MachineFiles, engine: EngineService) -> None:
    await play(machine, "dies")
    status = await SupervisorClient(machine).status()
    assert status.state is State.FAILED
    assert "stopped unexpectedly" in status.detail
    await until(lambda: engine.link.link is Link.LOST)


@pytest.mark.parametrize(
    ("scene", "kind", "words"),
    [
        ("start-fails", MachineError, "data disk"),
        ("image-damaged", ImageError, "damaged"),
        ("engine-late=1", DeadlineExceeded, "level=error"),
        ("settings-wrong", SettingsError, "KVM was chosen"),
    ],
)
async def test_start_that_fails_has_words(
    machine: MachineFiles, scene: str, kind: type[MoorageError], words: str
) -> None:
    client = SupervisorClient(machine)
    await client.stop()
    await play(machine, scene)
    with pytest.raises(kind, match=words):
        await client.start()
    status = await client.status()
    assert status.state is State.FAILED
    assert status.next_step
    assert status.action == kind.action


async def test_guest_that_is_late_is_asked_about_and_can_be_killed(machine: MachineFiles) -> None:
    client = SupervisorClient(machine)
    await play(machine, "stop-late")
    with pytest.raises(NeedsConfirmation):
        await client.stop(timeout_s=0.1)
    status = await client.status()
    assert (status.state, status.detail != "") == (State.STOPPING, True)
    assert (await client.kill()).state is State.STOPPED


async def test_restart_of_a_late_guest_goes_on_once_it_is_off(machine: MachineFiles) -> None:
    client = SupervisorClient(machine)
    await play(machine, "stop-late")
    with pytest.raises(NeedsConfirmation, match="started again"):
        await client.restart(timeout_s=0.1)
    await play(machine, "powers-off")
    async with asyncio.timeout(60):
        while (await client.status()).state is not State.RUNNING:
            await asyncio.sleep(0.01)


async def test_hung_machine_is_refused_until_it_is_killed(machine: MachineFiles) -> None:
    client = SupervisorClient(machine)
    await play(machine, "hangs")
    for verb in (client.start, client.stop):
        with pytest.raises(MachineError, match="does not answer"):
            await verb()
    assert (await client.status()).action == "kill"
    assert (await client.kill()).state is State.STOPPED


@pytest.mark.parametrize(("scene", "words"), [("disk-full", "full"), ("root", "root")])
async def test_warnings_are_shown_until_it_is_calm(machine: MachineFiles, scene: str, words: str) -> None:
    client = SupervisorClient(machine)
    await play(machine, scene)
    assert any(words in warning for warning in (await client.status()).warnings)
    await play(machine, "calm")
    assert not any(words in warning for warning in (await client.status()).warnings)


@pytest.mark.parametrize("accelerator", ["tcg", "kvm", "hvf"])
async def test_accelerators_and_the_warning_of_the_slow_one(machine: MachineFiles, accelerator: str) -> None:
    await play(machine, accelerator)
    status = await SupervisorClient(machine).status()
    assert status.hypervisor.accelerator == accelerator
    assert bool(status.warnings) == (accelerator == "tcg")


async def test_unknown_scene_is_told_with_those_that_there_are(machine: MachineFiles) -> None:
    with pytest.raises(UsageError, match="slow-boot"):
        await play(machine, "nosuch")


async def test_ten_thousand_and_hostile_ones_are_listed(machine: MachineFiles) -> None:
    await play(machine, "hostile")
    await play(machine, "states")
    await play(machine, "many=10000")
    async with following(machine) as engine:
        await until(lambda: engine.link.link is Link.UP)
        assert len(engine.containers) > 10_000
        assert "<h1>BIG</h1>:latest" in [tag for image in engine.images for tag in image.tags]
        assert "restarting" in {record.state for record in engine.containers}
        await test_rows_follow_what_is_done(engine)
