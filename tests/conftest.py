"""What holds for every test: a base folder of its own, and nothing stray logged or left behind."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from desktop.core.paths import Home, private_folder
from tests.helpers import images, leaks, qt_watch
from tests.helpers.log_watch import LogWatch

_TASK_GRACE_S = 30.0

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long an example takes, and how long it is looked for, is no fault on a busy computer.
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)  # xdist's own, which reads the groups, would run before it
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a run of several processes: machines share boots, and nobody waits for another's screen."""
    for item in items:
        for marker in ("vm", "desktop"):
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.xdist_group(marker))
                break


@pytest.fixture(scope="session")
def image_home() -> Home:
    """A base folder with the runtime and the guest image, for `images.lend_images`."""
    return images.image_home()


@pytest.fixture(scope="session", autouse=True)
def nobodys_home() -> Iterator[Path]:
    """Tests never see, and never touch, what the user of this machine has."""
    folder = Path(tempfile.mkdtemp(prefix="moorage-user-"))
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):
            if name.startswith(("XDG_", "DOCKER_", "MOORAGE_")):
                environment.delenv(name)
        environment.setenv("HOME", str(folder))
        environment.setenv("MOORAGE_HOME", str(folder / "moorage"))
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A base folder with a path short enough for sockets, which child processes find too."""
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    monkeypatch.setenv("MOORAGE_HOME", str(folder))
    yield Home(private_folder(folder))
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Set up first and looked at last."""
    windows, before = qt_watch.windows(), leaks.held()
    yield
    left = qt_watch.windows_left_since(windows) + leaks.left_since(before)
    if left:
        pytest.fail("left behind: " + "; ".join(left), pytrace=False)


@pytest.fixture(autouse=True)
def logs(nothing_left: None) -> Iterator[LogWatch]:
    """`logs.expect(pattern)` for a warning that belongs to the test."""
    watch = LogWatch()
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    if faults := watch.faults():
        pytest.fail("; ".join(faults), pytrace=False)


@pytest.fixture(autouse=True)
def no_task_left(request: pytest.FixtureRequest, logs: LogWatch) -> None:
    if isinstance(request.node, pytest.Function) and inspect.iscoroutinefunction(request.node.obj):
        request.getfixturevalue("watched_tasks")


@pytest_asyncio.fixture
async def watched_tasks() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    here = asyncio.current_task()
    left = {task for task in asyncio.all_tasks() - before if task is not here}
    if left:
        _, left = await asyncio.wait(left, timeout=_TASK_GRACE_S)
    if left:
        pytest.fail(f"tasks left behind: {left}", pytrace=False)
