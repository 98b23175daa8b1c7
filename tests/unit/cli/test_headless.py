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


def test_a_machine_is_started_looked_at_and_ended_without_qt(home: Home, tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6/__init__.py").write_text("raise ImportError('there is no Qt here')\n")
    make_played_home(home)
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in screens}
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
