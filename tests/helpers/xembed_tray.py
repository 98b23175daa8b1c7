"""The old kind of tray: a window of the app inside a panel, here `trayer`, driven by mouse and keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from .screen import Screen
from .tray import ICON_TIMEOUT_S

_LARGEST_ICON_PX = 40
_PAUSE_S = 0.2
_MENU_TIMEOUT_S = 60.0


class XEmbedTray:
    """Finds the icon's window by its class and its size. Its menu is no part of the accessible tree."""

    def __init__(self, screen: Screen, window_class: str) -> None:
        self._screen = screen
        self._class = window_class

    def wait_for_icon(self, timeout_s: float = ICON_TIMEOUT_S) -> None:
        deadline = time.monotonic() + timeout_s
        while self._icon() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"no icon of {self._class} in the tray after {timeout_s:.0f} s")
            time.sleep(_PAUSE_S)

    def click(self) -> None:
        self._click(1)

    def open_menu(self) -> None:
        before = len(self._windows())
        self._click(3)
        deadline = time.monotonic() + _MENU_TIMEOUT_S
        while len(self._windows()) <= before:
            if time.monotonic() > deadline:
                raise AssertionError("the menu does not open")
            time.sleep(_PAUSE_S)

    def choose(self, position: int) -> None:
        """Takes an entry of the open menu by keys: the first that is enabled is 1."""
        for _ in range(position):
            self._screen.run("xdotool", "key", "Down", "sleep", "0.1")
        self._screen.run("xdotool", "key", "Return")

    def _click(self, button: int) -> None:
        place = self._icon()
        if place is None:
            raise AssertionError("the icon is gone from the tray")
        x, y = map(str, place)
        self._screen.run("xdotool", "mousemove", x, y, "sleep", "0.1", "click", str(button))

    def _windows(self) -> list[str]:
        try:
            return self._screen.run("xdotool", "search", "--onlyvisible", "--classname", f"^{self._class}$").split()
        except AssertionError:  # there is none
            return []

    def _icon(self) -> tuple[int, int] | None:
        """Where its middle is on the screen."""
        for window in self._windows():
            try:
                lines = self._screen.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
            except AssertionError:  # gone since
                continue
            found = dict(line.split("=", 1) for line in lines)
            width, height = int(found["WIDTH"]), int(found["HEIGHT"])
            if max(width, height) <= _LARGEST_ICON_PX:
                return int(found["X"]) + width // 2, int(found["Y"]) + height // 2
        return None


@contextmanager
def xembed_panel(screen: Screen) -> Iterator[None]:
    """A panel with room for icons at the top right."""
    words = "--edge top --align right --widthtype request --height 24".split()
    with screen.running("trayer", *words):
        yield
