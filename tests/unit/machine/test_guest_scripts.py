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


def checked(disk: Path, told: str) -> str:
    """What becomes of a disk that is not clean, with what the host says of it on the kernel's command line."""
    script = (SCRIPTS / "disk").read_text().replace("/usr/sbin/mke2fs", str(Path(e2fsck()).with_name("mke2fs")))
    own = 'option() { value=; for word in $command_line; do case $word in "$1="*) value=${word#*=} ;; esac; done; }'
    words = f'{own}\nstep() {{ echo "$1"; }}\n{script}\ndisk=$1 command_line=$2\ncheck_data_disk || echo "$why"'
    words = words.replace("/run/moorage/fsck.log", "/dev/null")
    done = subprocess.run(
        ["sh", "-c", words, "sh", disk, told], capture_output=True, text=True,
        env={"PATH": f"{Path(e2fsck()).parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    return done.stdout.strip()


def test_a_disk_whose_beginning_was_zeroed_is_left_alone(tmp_path: Path) -> None:
    """The containers' files are behind it, and the superblock's copies: e2fsck finds them."""
    disk = data_disk(tmp_path / "disk")
    with disk.open("r+b") as stream:
        stream.write(bytes(1 << 20))
    before = disk.read_bytes()
    said = checked(disk, "quiet moorage.gw=10.0.2.2").splitlines()
    assert said[0] == "check" and said[-1].endswith("it was left alone")
    assert disk.read_bytes() == before


def test_a_disk_that_the_host_says_is_new_gets_a_file_system(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with disk.open("wb") as stream:
        stream.truncate(64 << 20)
    assert checked(disk, "quiet moorage.disk=new") == "" and is_clean(disk)


def test_a_file_system_that_was_not_unmounted_is_checked_and_kept(tmp_path: Path) -> None:
    disk = data_disk(tmp_path / "disk", "mkdir precious", "ssv state 0")
    assert checked(disk, "") == "check"  # which may take long
    listed = subprocess.run([Path(e2fsck()).with_name("debugfs"), "-R", "ls /", disk], capture_output=True, text=True)
    assert "precious" in listed.stdout


def test_the_look_for_a_card_leaves_the_address_that_is_given_to_another() -> None:
    """Beside passt there is another look after that, and the name server had the card's MAC for an address."""
    words = '. "$1"; address=10.0.2.15/24; nic_of 52:54:00:6d:00:03; echo "$address"'
    done = subprocess.run(["sh", "-c", words, "sh", SCRIPTS / "devices"], capture_output=True, text=True)
    assert done.stdout == "10.0.2.15/24\n"


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
