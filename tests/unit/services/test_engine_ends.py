"""Why containers of the played engine ended: the last lines of a crash, and the want of memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.engine import Container, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home, MachineFiles
from desktop.fake.samples import id_of
from desktop.models.container_columns import container_columns, state_mark, state_words
from desktop.services.engine import EngineService
from desktop.services.run_container import run_container
from desktop.views.detail.situation import situation_of
from tests.helpers.fake import fake_machine, play
from tests.unit.services.test_container_log import until

MACHINE = MachineStatus(state=State.RUNNING)
CRASH = "echo on stdout; echo 1 >&2; echo 2 >&2; echo 3 >&2; echo 4 >&2; echo 5 >&2; echo 6 >&2; echo 7 >&2; exit 3"


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home) as files:
        asyncio.run(SupervisorClient(files).start())
        yield files


@asynccontextmanager
async def following(files: MachineFiles) -> AsyncIterator[EngineService]:
    service = EngineService()
    task = asyncio.create_task(service.follow(files.engine_socket))
    try:
        await until(lambda: service.link.link is Link.UP)
        yield service
    finally:
        assert not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def record(service: EngineService, name: str) -> Container:
    return next(record for record in service.containers if record.name == name)


def hint(container: Container) -> str:
    return next(column.hint for column in container_columns() if column.key == "state")(container)


async def test_the_last_lines_of_a_crash_are_in_the_hint_of_its_row(machine: MachineFiles) -> None:
    async with following(machine) as service:
        for name, script in (("crash", CRASH), ("calm", "echo all is well >&2")):
            await run_container(service, name, {"Image": "busybox:latest", "Cmd": ["sh", "-c", script]})
        await until(lambda: hint(record(service, "crash")) == "Exited (3)\n2\n3\n4\n5\n6\n7")
        await until(lambda: record(service, "calm").state == "exited")
        assert hint(record(service, "calm")) == "Exited (0)"
    async with following(machine) as later:  # it had ended before anybody listened
        await until(lambda: hint(record(later, "crash")).endswith("\n7"))


async def test_want_of_memory_is_no_calm_stop(machine: MachineFiles) -> None:
    async with following(machine) as service:
        await run_container(service, "big", {"Image": "busybox:latest", "Cmd": ["sleep", "infinity"]})
        await play(machine, "oom")
        await until(lambda: record(service, "big").state == "exited")
        await until(lambda: record(service, "big").out_of_memory)
        await service.kill(id_of("cache"))
        await until(lambda: state_words(record(service, "cache")) == "Exited (137)")
        assert state_mark(record(service, "cache")) == "stopped"
    async with following(machine) as later:
        await until(lambda: record(later, "big").out_of_memory)
        big = record(later, "big")
        assert (state_words(big), state_mark(big)) == ("Out of memory", "failed")
        assert hint(big).startswith("Killed: out of memory\nExited (137)")
        situation = situation_of(MACHINE, later.link, big)
        assert situation is not None and "its memory was used up" in situation.words and situation.is_warning
        assert not record(later, "cache").out_of_memory
        await later.start(big.id)
        assert record(later, "big").end is None
