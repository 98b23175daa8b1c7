"""The one status and its legal moves."""

from __future__ import annotations

import asyncio

import pytest

from desktop.core.control import LINE_LIMIT, event_line
from desktop.core.machine import LEGAL_MOVES, MachineStatus, State
from desktop.supervisor.publisher import Publisher


@pytest.mark.parametrize("state", State)
def test_every_move_is_either_legal_or_refused(state: State) -> None:
    for target in State:
        publisher = Publisher(MachineStatus(state=state))
        if target in LEGAL_MOVES[state]:
            publisher.move(target)
            assert publisher.state is target
        else:
            with pytest.raises(ValueError, match=f"from {state} to {target}"):
                publisher.move(target)


def test_a_move_forgets_what_was_said_of_the_old_state() -> None:
    publisher = Publisher(MachineStatus(state=State.RUNNING))
    publisher.move(State.STOPPING, deadline_s=30.0)
    publisher.update(detail="late")
    publisher.move(State.STOPPED)
    assert (publisher.status.detail, publisher.status.deadline_s) == ("", None)


def test_only_changes_are_published_and_each_has_its_time() -> None:
    publisher = Publisher(MachineStatus())
    seen: list[MachineStatus] = []
    publisher.changed.connect(seen.append)
    publisher.update(detail="")
    publisher.move(State.STARTING)
    publisher.update(detail="booting")
    publisher.update(detail="booting")
    assert [status.detail for status in seen] == ["", "booting"]
    assert seen[0].since.endswith("Z")


def test_warnings_are_kept_by_topic() -> None:
    publisher = Publisher(MachineStatus())
    publisher.warn("root", "as root")
    publisher.warn("disk", "full")
    publisher.warn("disk", "still full")
    assert publisher.status.warnings == ("as root", "still full")
    publisher.warn("disk", "")
    assert publisher.status.warnings == ("as root",)


def test_a_status_stays_short_enough_to_be_sent_however_much_there_is_to_warn_of() -> None:
    publisher = Publisher(MachineStatus())
    for number in range(3000):
        publisher.warn(f"port {number}", f"{number} " + "x" * 10_000)
    assert len(event_line(1, "status", publisher.status)) < LINE_LIMIT
    for number in range(3000):
        publisher.warn(f"port {number}", "")
    assert publisher.status.warnings == ()


async def test_waiting_for_a_state_to_be_left_ends_with_it_or_with_the_deadline() -> None:
    publisher = Publisher(MachineStatus(state=State.STARTING))
    assert not await publisher.leave(State.STARTING, timeout_s=0.01)
    waiting = asyncio.create_task(publisher.leave(State.STARTING, timeout_s=5))
    await asyncio.sleep(0)
    publisher.move(State.RUNNING)
    assert await waiting
    assert await publisher.leave(State.STARTING)


def test_a_name_that_is_no_utf8_keeps_no_status_back() -> None:
    """Such as that of a home folder in what the system says of a file."""
    publisher = Publisher(MachineStatus())
    publisher.warn("context", "/home/jos\udce9/.docker: Permission denied")
    publisher.move(State.FAILED, "/home/jos\udce9 is full", "Make room in /home/jos\udce9")
    assert b"/home/jos?/.docker" in event_line(1, "status", publisher.status)
