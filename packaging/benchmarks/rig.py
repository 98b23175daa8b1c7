"""What rows measure on: one base folder, one machine that is started when a row wants it, one screen."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path

from desktop.core.paths import Home
from tests.helpers.busybox_image import busybox_tar
from tests.helpers.docker_cli import DockerCli, docker_cli
from tests.helpers.images import image_home, lend_images
from tests.helpers.moorage import Moorage
from tests.helpers.screen import Screen, end, screen
from tests.helpers.xembed_tray import XEmbedTray, xembed_panel


class Rig(contextlib.ExitStack):
    """Closes in reverse what was opened."""

    @cached_property
    def folder(self) -> Path:
        """Short, since sockets lie in it."""
        folder = Path(tempfile.mkdtemp(prefix="mb-", dir="/tmp"))
        self.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "user").mkdir()
        return folder

    @cached_property
    def moorage(self) -> Moorage:
        """The command, with the images there and the machine off."""
        home = Home(self.folder / "home")
        lend_images(image_home(), home)
        command = Moorage(home, self.screen.environment)
        self.callback(command.run, "kill", check=False)
        return command

    @cached_property
    def running(self) -> Moorage:
        """The command, with the machine on and the image `busybox` in it."""
        self.start()
        self.docker.run("import", "-", "busybox", socket=self.moorage.files.docker_socket, stdin=busybox_tar())
        return self.moorage

    @cached_property
    def hidden_app(self) -> subprocess.Popen[bytes]:
        """The app in the tray, for the machine that runs. Without a tray its window would come up by itself."""
        self.enter_context(xembed_panel(self.screen))
        process = self.running.open("app", "--hidden")
        self.callback(end, process)
        XEmbedTray(self.screen, "moorage").wait_for_icon()
        return process

    @cached_property
    def docker(self) -> DockerCli:
        return docker_cli(self.folder / "docker")

    @cached_property
    def screen(self) -> Screen:
        return self.enter_context(screen(self.folder / "user"))

    def start(self) -> float:
        """How long it took until the machine ran; nothing where it ran already."""
        begun = time.monotonic()
        self.moorage.run("start")
        return time.monotonic() - begun

    def stop(self) -> float:
        begun = time.monotonic()
        self.moorage.run("stop")
        return time.monotonic() - begun

    def say(self, text: str) -> None:
        """What belongs to a row and has no place in the table."""
        print(f"  {text}", file=sys.stderr, flush=True)
