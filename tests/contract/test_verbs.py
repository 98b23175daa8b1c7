"""start, stop, restart and kill, in the states that a machine can be in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MachineError, NeedsConfirmation
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import MachineFiles
from desktop.engine import ping
from tests.helpers.guest import DEADLINE_S

from .http_call import Caller


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
    reader, writer = await asyncio.open_unix_connection(machine.engine_socket)  # the app knows the state
    assert await reader.read() == b""
    writer.close()
    caller = Caller(machine.docker_socket)
    for method, path in (("GET", "/_ping"), ("HEAD", "/_ping"), ("POST", "/v1.41/containers/create")):
        answer = await asyncio.to_thread(caller, method, path)
        assert answer.status == 503 and "api-version" not in answer.headers
        assert method == "HEAD" or answer.words == "The machine is stopped. Start it with `moorage start`."
    caller.close()
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
    held = asyncio.create_task(ping.version(machine.docker_socket, DEADLINE_S))
    done = await starting
    assert (await held)["Version"]
    assert list(dict.fromkeys(status.state for status in seen))[-2:] == [State.STARTING, State.RUNNING]
    assert [step.name for step in done.boot_steps][:2] == ["init", "modules"]
    assert "network" in [step.name for step in done.boot_steps]
    assert done.boot_steps[-1].name == "answer"
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


async def test_a_call_wakes_a_suspended_machine_and_the_apps_own_way_does_not(
    machine: MachineFiles, client: SupervisorClient
) -> None:
    await client.start()
    seen: list[MachineStatus] = []
    done = await client.suspend(on_status=seen.append)
    assert list(dict.fromkeys(status.state for status in seen)) == [State.SUSPENDING, State.SUSPENDED]
    assert done.hypervisor.pid is None and not done.engine.reachable
    assert (await client.suspend()).state is State.SUSPENDED
    reader, writer = await asyncio.open_unix_connection(machine.engine_socket)
    assert await reader.read() == b""
    writer.close()
    assert (await client.status()).state is State.SUSPENDED
    assert (await ping.version(machine.docker_socket, DEADLINE_S))["Version"]
    assert (await client.status()).state is State.RUNNING


async def test_kill_of_a_suspended_machine_needs_a_yes(client: SupervisorClient) -> None:
    await client.start()
    await client.suspend()
    with pytest.raises(NeedsConfirmation, match="suspended"):
        await client.kill()
    assert (await client.status()).state is State.SUSPENDED
    assert (await client.kill(confirmed=True)).state is State.STOPPED
    with pytest.raises(MachineError, match="cannot be suspended"):
        await client.suspend()


async def test_reset_needs_a_yes_and_ends_in_stopped(machine: MachineFiles, client: SupervisorClient) -> None:
    await client.start()
    with pytest.raises(NeedsConfirmation, match="All containers, images, volumes"):
        await client.reset()
    assert (await client.status()).state is State.RUNNING
    seen: list[MachineStatus] = []
    assert (await client.reset(on_status=seen.append, confirmed=True)).state is State.STOPPED
    assert {status.state for status in seen} <= {State.RUNNING, State.STOPPED}
    assert (await client.reset(confirmed=True)).state is State.STOPPED


async def test_stop_of_a_suspended_machine_lets_the_guest_end_in_peace(client: SupervisorClient) -> None:
    await client.start()
    await client.suspend()
    seen: list[MachineStatus] = []
    assert (await client.stop(on_status=seen.append)).state is State.STOPPED
    order = [State.RESUMING, State.RUNNING, State.STOPPING, State.STOPPED]
    assert list(dict.fromkeys(status.state for status in seen if status.state is not State.SUSPENDED)) == order


async def test_callers_at_odds_all_get_an_answer(client: SupervisorClient) -> None:
    """Who waits for a start that is killed and begun again by others is not left waiting."""
    await client.kill()
    async with asyncio.timeout(180):
        outcomes = await asyncio.gather(
            client.start(), client.restart(), client.kill(), client.start(), client.suspend(), client.stop(),
            client.suspend(), client.restart(), return_exceptions=True,
        )  # fmt: skip
    assert all(isinstance(outcome, MachineStatus | MachineError | NeedsConfirmation) for outcome in outcomes), outcomes
    assert (await client.start()).state is State.RUNNING
