"""From an icon in the tray to a container in the pane, as a new user goes: a real VM, from outside only."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desktop.conftest import Desktop
from tests.helpers.busybox_image import busybox_tar
from tests.helpers.docker_cli import docker_cli
from tests.helpers.sni_tray import sni_tray
from tests.helpers.xembed_tray import XEmbedTray, xembed_panel

pytestmark = [pytest.mark.desktop, pytest.mark.vm]

BOOT_S = 120.0
STOP_S = 60.0
SEEN_S = 15.0


def until(holds: Callable[[], bool], what: str, timeout_s: float = SEEN_S) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not within {timeout_s:.0f} s"
        time.sleep(0.1)


def start_from_window(desktop: Desktop) -> None:
    desktop.windows.wait_for("Overview")
    desktop.shoot("stopped")
    desktop.windows.press("Start")
    desktop.windows.press("Console", role="")
    desktop.windows.wait_for(holding="Running", timeout_s=BOOT_S)
    desktop.shoot("booted")


def list_files_in_console(desktop: Desktop) -> None:
    """Clicks into the terminal first, as one does."""
    until(lambda: len(desktop.windows.shown("Console")) > 2, "the terminal")
    x, y = max(desktop.windows.shown("Console"), key=lambda node: node.box[2] * node.box[3]).centre
    desktop.screen.run("xdotool", "mousemove", str(x), str(y), "click", "1")
    log = desktop.command.files.console_log
    desktop.type("ls / && echo listed-$((40 + 2))\n")
    until(lambda: "listed-42" in log.read_text(errors="replace"), "the output of ls")
    assert "sys" in log.read_text(errors="replace")
    desktop.shoot("ls")


def run_a_container(desktop: Desktop, config: Path) -> None:
    docker = docker_cli(config)
    socket = desktop.command.files.docker_socket
    docker.run("import", "-", "busybox", socket=socket, stdin=busybox_tar())
    desktop.windows.press("Containers", role="")
    docker.run("run", "-d", "--name", "seen-in-the-pane", "busybox", "sleep", "600", socket=socket)
    until(lambda: any("seen-in-the-pane" in row for row in desktop.windows.rows("Containers")), "the row")
    desktop.shoot("container")
    desktop.windows.press("Images", role="")
    until(lambda: any("busybox:latest" in row for row in desktop.windows.rows("Images")), "the image")
    desktop.shoot("image")


def suspend_and_resume(desktop: Desktop) -> None:
    desktop.windows.press("Suspend")
    desktop.windows.wait_for(holding="Suspended", timeout_s=STOP_S)
    assert desktop.command.status()["hypervisor"]["pid"] is None
    desktop.shoot("suspended")
    desktop.windows.press("Resume")
    desktop.windows.wait_for(holding="Running", timeout_s=STOP_S)


def stop_from_window(desktop: Desktop) -> None:
    desktop.windows.press("Stop")
    desktop.windows.wait_for(holding="Stopped", timeout_s=STOP_S)
    assert desktop.command.status()["state"] == "stopped"
    desktop.shoot("stopped-again")


def test_new_user_with_a_notifier_tray(desktop: Desktop, tmp_path: Path) -> None:
    with sni_tray(desktop.screen) as tray:
        desktop.open("--hidden")
        tray.wait_for_icon()
        tray.click()
        start_from_window(desktop)
        list_files_in_console(desktop)
        run_a_container(desktop, tmp_path / "docker")
        assert "seen-in-the-pane" in [entry.label for entry in tray.menu()]
        suspend_and_resume(desktop)
        assert tray.tooltip().startswith("Moorage: Running")
        stop_from_window(desktop)
        assert tray.tooltip() == "Moorage: Stopped"


def test_window_closed_and_app_killed_leave_the_machine_running(desktop: Desktop) -> None:
    with xembed_panel(desktop.screen):
        app = desktop.open("--hidden")
        tray = XEmbedTray(desktop.screen, "moorage")
        tray.wait_for_icon()
        tray.open_menu()
        tray.choose(1)
        tray.click()
        desktop.windows.wait_for(holding="Running", timeout_s=BOOT_S)
        app.kill()
        app.wait()
        assert desktop.command.status()["state"] == "running"
        desktop.open()
        desktop.windows.wait_for(holding="Running")
        desktop.windows.press("Console", role="")
        list_files_in_console(desktop)
        stop_from_window(desktop)
