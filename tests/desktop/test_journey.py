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

BOOT_S = 300.0
STOP_S = 120.0
SEEN_S = 60.0


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


def picture(desktop: Desktop) -> list[str]:
    """The lines of the terminal as they are on the screen, by what a screen reader gets of them."""
    return desktop.windows.wait_for("Console", "text", timeout_s=SEEN_S).text.splitlines()


def look_around_in_console(desktop: Desktop) -> None:
    """What runs in the guest, and programs that take the whole screen and give it back."""
    desktop.type("clear; ps | grep -E 'dockerd|containerd'; echo ps-$((40 + 2))\n")
    until(lambda: "ps-42" in picture(desktop), "the output of ps")
    shown = "\n".join(picture(desktop))
    assert "dockerd" in shown and "containerd" in shown, shown
    desktop.type("clear; top\n")
    until(lambda: any(line.startswith("Mem:") for line in picture(desktop)), "top")
    assert any("PID" in line and "COMMAND" in line for line in picture(desktop)), picture(desktop)
    desktop.shoot("top")
    desktop.type("q")
    answers_a_word(desktop, "after-top")
    desktop.type("clear; vi /etc/profile\n")
    until(lambda: any("/etc/profile" in line and "%" in line for line in picture(desktop)), "vi")
    desktop.shoot("vi")
    desktop.type("oTYPED")
    desktop.key("Escape")
    until(lambda: "TYPED" in picture(desktop), "what was typed in vi")
    desktop.type(":q!\n")
    answers_a_word(desktop, "after-vi")
    desktop.shoot("after-vi")


def answers_a_word(desktop: Desktop, word: str) -> None:
    """The shell has the screen again, whole: after `clear` nothing but its answer and its prompt is there."""
    desktop.type(f"clear; echo {word}-$((40 + 2))\n")
    until(lambda: picture(desktop)[:1] == [f"{word}-42"] and len(picture(desktop)) == 2, f"the shell {word}")
    assert picture(desktop)[1].endswith("#"), picture(desktop)


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


def suspend_and_resume(desktop: Desktop, resume: Callable[[], None]) -> None:
    desktop.windows.press("Suspend")
    desktop.windows.wait_for(holding="Suspended", timeout_s=STOP_S)
    assert desktop.command.status()["hypervisor"]["pid"] is None
    desktop.shoot("suspended")
    resume()
    desktop.windows.wait_for(holding="Running", timeout_s=STOP_S)


def stop_from_window(desktop: Desktop) -> None:
    desktop.windows.press("Stop")
    desktop.windows.wait_for(holding="Stopped", timeout_s=STOP_S)
    assert desktop.command.status()["state"] == "stopped"
    desktop.shoot("stopped-again")


@pytest.mark.long
def test_new_user_with_a_notifier_tray(desktop: Desktop, tmp_path: Path) -> None:
    with sni_tray(desktop.screen) as tray:
        desktop.open("--hidden")
        tray.wait_for_icon()
        tray.click()
        start_from_window(desktop)
        list_files_in_console(desktop)
        look_around_in_console(desktop)
        run_a_container(desktop, tmp_path / "docker")
        assert "seen-in-the-pane" in [entry.label for entry in tray.menu()]
        suspend_and_resume(desktop, lambda: tray.choose("Resume"))
        assert tray.tooltip().startswith("Moorage: Running")
        stop_from_window(desktop)
        assert tray.tooltip() == "Moorage: Stopped"


def test_new_user_with_an_embedded_tray_and_an_app_that_is_killed(desktop: Desktop) -> None:
    """The machine does not mind, and the tray's menu stops it."""
    with xembed_panel(desktop.screen):
        app = desktop.open("--hidden")
        tray = XEmbedTray(desktop.screen, "moorage")
        tray.wait_for_icon()
        tray.click()
        start_from_window(desktop)
        app.kill()
        app.wait()
        assert desktop.command.status()["state"] == "running"
        desktop.open()
        desktop.windows.wait_for(holding="Running")
        desktop.windows.press("Console", role="")
        list_files_in_console(desktop)
        tray.wait_for_icon()
        tray.open_menu()
        desktop.shoot("menu")
        tray.choose(2)  # after Suspend: Start is disabled
        desktop.windows.wait_for(holding="Stopped", timeout_s=STOP_S)
        assert desktop.command.status()["state"] == "stopped"
