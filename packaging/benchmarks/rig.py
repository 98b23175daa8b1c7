"""What rows measure on: one base folder, one machine that is started when a row wants it, one screen."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path

import psutil

from desktop.client.supervisor import SupervisorClient
from desktop.core.paths import Home
from desktop.machine.process import is_locked
from desktop.views.side_bar import PAGES
from tests.helpers.busybox_image import busybox_tar
from tests.helpers.docker_cli import DockerCli, docker_cli
from tests.helpers.images import image_home, lend_images
from tests.helpers.moorage import Moorage, end_supervisor
from tests.helpers.screen import Screen, end, screen
from tests.helpers.xembed_tray import XEmbedTray, xembed_panel

COMES_UP_S = 0.1
LOOK_S = 2.0
"""How long somebody looks at a page."""


WIDEST_ICON_PX = 100  # the tray's has the app's class too


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
        self.callback(_end_machine, command)
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

    def end_hidden_app(self) -> None:
        """Where it was begun: a window of this machine that is opened beside it would only bring its own forward."""
        if "hidden_app" in self.__dict__:
            end(self.hidden_app)

    def use_window(self) -> None:
        """Opens the hidden app's window, looks at each of its pages, and closes it."""
        self.running.run("app")  # a second one shows the first one's window
        time.sleep(LOOK_S)
        for number in range(len(PAGES)):
            self.screen.run("xdotool", "key", f"ctrl+{number + 1}")
            time.sleep(LOOK_S)
        self.screen.run("xdotool", "key", "ctrl+1")
        time.sleep(LOOK_S)
        self._close_window()

    def _close_window(self) -> None:
        """By the window manager's key."""
        self.screen.run("xdotool", "key", "alt+F4")
        time.sleep(LOOK_S)
        for window in self.screen.run("xdotool", "search", "--class", "moorage").split():
            known = self.screen.run("xwininfo", "-id", window)
            width = int(known.split("Width:")[1].split()[0])
            if "IsViewable" in known and width > WIDEST_ICON_PX:
                raise RuntimeError("the window was not closed")

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


def _end_machine(command: Moorage) -> None:
    """With its supervisor, if there is one: it may be coming up still, for a command that was broken off."""
    while _has_supervisor(str(command.files.home.base)):
        if is_locked(command.files.supervisor_lock):
            asyncio.run(end_supervisor(SupervisorClient(command.files)))
        time.sleep(COMES_UP_S)


def _has_supervisor(home: str) -> bool:
    listed = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    return any("desktop.supervisor" in words and home in words for words in listed)
