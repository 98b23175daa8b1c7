"""The old kind of tray: a window of the app inside a panel, here `trayer`, driven by mouse and keys."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .accessible import Accessible, Node
from .screen import Screen
from .tray import ICON_TIMEOUT_S, MenuEntry

_LARGEST_ICON_PX = 40
_PAUSE_S = 0.2
_MENU_TIMEOUT_S = 10.0
_ENTRIES = ("menu item", "check menu item", "radio menu item", "menu")


class XEmbedTray:
    """Finds the icon's window by its class and its size."""

    def __init__(self, screen: Screen, windows: Accessible, window_class: str) -> None:
        self._screen = screen
        self._windows = windows
        self._class = window_class

    def wait_for_icon(self, timeout_s: float = ICON_TIMEOUT_S) -> None:
        deadline = time.monotonic() + timeout_s
        while self._icon() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"no icon of {self._class} in the tray after {timeout_s:.0f} s")
            time.sleep(_PAUSE_S)

    def click(self) -> None:
        self._click(1)

    def menu(self) -> list[MenuEntry]:
        entries = [MenuEntry(node.name, node.is_enabled, "checked" in node.states) for node in self._opened()]
        self._screen.run("xdotool", "key", "Escape")
        return entries

    def choose(self, label: str) -> None:
        found = [node for node in self._opened() if node.name == label]
        if not found:
            raise AssertionError(f"the menu has no {label!r}: {[node.name for node in self._opened()]}")
        x, y = found[0].centre
        self._screen.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.1", "click", "1")

    def tooltip(self) -> str:
        """Rests the mouse on the icon."""
        x, y = self._place()
        self._screen.run("xdotool", "mousemove", "5", "400", "mousemove", str(x), str(y), "sleep", "0.1")
        self._screen.run("xdotool", "mousemove", str(x + 1), str(y))
        return self._windows.wait_for(role="tool tip").name

    def _click(self, button: int) -> None:
        x, y = self._place()
        self._screen.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.1", "click", str(button))

    def _opened(self) -> list[Node]:
        """The entries of the menu, which is opened for it."""
        if not (entries := self._entries()):
            self._click(3)
        deadline = time.monotonic() + _MENU_TIMEOUT_S
        while not (entries := self._entries()):
            if time.monotonic() > deadline:
                raise AssertionError("the menu does not open")
            time.sleep(_PAUSE_S)
        return entries

    def _entries(self) -> list[Node]:
        nodes = self._windows.nodes()
        menus = {node.number for node in nodes if node.role == "popup menu" and "showing" in node.states}
        return [node for node in nodes if node.parent in menus and node.role in _ENTRIES and node.name]

    def _place(self) -> tuple[int, int]:
        place = self._icon()
        if place is None:
            raise AssertionError("the icon is gone from the tray")
        return place

    def _icon(self) -> tuple[int, int] | None:
        """Where its middle is on the screen."""
        try:
            windows = self._screen.run("xdotool", "search", "--onlyvisible", "--classname", f"^{self._class}$").split()
        except AssertionError:  # there is none
            return None
        for window in windows:
            lines = self._screen.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
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


def window_class_of(command: str) -> str:
    """What X calls the windows of a Qt program: the name it was started by."""
    return Path(command).name
