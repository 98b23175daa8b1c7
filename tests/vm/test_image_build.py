"""Builds the runtime and the guest from the host's own mirror."""

from __future__ import annotations

import asyncio
import subprocess
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine import runtime
from desktop.machine.image import manifest, recipe
from desktop.machine.image.build import Request, Step, build_guest, build_runtime
from tests.helpers.guest import DEADLINE_S

pytestmark = pytest.mark.vm

NO_MIRROR = "http://127.0.0.1:1/debian"


@pytest.mark.long
async def test_the_runtime_that_was_built_runs(tmp_path: Path) -> None:
    shares: list[float] = []
    plan = recipe.load()
    folder = await build_runtime(tmp_path / "runtime", Request(plan), lambda step, share: shares.append(share))
    assert shares == sorted(shares)
    own = runtime.own(folder)
    for helper, words in {"qemu": own.argv, **own.helpers}.items():
        said = await asyncio.to_thread(subprocess.run, [*words, "--version"], capture_output=True, check=True)
        assert said.stdout + said.stderr, helper
    assert not [path for path in sorted(folder.rglob("*")) if path.stat().st_mode & 0o077 or path.is_symlink()]


@pytest.mark.long
async def test_a_guest_is_built_once_and_again_when_it_is_damaged(tmp_path: Path) -> None:
    plan = recipe.load()
    folder = await build_guest(tmp_path / "guest", Request(plan), lambda step, share: None)
    record = await manifest.verify(folder)
    assert {"docker.io", "containerd", "runc", "busybox-static"} <= {package.name for package in record.packages}
    assert {package.suite for package in record.packages} <= {suite.name for suite in plan.suites.values()}
    for suite in record.suites:  # a date is let pass only where it has passed
        assert suite.valid_until_checked or parsedate_to_datetime(suite.valid_until) < datetime.now(UTC)
    offline = Request(plan, mirror=NO_MIRROR)
    assert await build_guest(tmp_path / "guest", offline, lambda step, share: None) == folder
    (folder / "kernel").write_bytes(b"damaged")
    with pytest.raises(ImageError, match="No Debian mirror"):
        await build_guest(tmp_path / "guest", offline, lambda step, share: None)


async def test_a_cancelled_build_leaves_nothing_and_nothing_running(tmp_path: Path) -> None:
    fetching = asyncio.Event()

    def see(step: Step, share: float) -> None:
        if step is Step.FETCH:
            fetching.set()

    build = asyncio.create_task(build_guest(tmp_path / "guest", Request(recipe.load()), see))
    await asyncio.wait_for(fetching.wait(), DEADLINE_S)
    assert await asyncio.to_thread(processes_about, tmp_path)
    build.cancel()
    with pytest.raises(asyncio.CancelledError):
        await build
    assert [entry.name for entry in sorted((tmp_path / "guest").iterdir())] == [".lock"]
    assert not await asyncio.to_thread(processes_about, tmp_path)


def processes_about(folder: Path) -> list[str]:
    """Command lines that name `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_text(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found
