"""Versions appear whole or not at all."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from desktop.machine.image import versions
from tests.helpers.builds import make_build

HALF_A_BUILD = """
import asyncio, sys
from pathlib import Path
from desktop.machine.image import versions

async def build():
    async with versions.build_folder(Path(sys.argv[1])) as work:
        (work / "root.erofs").write_bytes(b"half")
        print("half", flush=True)
        await asyncio.sleep(600)

asyncio.run(build())
"""


def killed_build(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HALF_A_BUILD, folder], stdout=subprocess.PIPE) as builder:
        assert builder.stdout and builder.stdout.readline() == b"half\n"
        builder.send_signal(signal.SIGKILL)


async def test_a_killed_build_leaves_the_old_one_whole_and_is_swept_up_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "guest"
    old = make_build(folder / "old")
    killed_build(folder)
    assert list(folder.glob(".work-*/root.erofs"))
    assert versions.newest(folder) == old
    async with versions.build_folder(folder) as work:
        assert list(folder.glob(".work-*")) == [work]
    assert sorted(entry.name for entry in folder.iterdir()) == [".lock", "old"]


async def test_a_cancelled_build_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def build() -> None:
        async with versions.build_folder(tmp_path / "guest") as work:
            (work / "half").write_text("half")
            begun.set()
            await asyncio.sleep(600)

    task = asyncio.create_task(build())
    await begun.wait()
    task.cancel()
    await asyncio.wait({task})
    assert [entry.name for entry in (tmp_path / "guest").iterdir()] == [".lock"]


async def test_builds_wait_for_each_other(tmp_path: Path) -> None:
    inside = 0
    most = 0

    async def build() -> None:
        nonlocal inside, most
        async with versions.build_folder(tmp_path / "guest"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.05)
            inside -= 1

    await asyncio.gather(*(build() for _ in range(3)))
    assert most == 1


def test_the_newest_of_the_wanted_kind_is_found(tmp_path: Path) -> None:
    make_build(tmp_path / "a", built_at="2026-01-02T00:00:00+00:00", recipe="old")
    newest = make_build(tmp_path / "b", built_at="2026-01-03T00:00:00+00:00")
    make_build(tmp_path / "c", built_at="2026-01-04T00:00:00+00:00", architecture="arm64")
    (tmp_path / "half").mkdir()
    assert versions.newest(tmp_path, "amd64") == newest
    assert versions.newest(tmp_path, "amd64", "old") == tmp_path / "a"
    assert versions.newest(tmp_path, "riscv64") is None
    assert versions.newest(tmp_path / "missing") is None


def test_a_damaged_version_is_replaced_and_a_whole_one_stays(tmp_path: Path) -> None:
    folder = tmp_path / "guest"
    there = make_build(folder / "1", files={"kernel": b"first"})
    assert versions.publish(make_build(tmp_path / "new", files={"kernel": b"second"}), folder, "1") == there
    assert (there / "kernel").read_bytes() == b"first"
    (there / "kernel").write_bytes(b"fIrst")
    versions.publish(tmp_path / "new", folder, "1")
    assert (there / "kernel").read_bytes() == b"second"
    assert [entry.name for entry in folder.iterdir()] == ["1"]


def test_what_is_published_is_private(tmp_path: Path) -> None:
    os.chmod(make_build(tmp_path / "new", files={"bin/qemu": b"\x7fELF", "share/bios": b"b"}) / "bin", 0o777)
    (tmp_path / "runtime").mkdir(mode=0o700)
    built = versions.publish(tmp_path / "new", tmp_path / "runtime", "1")
    assert not [path for path in [built, *built.rglob("*")] if path.stat().st_mode & 0o077]
    assert os.access(built / "bin/qemu", os.X_OK)


def test_a_build_is_the_newest_also_where_the_clock_was_ahead_before(tmp_path: Path) -> None:
    make_build(tmp_path / "old", built_at="2099-01-01T00:00:00+00:00")
    new = make_build(tmp_path / "new", built_at=versions.built_now(tmp_path))
    assert versions.newest(tmp_path) == new
    odd = make_build(tmp_path / "odd", built_at="yesterday")
    assert versions.newest(tmp_path) == odd and versions.built_now(tmp_path) < "2099"


def test_old_versions_go_but_what_is_needed(tmp_path: Path) -> None:
    found = [make_build(tmp_path / f"v{month}", built_at=f"2026-0{month}-01T00:00:00+00:00") for month in range(1, 6)]
    (tmp_path / ".work-1").mkdir()
    versions.remove_old(tmp_path, {found[1]})
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [".work-1", "v2", "v4", "v5"]
