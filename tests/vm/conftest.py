"""Real virtual machines: one for all tests that leave it running, others for those that need their own."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import docker
import pytest
import pytest_asyncio

from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.machine import MachineStatus
from desktop.core.paths import Home, private_folder
from desktop.machine.process import is_locked
from tests.helpers import images
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.docker_cli import DockerCli, docker_cli
from tests.helpers.guest import Guest, wait_for
from tests.helpers.sealed import can_seal, is_sealed, launch_sealed


async def end(client: SupervisorClient) -> None:
    """Leaves neither VM nor supervisor."""
    with contextlib.suppress(SupervisorGone):
        await client.kill(confirmed=True)
        await client.quit()
    await wait_for(lambda: not is_locked(client.files.supervisor_lock))


@pytest.fixture(scope="session")
def shared_home(image_home: Home) -> Iterator[Home]:
    with passing_home(image_home) as home:
        private_folder(home.machine().folder)
        home.machine().config.touch(0o600)  # the mode that it has where Moorage writes it: tests only change its text
        if can_seal():
            launch_sealed(home.machine())  # for `sealed`, which need not boot again then
        yield home


@contextlib.contextmanager
def passing_home(image_home: Home) -> Iterator[Home]:
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
async def sealed(running: Guest) -> Guest:
    """The shared machine while its QEMU and its supervisor are alone with a loopback of their own."""
    if not can_seal():
        pytest.skip("this system lets an ordinary user make no network namespace; as root, -m long has this test")
    if not is_sealed(await running.qemu_pid()) or not is_sealed(await running.supervisor_pid()):
        await end(running.client)
        launch_sealed(running.files)
        await running.client.start()
    return running


@pytest_asyncio.fixture
async def engine(running: Guest) -> AsyncIterator[docker.DockerClient]:
    """The shared machine's engine, with IMAGE in it."""
    client = docker.DockerClient(base_url=f"unix://{running.files.docker_socket}", timeout=300)
    if not client.images.list(IMAGE):
        client.api.import_image_from_data(busybox_tar(), repository=IMAGE)
    yield client
    client.close()


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> DockerCli:
    return docker_cli(tmp_path_factory.mktemp("docker"))


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
