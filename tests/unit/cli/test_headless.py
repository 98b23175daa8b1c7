"""The command and the supervisor on a computer without Qt and without a screen."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from desktop.client.supervisor import SupervisorClient
from desktop.core.paths import Home
from tests.helpers.moorage import Moorage, end_supervisor
from tests.helpers.played_home import make_played_home

ROOT = Path(__file__).resolve().parents[3]
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM")


def test_a_machine_is_started_looked_at_and_ended_without_qt(home: Home, tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6/__init__.py").write_text("raise ImportError('there is no Qt here')\n")
    make_played_home(home)
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    moorage = Moorage(home, {**environment, "PYTHONPATH": f"{tmp_path}:{ROOT}", "HOME": str(tmp_path)})
    assert "there is no Qt here" in moorage.run("app", check=False).stderr
    try:
        moorage.run("start", "-v")
        assert moorage.status()["state"] == "running"
        assert "State         running" in moorage.run("status").stdout
        moorage.run("suspend")
        assert moorage.status()["state"] == "suspended"
    finally:
        asyncio.run(end_supervisor(SupervisorClient(moorage.files)))


def test_the_window_says_that_it_has_no_screen_as_the_other_commands_say_what_they_lack(home: Home) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in SCREENS}
    done = Moorage(home, environment).run("app", check=False)
    assert done.returncode == 1 and done.stderr.startswith("moorage: There is no screen to open a window on"), done
