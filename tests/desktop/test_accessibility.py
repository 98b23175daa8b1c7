"""Every page and every dialog as assistive technology meets it: what can have the focus has a name and a role."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.desktop.conftest import Desktop

pytestmark = pytest.mark.desktop

PAGES = ("Overview", "Containers", "Images", "Volumes", "Networks", "Console", "Tasks", "Settings")
NO_ROLE = {"", "unknown", "invalid", "redundant object"}
SCROLLED = {"Overview", "Settings", "Notices", "Tasks", "Charts", "In short", "Own terminal of cache"}
"""Areas that take the focus to be scrolled by keys: Qt has no role for them, and calls them fillers. Nor for a
terminal, which has a text of the same name as soon as there is one."""

SETTLED_S = 60.0


def faults(desktop: Desktop) -> list[str]:
    """Tables are one node each: their cells are asked for by number, not walked."""
    nodes = desktop.windows.nodes()
    seen = [node for node in nodes if "focusable" in node.states and "showing" in node.states]
    assert seen
    texts = {node.name for node in nodes if node.role == "text"}
    found = []
    for node in seen:
        place = f"{node.role} {node.name!r} at {node.box} in {nodes[node.parent].role} {nodes[node.parent].name!r}"
        if not node.name.strip():
            found.append(f"no name: {place}")
        if node.role in NO_ROLE or (node.role in ("filler", "panel") and node.name not in SCROLLED | texts):
            found.append(f"no role: {place}")
    return found


def look(desktop: Desktop, what: str) -> None:
    """At what is there once it has come: a page that is being built is looked at again."""
    deadline = time.monotonic() + SETTLED_S
    while found := faults(desktop):
        assert time.monotonic() < deadline, f"{what}: {found}"
        time.sleep(0.2)


def in_dialog(desktop: Desktop, what: str, open_it: Callable[[], None]) -> None:
    open_it()
    desktop.windows.wait_for(role="dialog")
    look(desktop, what)
    deadline = time.monotonic() + SETTLED_S
    while desktop.windows.shown(role="dialog"):
        assert time.monotonic() < deadline, f"{what} stays: {desktop.windows.outline()}"
        desktop.key("Escape")  # the window manager may not have made it the active one at first
        time.sleep(1)


def go(desktop: Desktop, page: str) -> None:
    desktop.key(f"ctrl+{PAGES.index(page) + 1}")
    desktop.windows.wait_for(page)


DIALOGS: tuple[tuple[str, str, str], ...] = (
    ("Containers", "", "Run…"), ("Containers", "Containers", "Remove"),
    ("Images", "", "Pull…"), ("Images", "", "Clean up…"), ("Images", "Images", "Run…"), ("Images", "Images", "History"),
    ("Volumes", "", "Create…"), ("Volumes", "", "Remove unused…"),
    ("Networks", "", "Create…"), ("Settings", "", "Delete engine data…"),
)  # fmt: skip
"""The page, the table of which the first row is chosen, and the button."""


def test_every_page_and_dialog(desktop: Desktop) -> None:
    desktop.open("--fake", "--scenario", "running", "--scenario", "states")
    desktop.windows.wait_for(holding="Running", timeout_s=60)
    for page in PAGES:
        go(desktop, page)
        look(desktop, page)
    for page, table, button in DIALOGS:
        go(desktop, page)
        if table:
            desktop.windows.select(table, 0)
        in_dialog(desktop, f"{button} of {page}", lambda button=button: desktop.windows.press(button))  # type: ignore[misc]
    for keys in ("ctrl+k", "ctrl+9"):
        in_dialog(desktop, keys, lambda keys=keys: desktop.key(keys))  # type: ignore[misc]
    go(desktop, "Containers")
    desktop.windows.select("Containers", 0)
    desktop.windows.press("Logs")
    for tab in ("Logs", "Stats", "Terminal", "Attach", "Files", "Details"):
        desktop.windows.press(tab, role="page tab")
        look(desktop, tab)
    desktop.shoot("details")
