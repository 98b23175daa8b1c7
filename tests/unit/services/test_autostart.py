"""The entry that makes Moorage begin with the session: valid, and it starts what it says."""

from __future__ import annotations

import plistlib
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.core.settings import AtLogin
from desktop.services.autostart import Autostart, autostart


def problems(entry: Path) -> str:
    program = shutil.which("desktop-file-validate")
    assert program is not None
    return subprocess.run([program, entry], capture_output=True, text=True).stdout


@pytest.mark.parametrize("wished", [AtLogin.TRAY, AtLogin.WINDOW])
def test_entry_is_valid_and_read_back(tmp_path: Path, wished: AtLogin) -> None:
    made = autostart({"HOME": str(tmp_path)}, "linux")
    assert made.look() is AtLogin.NOTHING
    made.set(wished)
    assert made.file == tmp_path / ".config/autostart/moorage.desktop"
    assert (made.look(), problems(made.file)) == (wished, "")
    assert not stat.S_IMODE(made.file.stat().st_mode) & 0o022
    made.set(AtLogin.NOTHING)
    assert made.look() is AtLogin.NOTHING and not made.file.exists()


def test_any_path_is_started_as_it_is(tmp_path: Path) -> None:
    """By GLib, as desktops start it. It does not find a program with % in its name, however that is written."""
    program = tmp_path / 'a "b" $HOME `c` \\d ü'
    program.write_text(f'#!/bin/sh\necho "$@" >"{tmp_path}/said"\n')
    program.chmod(0o755)
    made = Autostart(tmp_path / "entry.desktop", (str(program), "app"))
    made.set(AtLogin.TRAY)
    assert problems(made.file) == ""
    launch = shutil.which("gio")
    assert launch is not None
    subprocess.run([launch, "launch", made.file], check=True, timeout=60)
    deadline = time.monotonic() + 60  # gio does not wait for it
    while not (tmp_path / "said").exists() or not (tmp_path / "said").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (tmp_path / "said").read_text() == "app --hidden\n"


def test_what_the_user_switched_off_elsewhere_is_off(tmp_path: Path) -> None:
    made = Autostart(tmp_path / "entry.desktop", ("moorage", "app"))
    made.set(AtLogin.TRAY)
    made.file.write_text(made.file.read_text() + "Hidden=true\n")
    assert made.look() is AtLogin.NOTHING


def test_launch_agent_on_macos(tmp_path: Path) -> None:
    made = autostart({"HOME": str(tmp_path)}, "darwin")
    made.set(AtLogin.TRAY)
    agent = plistlib.loads(made.file.read_bytes())
    assert made.file.parent == tmp_path / "Library/LaunchAgents"
    assert agent["ProgramArguments"][1:] == ["app", "--hidden"] and agent["RunAtLoad"] is True
    assert made.look() is AtLogin.TRAY


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be written"):
        Autostart(tmp_path / "file" / "entry.desktop", ("moorage",)).set(AtLogin.TRAY)


def test_what_gnome_has_switched_off_is_off(tmp_path: Path) -> None:
    made = Autostart(tmp_path / "entry.desktop", ("moorage", "app"))
    made.set(AtLogin.WINDOW)
    made.file.write_text(made.file.read_text().replace("enabled=true", "enabled=false"))
    assert made.look() is AtLogin.NOTHING
