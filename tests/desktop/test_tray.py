"""The tray icon in both kinds of tray, late, and missing."""

from __future__ import annotations

import time

import pytest

from tests.desktop.conftest import Desktop
from tests.helpers.sni_tray import sni_tray
from tests.helpers.xembed_tray import XEmbedTray, xembed_panel

pytestmark = pytest.mark.desktop

WINDOW_CLASS = "moorage"
NO_TRAY_S = 10.0
SEEN_S = 60.0


def close_window(desktop: Desktop) -> None:
    """By the window manager's key, which goes to the window that it has made the active one."""
    deadline = time.monotonic() + SEEN_S
    while not any("active" in node.states for node in desktop.windows.shown(role="frame")):
        assert time.monotonic() < deadline, desktop.windows.outline()
        time.sleep(0.1)
    desktop.key("alt+F4")
    wait_hidden(desktop)


def wait_hidden(desktop: Desktop) -> None:
    deadline = time.monotonic() + SEEN_S
    while desktop.window_is_shown():
        assert time.monotonic() < deadline, desktop.windows.outline()
        time.sleep(0.1)


def test_notifier_item_says_the_state_and_opens_the_window(desktop: Desktop) -> None:
    with sni_tray(desktop.screen) as tray:
        desktop.open("--hidden")
        tray.wait_for_icon()
        assert tray.tooltip().startswith("Moorage: ")
        labels = {entry.label: entry.is_enabled for entry in tray.menu()}
        assert labels["Start"] and not labels["Stop"] and not labels["Restart"] and labels["Quit"]
        assert not desktop.window_is_shown()
        tray.click()
        desktop.windows.wait_for("Overview")
        desktop.shoot("window")


def test_embedded_icon_opens_the_window_and_its_menu(desktop: Desktop) -> None:
    with xembed_panel(desktop.screen):
        desktop.open("--hidden")
        tray = XEmbedTray(desktop.screen, WINDOW_CLASS)
        tray.wait_for_icon()
        tray.click()
        desktop.windows.wait_for("Overview")
        close_window(desktop)
        tray.open_menu()
        desktop.shoot("menu")
        tray.choose(2)  # after Start comes Open window: Stop and Restart are disabled
        desktop.windows.wait_for("Overview")


def test_closing_the_window_hides_it_and_the_app_lives(desktop: Desktop) -> None:
    with sni_tray(desktop.screen) as tray:
        process = desktop.open()
        tray.wait_for_icon()
        desktop.windows.wait_for("Overview")
        close_window(desktop)
        assert process.poll() is None
        tray.click()
        desktop.windows.wait_for("Overview")


def test_without_a_tray_the_window_shows_itself(desktop: Desktop) -> None:
    desktop.open("--hidden")
    desktop.windows.wait_for("Overview", timeout_s=NO_TRAY_S + SEEN_S)
    desktop.shoot("window")


def test_a_tray_that_comes_late_gets_the_icon(desktop: Desktop) -> None:
    desktop.open()
    desktop.windows.wait_for("Overview")
    with sni_tray(desktop.screen) as tray:
        tray.wait_for_icon()
        assert [entry.label for entry in tray.menu()].count("Start") == 1


def test_second_start_raises_the_first_window(desktop: Desktop) -> None:
    with sni_tray(desktop.screen) as tray:
        first = desktop.open("--hidden")
        tray.wait_for_icon()
        assert desktop.command.run("app", timeout_s=SEEN_S).returncode == 0
        desktop.windows.wait_for("Overview")
        assert first.poll() is None


def test_quit_from_the_menu_ends_the_app(desktop: Desktop) -> None:
    with sni_tray(desktop.screen) as tray:
        process = desktop.open("--hidden")
        tray.wait_for_icon()
        tray.choose("Quit")
        assert process.wait(SEEN_S) == 0
