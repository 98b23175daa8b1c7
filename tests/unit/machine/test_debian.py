"""What was fetched is accounted for: version, suite and checksum of each package, date of each suite."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.machine.image.debian import Order, account, fetch, watch
from desktop.machine.image.mirror import AptSource

LISTS = "var/lib/apt/lists/mirror.example_debian_dists"
NEWER = "Package: tool\nVersion: 1:2.0-1\nFilename: pool/tool_2.0-1_all.deb\nSHA256: aa\n\n"
OLDER = "Package: tool\nSource: tools\nVersion: 1:1.0-1\nSHA256: bb\n\nPackage: other\nVersion: 1\nSHA256: cc\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What mmdebstrap leaves: a real .deb, and the lists of two suites."""
    package = tmp_path / "package"
    (package / "usr/bin").mkdir(parents=True)
    (package / "usr/bin/tool").write_text("tool")
    (package / "DEBIAN").mkdir()
    (package / "DEBIAN/control").write_text(
        "Package: tool\nVersion: 1:2.0-1\nArchitecture: all\nMaintainer: m <m@example.org>\nDescription: d\n"
    )
    (package / "DEBIAN/md5sums").write_text("1bbb4d3cfee28a4e1f9f4b3c5d0ba1a4  usr/bin/tool\n")
    tree = tmp_path / "tree"
    (tree / "var/cache/apt/archives").mkdir(parents=True)
    (tree / "var/lib/apt/lists").mkdir(parents=True)
    archive = tree / "var/cache/apt/archives/tool_1%3a2.0-1_all.deb"
    subprocess.run(["dpkg-deb", "--build", "--root-owner-group", package, archive], check=True, capture_output=True)
    for suite, packages in {"stable": OLDER, "testing": NEWER}.items():
        Path(tree, f"{LISTS}_{suite}_main_binary-all_Packages").write_text(packages)
        Path(tree, f"{LISTS}_{suite}_InRelease").write_text(f"Suite: {suite}\nDate: today\nValid-Until: tomorrow\n")
    return tree


def order() -> Order:
    sources = [
        AptSource("http://m", "stable", "k"),
        AptSource("http://m", "testing", "k", check_valid_until=False),
    ]
    return Order(sources, "stable", ["tool"], "amd64", [], 1)


def test_each_package_is_found_in_the_suite_it_came_from(tree: Path) -> None:
    fetched = account(tree, order())
    assert [(package.name, package.version, package.suite, package.sha256) for package in fetched.packages] == [
        ("tool", "1:2.0-1", "testing", "aa")
    ]
    assert fetched.upstream_version("tool") == "2.0"
    assert fetched.owners({Path("usr/bin/tool"), Path("etc/tool.conf")}) == {"tool"}


def test_the_manifest_tells_which_dates_were_let_pass(tree: Path) -> None:
    assert [(suite.name, suite.valid_until_checked) for suite in account(tree, order()).suites] == [
        ("stable", True),
        ("testing", False),
    ]


def test_a_package_from_nowhere_is_an_error(tree: Path) -> None:
    Path(tree, f"{LISTS}_testing_main_binary-all_Packages").write_text("")
    with pytest.raises(ImageError, match="tool"):
        account(tree, order())


async def test_a_newer_mmdebstrap_builds_for_root_too(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of Debian 13 refuses root this mode, outside of a chroot; here for whoever runs the tests."""
    played = tmp_path / "bin" / "mmdebstrap"
    played.parent.mkdir()
    played.write_text('#!/bin/sh\ncase "$*" in *--skip=*check/chrootless*) ;; *) echo "E: as root"; exit 1 ;; esac\n')
    played.chmod(0o755)
    monkeypatch.setenv("PATH", f"{played.parent}:{os.defpath}")
    fetched = await fetch(order(), tree.parent, lambda share: None)
    assert [package.name for package in fetched.packages] == ["tool"]


async def test_progress_never_goes_back_where_a_list_is_unpacked_and_dropped(tmp_path: Path) -> None:
    lists = tmp_path / "var/lib/apt/lists"
    lists.mkdir(parents=True)
    packed = lists / "Packages.xz"
    packed.write_bytes(bytes(500))
    said: list[float] = []
    watching = asyncio.create_task(watch(tmp_path, 1000, said.append))
    while not said:
        await asyncio.sleep(0.01)
    packed.unlink()
    while len(said) < 2:
        await asyncio.sleep(0.01)
    watching.cancel()
    assert said == [0.5, 0.5]
