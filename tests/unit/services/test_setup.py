"""What a machine is started from: versions come, and old ones go."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from desktop.core.paths import Home
from desktop.machine.image import archive, recipe
from desktop.machine.process import take_lock
from desktop.machine.record import VmRecord, write
from desktop.services.setup import Setup
from tests.helpers.builds import make_build
from tests.helpers.played_home import make_played_home


async def imported(home: Home, folder: Path, month: int) -> Path | None:
    guest = make_build(
        folder / f"v{month}", built_at=f"2026-0{month}-01T00:00:00+00:00", architecture=recipe.load().architecture_name
    )
    await archive.export_archive(folder / "guest.tar", [guest], lambda share: None)
    return (await Setup(home).take_in(folder / "guest.tar", lambda step, share: None)).guest


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_is_built_anew_again_and_again_does_not_fill_the_disk(
    home: Home, tmp_path: Path, is_known: bool
) -> None:
    """What the machine runs from stays, and where nobody can tell what that is, so does all."""
    files = make_played_home(home)
    shutil.rmtree(home.guest / "played")
    for month in range(2, 4):
        await imported(home, tmp_path, month)
    if is_known:
        write(files.vm_record, VmRecord(uuid="u", guest=str(home.guest / "v2")))
    lock = take_lock(files.vm_lock)
    assert lock is not None
    with open(lock, "rb"):
        for month in range(4, 7):
            assert await imported(home, tmp_path, month) == home.guest / f"v{month}"
    versions = sorted(entry.name for entry in home.guest.glob("v*"))
    assert versions == (["v2", "v5", "v6"] if is_known else [f"v{month}" for month in range(2, 7)])
