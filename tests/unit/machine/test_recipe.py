"""The recipe that ships is whole, for every architecture that it names."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop.core.errors import ImageError
from desktop.core.paths import resources
from desktop.machine.image import recipe

FOLDER = resources() / "guest"


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_every_word_of_the_recipe_can_be_filled(architecture: str) -> None:
    plan = recipe.load(architecture=architecture)
    for words in (plan.runtime.packages, plan.runtime.programs, plan.guest.packages, plan.guest.programs):
        assert not [word for word in plan.fill(words) if "{" in word]
    for parts in (plan.runtime, plan.guest):
        assert parts.prefer in parts.suites
        assert set(parts.suites) <= set(plan.suites)


def test_each_architecture_is_a_build_of_its_own() -> None:
    digests = {
        recipe.load(architecture=name).digest(kind) for name in ("amd64", "arm64") for kind in ("runtime", "guest")
    }
    assert len(digests) == 4


def test_a_change_of_any_file_of_the_guest_makes_a_new_build(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "guest")
    before = recipe.load(tmp_path / "guest", "amd64")
    runtime, guest = before.digest("runtime"), before.digest("guest")
    (tmp_path / "guest/root/etc/profile").write_text("# changed\n")
    assert before.digest("guest") != guest
    assert before.digest("runtime") == runtime


@pytest.mark.parametrize("text", ["packages = [", "packages = 1", ""])
def test_a_broken_recipe_names_its_file(tmp_path: Path, text: str) -> None:
    shutil.copytree(FOLDER, tmp_path / "guest")
    (tmp_path / "guest/guest.toml").write_text(text)
    with pytest.raises(ImageError, match=r"guest\.toml"):
        recipe.load(tmp_path / "guest", "amd64")


def test_only_the_engines_suite_may_be_old() -> None:
    suites = recipe.load(architecture="amd64").suites
    assert [name for name, suite in suites.items() if not suite.check_valid_until] == ["engine"]


def test_no_mirror_is_named_in_the_data() -> None:
    for file in recipe.files_below(FOLDER):
        assert not re.search(rb"(https?|ftp)://", file.read_bytes()), file


@pytest.mark.parametrize(
    "script",
    [FOLDER / "initrd/init", *sorted(FOLDER.glob("root/usr/lib/moorage/*"))],
    ids=lambda path: path.name,
)
def test_the_guests_scripts_can_be_parsed(script: Path) -> None:
    checked = subprocess.run(["sh", "-n", script], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_setting_up_brings_every_tool_that_a_build_needs() -> None:
    needs = recipe.load(architecture="amd64").host
    listed = (Path(__file__).parents[3] / "packaging/debian-packages.txt").read_text().split()
    apt_is_there = {"apt"}  # on every host where packages can be installed at all
    assert {*needs.tools.values(), *needs.files.values()} - apt_is_there <= set(listed)
