"""Suspend and resume again and again under a container that writes: nothing lost, the right time, new randomness."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from datetime import datetime

import docker
import pytest

from desktop.core.machine import State
from tests.helpers.busybox_image import IMAGE
from tests.helpers.e2fsck import e2fsck
from tests.helpers.guest import Guest, wait_for

pytestmark = pytest.mark.vm

CLOCK_S = 0.2
COUNT = "n=0; while :; do n=$((n + 1)); echo $n >>/count/to; fsync /count/to; usleep 10000; done"
RESEEDED = "crng reseeded due to virtual machine fork"


def clock_is_off_by_s(engine: docker.DockerClient) -> tuple[float, float]:
    """By how much at least and at most: the engine reads its clock at some time between the call and the answer.

    On a slow computer they are far apart, and only the first is the clock's.
    """
    before = time.time()
    guest = datetime.fromisoformat(re.sub(r"\.(\d{6})\d*", r".\1", engine.api.info()["SystemTime"])).timestamp()
    after = time.time()
    return max(before - guest, guest - after, 0.0), max(after - guest, guest - before)


async def counted(guest: Guest) -> list[int]:
    text = await guest.shell("cat /var/lib/docker/volumes/counted/_data/to | tr '\\n' ' '")
    return [int(word) for word in re.findall(r"\d+", text)]


async def reseeded(guest: Guest) -> int:
    found = re.search(r"times-(\d+)", await guest.shell(f"echo times-$(dmesg | grep -c '{RESEEDED}')"))
    assert found is not None
    return int(found[1])


@pytest.mark.long
@pytest.mark.parametrize("rounds", [3, pytest.param(10, marks=pytest.mark.soak)])
async def test_a_container_counts_on_through_every_suspend(
    running: Guest, engine: docker.DockerClient, rounds: int
) -> None:
    client, files = running.client, running.files
    before = await reseeded(running)
    container = engine.containers.run(
        IMAGE, ["sh", "-c", COUNT], detach=True, volumes={"counted": {"bind": "/count", "mode": "rw"}}
    )
    last = 0
    for number in range(rounds):
        await asyncio.sleep(0.5)
        assert (await client.suspend()).state is State.SUSPENDED
        if number % 2:
            await wait_for(files.suspended.exists)  # from disk this time, not from memory
        await asyncio.sleep(2)  # by which the clock is off, unless it is set
        woken_at = time.monotonic()
        await asyncio.to_thread(clock_is_off_by_s, engine)  # which wakes it
        awake_s = time.monotonic() - woken_at
        await wait_for(lambda: clock_is_off_by_s(engine)[0] <= CLOCK_S)  # a busy guest may answer before it hears it
        bounds = [await asyncio.to_thread(clock_is_off_by_s, engine) for _ in range(5)]
        most_s = min(most for _, most in bounds)
        print(f"round {number}: awake after {awake_s:.2f} s, clock off by {most_s * 1000:.0f} ms at most")
        assert max(least for least, _ in bounds) <= CLOCK_S
        seen = await counted(running)
        assert seen == list(range(1, len(seen) + 1)) and len(seen) > last
        last = len(seen)
    assert await reseeded(running) - before == rounds
    container.reload()
    assert container.status == "running" and container.attrs["RestartCount"] == 0
    container.remove(force=True)
    engine.volumes.get("counted").remove()
    assert (await client.stop()).state is State.STOPPED
    check = subprocess.run([e2fsck(), "-fn", files.disk], capture_output=True, text=True)
    assert check.returncode == 0 and "recovering journal" not in check.stdout, check.stdout
