"""packaging/run: what opens the window or starts the machine sees to the images first, all else does not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SET_UP = "set_up_to_run() { :; }; put_in_menu() { :; }; say() { :; }\n"


@pytest.mark.parametrize(
    ("words", "builds"),
    [
        ("", True), ("app --hidden", True), ("--hidden", True), ("start", True),
        ("--help", False), ("--version", False), ("status", False), ("guest build", False),
    ],
)  # fmt: skip
def test_images_are_built_before_they_are_needed(tmp_path: Path, words: str, builds: bool) -> None:
    for folder in ("packaging", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "packaging" / "run", tmp_path / "packaging" / "run")
    (tmp_path / "packaging" / "set_up.sh").write_text(SET_UP)
    command = tmp_path / ".venv" / "bin" / "moorage"
    command.write_text('#!/bin/sh\necho "moorage $*" >>"$0.calls"\n')
    command.chmod(0o700)
    subprocess.run([tmp_path / "packaging" / "run", *words.split()], check=True)
    called = command.with_name("moorage.calls").read_text().splitlines()
    assert called == ["moorage guest build"] * builds + [f"moorage {words}"]


def test_without_a_home_there_is_no_menu_to_stand_in() -> None:
    """As a job of cron's or a service runs it; the script takes an unknown variable for a fault."""
    words = ["env", "-u", "HOME", "-u", "XDG_DATA_HOME", "sh", "-euc", ". packaging/set_up.sh; put_in_menu"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
