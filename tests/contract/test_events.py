"""What the engine tells, in which order and with which fields; rows are kept up to date by nothing else."""

from __future__ import annotations

import time
from typing import Any

import docker
import pytest

from desktop.core.paths import MachineFiles

from .event_log import DEADLINE_S, EventLog

LABELS = {"contract.label": "<b>1</b>"}


@pytest.fixture
def resting(engine: docker.DockerClient, image: str) -> Any:
    """Made before anything is listened to."""
    return engine.containers.create(image, ["sleep", "1000"], labels=LABELS)


def test_life_of_a_container_in_order(engine: docker.DockerClient, image: str, events: EventLog) -> None:
    container = engine.containers.create(image, ["sh", "-c", "exit 7"], name="contract-life", labels=LABELS)
    container.start()
    container.wait()
    container.remove()
    assert events.of(container.id, "destroy") == ["create", "start", "die", "destroy"]


def test_event_has_the_fields_that_are_read(engine: docker.DockerClient, image: str, events: EventLog) -> None:
    before_s = int(time.time())
    container = engine.containers.run(image, ["sh", "-c", "exit 7"], name="contract-f", labels=LABELS, detach=True)
    found = {event["Action"]: event for event in events.all("die", container.id) if event["Type"] == "container"}
    for action in ("create", "start", "die"):
        event = found[action]
        assert (event["status"], event["id"], event["from"]) == (action, container.id, image)
        assert event["scope"] == "local"
        assert event["time"] == event["timeNano"] // 10**9 >= before_s - 60
        attributes = event["Actor"]["Attributes"]
        assert (attributes["name"], attributes["image"]) == ("contract-f", image)
        assert attributes["contract.label"] == "<b>1</b>"
    assert found["die"]["Actor"]["Attributes"]["exitCode"] == "7"
    assert int(found["die"]["Actor"]["Attributes"]["execDuration"]) < 10


def test_network_is_joined_before_the_start_and_left_before_the_end(
    engine: docker.DockerClient, image: str, events: EventLog
) -> None:
    container = engine.containers.run(image, ["true"], detach=True)
    order = [
        (event["Type"], event["Action"])
        for event in events.all("die", container.id)
        if container.id in (event["Actor"]["ID"], event["Actor"]["Attributes"].get("container"))
    ]
    assert order.index(("network", "connect")) < order.index(("container", "start"))


def test_stop_asks_then_kills(resting: Any, events: EventLog) -> None:
    resting.start()
    resting.stop(timeout=1)  # a sleep that is process 1 does not heed SIGTERM
    events.all("die", resting.id)
    found = events.of(resting.id, "stop")
    assert found[:3] == ["start", "kill", "kill"]
    assert set(found[3:]) == {"die", "stop"}  # in either order
    signals = [event["Actor"]["Attributes"]["signal"] for event in events.all() if event["Action"] == "kill"]
    assert signals == ["15", "9"]


def test_stop_of_one_that_heeds_the_signal(engine: docker.DockerClient, image: str, events: EventLog) -> None:
    trap = ["sh", "-c", "trap 'exit 0' TERM; echo set; while :; do sleep 0.1; done"]
    container = engine.containers.run(image, trap, detach=True)
    end = time.monotonic() + DEADLINE_S
    while container.logs() != b"set\n":
        assert time.monotonic() < end
        time.sleep(0.05)
    container.stop()
    events.all("die", container.id)
    found = events.of(container.id, "stop")
    assert found[:3] == ["create", "start", "kill"]
    assert set(found[3:]) == {"die", "stop"}
    container.reload()
    assert container.attrs["State"]["ExitCode"] == 0


def test_restart_in_order(resting: Any, events: EventLog) -> None:
    resting.start()
    resting.restart(timeout=0)
    found = events.of(resting.id, "restart")
    assert found[0] == "start"
    assert set(found[-4:-2]) == {"die", "stop"}
    assert found[-2:] == ["start", "restart"]


def test_kill_in_order(resting: Any, events: EventLog) -> None:
    resting.start()
    resting.kill()
    assert events.of(resting.id, "die") == ["start", "kill", "die"]


def test_pause_unpause_and_a_new_name(resting: Any, events: EventLog) -> None:
    resting.start()
    resting.pause()
    resting.unpause()
    resting.rename("contract-renamed")
    assert events.of(resting.id, "rename") == ["start", "pause", "unpause", "rename"]
    last = events.all()[-1]["Actor"]["Attributes"]
    assert last["name"] == "contract-renamed"
    assert last["oldName"].startswith("/")


def test_removal_by_force_kills_first(resting: Any, events: EventLog) -> None:
    resting.start()
    resting.remove(force=True)
    assert events.of(resting.id, "destroy") == ["start", "kill", "die", "destroy"]


def test_container_that_removes_itself(engine: docker.DockerClient, image: str, events: EventLog) -> None:
    container = engine.containers.run(image, ["true"], detach=True, auto_remove=True)
    assert events.of(container.id, "destroy") == ["create", "start", "die", "destroy"]
    assert container.id not in [found.id for found in engine.containers.list(all=True)]


def test_restart_policy_brings_it_back(engine: docker.DockerClient, image: str, events: EventLog) -> None:
    policy = {"Name": "on-failure", "MaximumRetryCount": 1}
    container = engine.containers.run(image, ["false"], detach=True, restart_policy=policy)
    end = time.monotonic() + DEADLINE_S
    while events.of(container.id).count("die") < 2:
        assert time.monotonic() < end
    assert events.of(container.id) == ["create", "start", "die", "start", "die"]
    container.reload()
    assert (container.status, container.attrs["RestartCount"]) == ("exited", 1)


def test_past_events_come_again(engine: docker.DockerClient, resting: Any) -> None:
    begin_s = time.time() - 1
    asked_s = int(time.time())
    clock_s = int(engine.info()["SystemTime"][17:19])  # the guest's clock, not ours
    assert (clock_s - asked_s + 2) % 60 <= int(time.time()) - asked_s + 4
    resting.start()
    found = list(engine.events(since=int(begin_s), until=int(time.time()) + 1, decode=True))
    assert "start" in [event["Action"] for event in found if event["Actor"]["ID"] == resting.id]


def test_filters_keep_the_rest_away(engine: docker.DockerClient, resting: Any) -> None:
    begin_s = int(time.time()) - 1
    resting.start()
    resting.kill()
    resting.wait()
    found = list(
        engine.events(
            since=begin_s, until=int(time.time()) + 3, decode=True,  # it may be told a moment after the wait
            filters={"type": "container", "event": ["die"], "container": resting.id},
        )
    )  # fmt: skip
    assert [event["Action"] for event in found] == ["die"]


def test_all_listeners_hear(machine: MachineFiles, resting: Any, events: EventLog) -> None:
    other = EventLog(str(machine.engine_socket))
    try:
        resting.start()
        assert other.of(resting.id, "start") == events.of(resting.id, "start") == ["start"]
    finally:
        other.close()


def test_stream_begins_before_anything_happens(machine: MachineFiles) -> None:
    """Its head comes at once: who lists after that misses nothing."""
    from .http_call import _Connection

    connection = _Connection("localhost", timeout=60)
    connection.path = str(machine.docker_socket)
    connection.request("GET", "/events")
    response = connection.getresponse()
    assert (response.status, response.getheader("Transfer-Encoding")) == (200, "chunked")
    connection.sock.close()
    response.close()
