"""Published ports at which the supervisor itself listens."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop.core.errors import DeadlineExceeded
from desktop.machine.forwarding import Forward
from desktop.supervisor.accepting import OUT_OF_DESCRIPTORS_PAUSE_S
from desktop.supervisor.own_ports import OwnPorts
from tests.helpers.host_ports import free_port, is_closed
from tests.helpers.log_watch import LogWatch


@contextmanager
def no_descriptor_left() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    following = os.dup(0)
    os.close(following)
    resource.setrlimit(resource.RLIMIT_NOFILE, (following, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_without_descriptors_calls_wait_and_nothing_spins(
    logs: LogWatch, caplog: pytest.LogCaptureFixture
) -> None:
    """At each look for connections it is told that there is none to be had."""
    logs.expect("cannot take a connection")
    woken = asyncio.Event()

    async def wake() -> bool:
        woken.set()
        return False

    port = free_port()
    ports = OwnPorts(wake)
    ports.open(Forward("tcp", "127.0.0.1", port, "10.0.2.15"))
    with socket.socket() as client:
        with no_descriptor_left():
            client.connect(("127.0.0.1", port))
            begun_s = time.monotonic()
            await asyncio.sleep(0.6)
            at_most = 2 + (time.monotonic() - begun_s) / OUT_OF_DESCRIPTORS_PAUSE_S
            assert 1 <= len(caplog.messages) <= at_most and not woken.is_set()
        async with asyncio.timeout(60):
            await woken.wait()
        await asyncio.sleep(0)
        ports.close()
        await asyncio.sleep(0)


async def test_a_hypervisor_that_does_not_answer_leaves_no_port_that_leads_to_itself() -> None:
    async def awake() -> bool:
        return True

    async def late(_: Forward) -> None:
        raise DeadlineExceeded("QEMU does not answer", "10 s passed")

    forwards = [Forward("tcp", "127.0.0.1", free_port(), "10.0.2.15") for _ in range(2)]
    ports = OwnPorts(awake)
    ports.wait_for_calls(set(forwards))
    with pytest.raises(DeadlineExceeded):
        await ports.hand_over(forwards, late)
    assert all(is_closed(forward.port) for forward in forwards)
    ports.close()
