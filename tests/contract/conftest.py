"""One machine that runs, played and real: what holds for the one holds for the other."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.paths import Home, MachineFiles, private_folder
from tests.helpers import images
from tests.helpers.busybox_image import busybox_tar
from tests.helpers.fake import fake_machine
from tests.helpers.moorage import end_supervisor

from .event_log import EventLog

IMAGE = "contract:1"


@pytest.fixture(scope="session", params=["fake", pytest.param("real", marks=[pytest.mark.vm, pytest.mark.long])])
def machine(request: pytest.FixtureRequest) -> Iterator[MachineFiles]:
    """A machine for all tests, which leave it running and its engine as they found it."""
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    home = Home(private_folder(folder / "home"))
    if request.param == "fake":
        with fake_machine(home):
            asyncio.run(SupervisorClient(home.machine()).start())
            yield home.machine()
    else:
        images.lend_images(request.getfixturevalue("image_home"), home)
        client = SupervisorClient(home.machine())
        try:
            asyncio.run(client.start())
            yield home.machine()
        finally:
            asyncio.run(end_supervisor(client))
    shutil.rmtree(folder)


@pytest.fixture
def image(machine: MachineFiles) -> str:
    """A small image with a shell: a busybox, imported, and once more after a test that reset the machine."""
    with contextlib.closing(docker.APIClient(f"unix://{machine.docker_socket}")) as api:
        if not api.images(IMAGE):
            api.import_image_from_data(busybox_tar(), repository="contract", tag="1")
    return IMAGE


@pytest.fixture
def engine(machine: MachineFiles) -> Iterator[docker.DockerClient]:
    """The engine through the SDK. Containers that a test made go with it."""
    client = docker.DockerClient(f"unix://{machine.docker_socket}")
    before = {container.id for container in client.containers.list(all=True)}
    yield client
    for container in client.containers.list(all=True):
        if container.id not in before:
            container.remove(force=True)
    client.close()


@pytest.fixture
def events(machine: MachineFiles) -> Iterator[EventLog]:
    """What happens from now on."""
    log = EventLog(str(machine.docker_socket))
    yield log
    log.close()
