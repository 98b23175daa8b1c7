"""A new container of the played engine that is wanted no more by the time it is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.engine import Link
from desktop.core.paths import Home
from desktop.services.engine import EngineService
from desktop.services.engine_watch import EngineWatch
from desktop.services.run_container import run_container
from tests.helpers.fake import fake_machine, play
from tests.unit.services.test_container_log import until

BODY = {"Image": "busybox:latest", "Cmd": ["sleep", "infinity"], "Volumes": {"/own": {}}}


@asynccontextmanager
async def following(home: Home) -> AsyncIterator[EngineService]:
    with fake_machine(home) as files:
        await SupervisorClient(files).start()
        service = EngineService(watch=EngineWatch(0.2, 0.5))
        service.set_seen(True)
        task = asyncio.create_task(service.follow(files.engine_socket))
        try:
            await until(lambda: service.link.link is Link.UP)
            yield service
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def said(*answers: bool) -> Callable[[], bool]:
    """One after another."""
    rest = iter(answers)
    return lambda: next(rest)


async def held(service: EngineService) -> set[str]:
    assert service.client is not None
    return {record.id for record in await service.client.containers()}


async def test_it_is_removed_whether_it_ran_already_or_not(home: Home) -> None:
    async with following(home) as service:
        before = await held(service)
        for answers in ((False, False), (True, False)):
            assert await run_container(service, "mine", BODY, said(*answers)) is None
            assert await held(service) == before
        assert await run_container(service, "mine", BODY, said(True, True)) is not None
        assert len(await held(service)) == len(before) + 1


@pytest.mark.parametrize("answers", [(False, False), (True, False, False)], ids=["before its start", "at its start"])
async def test_one_that_a_hung_engine_made_later_is_removed_by_the_next_connection(
    home: Home, answers: tuple[bool, ...]
) -> None:
    async with following(home) as service:
        before = await held(service)
        await play(home.machine(), "engine-hangs")
        running = asyncio.create_task(run_container(service, "mine", BODY, said(*answers)))
        await until(lambda: service.link.link is Link.LOST)
        await play(home.machine(), "calm")
        assert await running is None
        assert await held(service) == before
