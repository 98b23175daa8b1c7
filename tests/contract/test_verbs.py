"""start, stop, restart and kill, in the states that a machine can be in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MachineError
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import MachineFiles
from desktop.engine import ping


@pytest_asyncio.fixture
async def client(machine: MachineFiles) -> AsyncIterator[SupervisorClient]:
    """Leaves the machine running, for the others."""
    client = SupervisorClient(machine)
    yield client
    await client.start()


async def test_stop_passes_through_stopping_and_nothing_answers_then(
    machine: MachineFiles, client: SupervisorClient
) -> None:
    seen: list[MachineStatus] = []
    done = await client.stop(on_status=seen.append)
    states = [status.state for status in seen]
    assert list(dict.fromkeys(states)) == [State.STOPPING, State.STOPPED]
    assert seen[0].deadline_s
    assert (done.state, done.detail, done.deadline_s) == (State.STOPPED, "", None)
    assert done.hypervisor.pid is None
    assert not done.engine.reachable
    for path in (machine.docker_socket, machine.engine_socket):
        reader, writer = await asyncio.open_unix_connection(path)
        assert await reader.read() == b""
        writer.close()
    assert (await client.stop()).state is State.STOPPED
    assert (await client.kill()).state is State.STOPPED


async def test_start_tells_its_steps_and_calls_are_held_until_the_engine_is_there(
    machine: MachineFiles, client: SupervisorClient
) -> None:
    await client.kill()
    seen: list[MachineStatus] = []
    starting = asyncio.create_task(client.start(on_status=seen.append))
    while not any(status.state is State.STARTING for status in seen):
        await asyncio.sleep(0.01)
    held = asyncio.create_task(ping.version(machine.docker_socket, 60))
    done = await starting
    assert (await held)["Version"]
    assert list(dict.fromkeys(status.state for status in seen))[-2:] == [State.STARTING, State.RUNNING]
    assert [step.name for step in done.boot_steps][:2] == ["init", "modules"]
    assert "network" in [step.name for step in done.boot_steps]
    assert [step.at_s for step in done.boot_steps] == sorted(step.at_s for step in done.boot_steps)
    assert done.hypervisor.pid
    assert done.hypervisor.accelerator_reason


async def test_kill_ends_a_start_and_who_waits_is_told(client: SupervisorClient) -> None:
    await client.kill()
    seen: list[MachineStatus] = []
    starting = asyncio.create_task(client.start(on_status=seen.append))
    while not any(status.state is State.STARTING for status in seen):
        await asyncio.sleep(0.01)
    assert (await client.kill()).state is State.STOPPED
    with pytest.raises(MachineError, match="did not start"):
        await starting


async def test_restart_of_one_that_runs(client: SupervisorClient) -> None:
    seen: list[MachineStatus] = []
    done = await client.restart(on_status=seen.append)
    order = [State.STOPPING, State.STOPPED, State.STARTING, State.RUNNING]
    assert list(dict.fromkeys(status.state for status in seen)) == order
    assert done.state is State.RUNNING


async def test_callers_at_odds_all_get_an_answer(client: SupervisorClient) -> None:
    """Who waits for a start that is killed and begun again by others is not left waiting."""
    await client.kill()
    async with asyncio.timeout(180):
        outcomes = await asyncio.gather(
            client.start(), client.restart(), client.kill(), client.start(), client.stop(), client.restart(),
            return_exceptions=True,
        )  # fmt: skip
    assert all(isinstance(outcome, MachineStatus | MachineError) for outcome in outcomes), outcomes
    assert (await client.start()).state is State.RUNNING
