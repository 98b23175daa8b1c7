"""What a desktop and its other programs do to the window: light and dark, and X11's primary selection."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.desktop.conftest import Desktop
from tests.helpers.accessible import Node
from tests.helpers.screen import end

pytestmark = pytest.mark.desktop

DEADLINE_S = 60.0
PORTAL = "/org/freedesktop/portal/desktop"
CHANGED = "org.freedesktop.portal.Settings.SettingChanged"
DARK, LIGHT, NO_PREFERENCE = 1, 2, 0
OTHER_PROGRAM = """
import sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QClipboard, QGuiApplication
application = QGuiApplication(["other"])
clipboard, primary = application.clipboard(), QClipboard.Mode.Selection
def obey():
    verb, _, words = sys.stdin.readline().rstrip("\\n").partition(" ")
    if verb == "own":
        clipboard.setText(words, primary)
    print(clipboard.text(primary).replace("\\n", "|"), flush=True)
lines = QSocketNotifier(0, QSocketNotifier.Type.Read)
lines.activated.connect(obey)
application.exec()
"""


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def set_desktop(desktop: Desktop, scheme: int) -> None:
    """As GNOME's settings tell every program, through the portal."""
    desktop.screen.run(
        "gdbus", "emit", "--session", "--object-path", PORTAL, "--signal", CHANGED,
        "'org.freedesktop.appearance'", "'color-scheme'", f"<uint32 {scheme}>",
    )  # fmt: skip


def is_dark(desktop: Desktop, at: Node) -> bool:
    """The corner of what is there on the screen."""
    x, y, _, _ = at.box
    told = desktop.screen.run(
        "import", "-window", "root", "-crop", f"1x1+{x + 3}+{y + 3}", "-colorspace", "gray", "-depth", "8", "txt:-"
    )
    return int(told.splitlines()[-1].partition("(")[2].partition(",")[0].rstrip(")").partition(")")[0]) < 128


def test_the_window_follows_the_desktop_between_light_and_dark(desktop: Desktop) -> None:
    desktop.command.environment["XDG_CURRENT_DESKTOP"] = "GNOME"
    desktop.open("--fake")
    page = desktop.windows.wait_for("Overview", "filler")
    assert not is_dark(desktop, page)
    for scheme, dark in ((DARK, True), (LIGHT, False), (DARK, True), (NO_PREFERENCE, False)):
        set_desktop(desktop, scheme)
        until(lambda dark=dark: is_dark(desktop, page) == dark, f"dark is {dark}")  # type: ignore[misc]
        desktop.shoot("dark" if dark else "light")


@contextmanager
def other_program(desktop: Desktop) -> Iterator[Callable[[str], str]]:
    """Another client of the X server: `own WORDS` makes it the owner of PRIMARY, `read` asks whoever is."""
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROGRAM], env=desktop.screen.environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        talk_in, talk_out = process.stdin, process.stdout

        def ask(words: str) -> str:
            talk_in.write(words + "\n")
            talk_in.flush()
            return talk_out.readline().rstrip("\n")

        try:
            yield ask
        finally:
            end(process)


def test_the_primary_selection_goes_both_ways_with_the_middle_button(desktop: Desktop) -> None:
    desktop.open("--fake", "--scenario", "running")
    desktop.windows.wait_for(holding="Running", timeout_s=60)
    desktop.key("ctrl+6")
    terminal = desktop.windows.wait_for("Console", "text")
    x, y, _, height = terminal.box
    desktop.screen.run("xdotool", "mousemove", str(x + 40), str(y + height // 2), "click", "1")
    desktop.type("clear\n")
    with other_program(desktop) as ask:
        ask("own echo from-$((40+2))-another")
        desktop.screen.run("xdotool", "mousemove", str(x + 40), str(y + height // 2), "click", "2")
        desktop.windows.wait_for("Console", "text", holding="from-$((40+2))-another")
        desktop.shoot("pasted")
        # Three clicks take a line, which is primary for every other program then.
        desktop.key("ctrl+c")
        lines = desktop.windows.wait_for("Console", "text", holding="another").text.splitlines()
        row = next(number for number, line in enumerate(lines) if "another" in line)
        desktop.screen.run(
            "xdotool", "mousemove", str(x + 40), str(y + 8 + 16 * row), "click", "--repeat", "3", "--delay", "50", "1"
        )
        until(lambda: "from-$((40+2))-another" in ask("read"), "the line is not primary")
        desktop.shoot("selected")
