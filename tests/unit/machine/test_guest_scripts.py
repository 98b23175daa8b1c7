"""What the guest's scripts decide, run on this host's shell."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from desktop.core.paths import resources
from tests.helpers.e2fsck import e2fsck

SCRIPTS = resources() / "guest/root/usr/lib/moorage"


def data_disk(disk: Path, *requests: str) -> Path:
    """A file system as the guest makes it, and then changed by debugfs."""
    tools = Path(e2fsck()).parent
    subprocess.run([tools / "mke2fs", "-q", "-t", "ext4", disk, "64M"], check=True)
    for request in requests:
        subprocess.run([tools / "debugfs", "-w", "-R", request, disk], check=True, capture_output=True)
    return disk


def is_clean(disk: Path) -> bool:
    words = '. "$1"; disk=$2; is_clean'
    return not subprocess.run(["sh", "-c", words, "sh", SCRIPTS / "disk", disk], stderr=subprocess.DEVNULL).returncode


def test_a_disk_that_was_unmounted_in_peace_is_clean(tmp_path: Path) -> None:
    assert is_clean(data_disk(tmp_path / "disk"))


@pytest.mark.parametrize("request_", ["ssv state 0", "ssv state 2", "ssv state 3", "feature needs_recovery"])
def test_a_disk_that_e2fsck_would_do_something_about_is_not(tmp_path: Path, request_: str) -> None:
    assert not is_clean(data_disk(tmp_path / "disk", request_))


@pytest.mark.parametrize("size", [0, 1100, 1 << 20])
def test_nor_is_one_with_nothing_on_it(tmp_path: Path, size: int) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(size))
    assert not is_clean(disk)


@pytest.mark.parametrize(("module", "called"), [("binfmt-464c", False), ("fs-binfmt_misc", True), ("xt_mark", True)])
def test_modprobe_is_called_for_all_but_foreign_programs(tmp_path: Path, module: str, called: bool) -> None:
    real = tmp_path / "modprobe"
    real.write_text('#!/bin/sh\necho "$@"\n')
    real.chmod(0o700)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", SCRIPTS / "modprobe", "-q", "--", module], env={"PATH": path}, capture_output=True, text=True
    )
    assert done.stdout == (f"-q -- {module}\n" if called else "")
    assert (done.returncode == 0) is called
