"""The real app on a real X screen, looked at and driven from outside only."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.paths import Home
from tests.helpers import images
from tests.helpers.accessible import Accessible, accessible
from tests.helpers.moorage import Moorage
from tests.helpers.screen import Screen, end, screen

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = Path(os.environ.get("MOORAGE_ARTEFACTS") or ROOT / ".artefacts") / "screenshots"


class Desktop:
    """One user's session: a screen, a base folder, and the app when it is started."""

    def __init__(self, shown: Screen, command: Moorage, name: str, stack: contextlib.ExitStack) -> None:
        self.screen = shown
        self.command = command
        self._name = name
        self._stack = stack
        self._shots = 0
        self.windows: Accessible

    def open(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts the app; `windows` is what it shows."""
        process = self.command.open("app", *words)
        self._stack.callback(end, process)
        self.windows = self._stack.enter_context(accessible(self.screen, process.pid))
        return process

    def shoot(self, what: str) -> None:
        """A picture for whoever wants to see what the test saw."""
        self._shots += 1
        self.screen.shoot(ARTEFACTS / f"{self._name}-{self._shots}-{what}.png")

    def key(self, *keys: str) -> None:
        self.screen.run("xdotool", "key", "--delay", "60", *keys)

    def type(self, words: str) -> None:
        self.screen.run("xdotool", "type", "--delay", "40", words)

    def window_is_shown(self) -> bool:
        return bool(self.windows.shown("Overview"))


@pytest.fixture
def desktop(home: Home, image_home: Home, request: pytest.FixtureRequest) -> Iterator[Desktop]:
    images.lend_images(image_home, home)
    user = home.base.with_name(f"{home.base.name}-user")
    user.mkdir(mode=0o700)
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, user, ignore_errors=True)
        shown = stack.enter_context(screen(user))
        command = Moorage(home, shown.environment)
        stack.callback(command.run, "kill", check=False)
        found = Desktop(shown, command, name, stack)
        try:
            yield found
        finally:
            found.shoot("at-the-end")
