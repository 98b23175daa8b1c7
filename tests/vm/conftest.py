"""Real virtual machines: one for all tests that leave it running, others for those that need their own."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.machine import MachineStatus
from desktop.core.paths import Home, private_folder
from desktop.machine.process import is_locked
from tests.helpers import images
from tests.helpers.guest import Guest, wait_for


async def end(client: SupervisorClient) -> None:
    """Leaves neither VM nor supervisor."""
    with contextlib.suppress(SupervisorGone):
        await client.kill()
        await client.quit()
    await wait_for(lambda: not is_locked(client.files.supervisor_lock))


@pytest.fixture(scope="session")
def shared_home(image_home: Home) -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="m-vm-", dir="/tmp"))
    home = Home(private_folder(folder / "home"))
    images.lend_images(image_home, home)
    yield home
    asyncio.run(end(SupervisorClient(home.machine())))
    shutil.rmtree(folder)


@pytest_asyncio.fixture
async def running(shared_home: Home) -> AsyncIterator[Guest]:
    """A machine that runs. Tests share its boot; one that ended it makes the next one boot again."""
    client = SupervisorClient(shared_home.machine())
    await client.start()
    yield Guest(client)


@pytest_asyncio.fixture
async def own(image_home: Home) -> AsyncIterator[Guest]:
    """A machine of the test's own, not started, in a folder with a name that QEMU's options could trip over."""
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    home = Home(private_folder(folder / "a,b c-d ü"))
    images.lend_images(image_home, home)
    client = SupervisorClient(home.machine())
    yield Guest(client)
    await end(client)
    shutil.rmtree(folder)


@pytest.fixture
def seen() -> list[MachineStatus]:
    """For a verb's `on_status`."""
    return []
