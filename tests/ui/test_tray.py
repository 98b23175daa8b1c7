"""The tray's menu and words; the icon on a real panel is a test of the desktop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.core.engine import Container
from desktop.core.machine import MachineStatus, State
from desktop.shell import tray as tray_module
from desktop.shell.tray import MENU_CONTAINERS, Tray
from tests.helpers.hostile import HOSTILE
from tests.helpers.log_watch import LogWatch
from tests.helpers.shell_pty import until

VERBS = ("start", "suspend", "stop", "restart")


@pytest.fixture
def tray(logs: LogWatch) -> Iterator[Tray]:
    # Without a screen Qt has no tray to connect its icon to, and says so.
    logs.expect("systemTrayWindowChanged")
    made = Tray()
    made.begin()
    yield made
    made.close()
    made.deleteLater()


def container(name: str, state: str = "running", **more: str) -> Container:
    return Container(id=f"id-{name}", name=name, image="busybox", state=state, **more)


def action(tray: Tray, name: str) -> QAction:
    found = tray.menu().findChild(QAction, name)
    assert found is not None, name
    return found


def submenus(tray: Tray) -> list[QMenu]:
    menu = tray.menu().findChild(QMenu, "tray_containers")
    assert menu is not None
    return [made for entry in menu.actions() if isinstance(made := entry.menu(), QMenu)]


def test_menu_is_true_to_the_state(tray: Tray) -> None:
    tray.show_status(MachineStatus(state=State.RUNNING))
    enabled = {verb for verb in VERBS if action(tray, f"tray_{verb}").isEnabled()}
    assert enabled == {"suspend", "stop", "restart"}
    assert action(tray, "tray_state").text() == "Running" and not action(tray, "tray_state").isEnabled()


def test_what_is_not_known_is_not_counted(tray: Tray) -> None:
    tray.show_status(MachineStatus(state=State.RUNNING))
    tray.show_containers([])
    assert action(tray, "tray_state").text() .startswith("Running, 0 container")
    tray.show_containers([container("web")])
    tray.show_containers(None)
    assert action(tray, "tray_state").text() == "Running" and submenus(tray) == []


def test_hung_machine_can_be_killed_from_the_menu(tray: Tray) -> None:
    wishes: list[str] = []
    tray.verb_requested.connect(wishes.append)
    tray.show_status(MachineStatus(state=State.RUNNING))
    assert not action(tray, "tray_kill").isVisible()
    tray.show_status(MachineStatus(state=State.FAILED, action="kill"))
    assert action(tray, "tray_kill").isVisible() and action(tray, "tray_start").isEnabled()
    action(tray, "tray_kill").trigger()
    assert wishes == ["kill"]


def test_suspended_machine_is_a_moon_in_words_too_and_is_resumed(tray: Tray) -> None:
    before = tray.findChild(QSystemTrayIcon)
    assert before is not None
    look = before.icon().pixmap(24, 24).toImage()
    tray.show_status(MachineStatus(state=State.SUSPENDED))
    assert before.toolTip() == "Moorage: Suspended"
    assert before.icon().pixmap(24, 24).toImage() != look
    assert action(tray, "tray_start").text() == "Resume" and action(tray, "tray_start").isEnabled()
    assert not action(tray, "tray_suspend").isEnabled()


def test_nothing_can_be_asked_twice_until_the_state_answers(tray: Tray) -> None:
    tray.show_status(MachineStatus(state=State.RUNNING))
    tray.show_asked("suspend")
    assert not any(action(tray, f"tray_{verb}").isEnabled() for verb in VERBS)
    tray.show_status(MachineStatus(state=State.SUSPENDED))
    assert action(tray, "tray_start").isEnabled()


def test_entries_say_wishes(tray: Tray) -> None:
    said: list[str] = []
    tray.verb_requested.connect(said.append)
    tray.window_requested.connect(lambda: said.append("window"))
    tray.console_requested.connect(lambda: said.append("console"))
    tray.quit_requested.connect(lambda: said.append("quit"))
    for name in ("start", "window", "console", "quit"):
        action(tray, f"tray_{name}").trigger()
    assert said == ["start", "window", "console", "quit"]


def test_containers_can_be_started_and_stopped_by_id(tray: Tray) -> None:
    said: list[tuple[str, str]] = []
    tray.container_requested.connect(lambda act, id: said.append((act, id)))
    tray.show_containers([container("old", "exited"), container("web"), container("db", busy="stopping")])
    assert [menu.title() for menu in submenus(tray)] == ["db", "web", "old"]
    usable = [[entry.text() for entry in menu.actions() if entry.isEnabled()] for menu in submenus(tray)]
    assert usable == [[], ["Stop"], ["Start"]]
    submenus(tray)[1].actions()[1].trigger()
    assert said == [("stop", "id-web")]


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        (("running", "exited", "running", "created"), ["c0", "c2", "", "c1", "c3"]),
        (("running", "running"), ["c0", "c1"]),
        (("exited", "exited"), ["c0", "c1"]),
        ((), []),
    ],
)
def test_a_line_stands_between_what_runs_and_what_does_not(
    tray: Tray, states: tuple[str, ...], shown: list[str]
) -> None:
    tray.show_containers([container("before"), container("too", "exited")])
    tray.show_containers([container(f"c{number}", state) for number, state in enumerate(states)])
    menu = tray.menu().findChild(QMenu, "tray_containers")
    assert menu is not None
    assert ["" if entry.isSeparator() else entry.text() for entry in menu.actions()] == shown


def test_state_line_counts_what_runs(tray: Tray) -> None:
    tray.show_status(MachineStatus(state=State.RUNNING))
    tray.show_containers([container("a"), container("b"), container("c", "exited")])
    assert "2 container" in action(tray, "tray_state").text()


def test_menu_stays_a_menu_with_many_containers(tray: Tray) -> None:
    tray.show_containers([container(f"c{number:05}") for number in range(10_000)])
    assert len(submenus(tray)) == MENU_CONTAINERS
    tray.show_containers([])
    assert submenus(tray) == []


def test_what_the_menu_does_not_show_leaves_it_open(tray: Tray) -> None:
    first = [container(f"c{number:05}") for number in range(MENU_CONTAINERS)]
    tray.show_containers([*first, container("z1")])
    menus = submenus(tray)
    tray.show_containers([*first, container("z2"), container("z3", "exited")])
    assert submenus(tray) == menus
    tray.show_containers([*first[1:], container("a1")])
    assert submenus(tray)[0].title() == "a1"


def test_an_open_menu_stays_as_it_is_until_it_closes(tray: Tray) -> None:
    tray.show_containers([container("a"), container("b")])
    menus = submenus(tray)
    opened = tray.menu().findChild(QMenu, "tray_containers")
    assert opened is not None
    opened.popup(QPoint(0, 0))
    tray.show_containers([container("b")])
    assert submenus(tray) == menus
    opened.close()
    until(lambda: [menu.title() for menu in submenus(tray)] == ["b"])


def test_old_menus_are_let_go(tray: Tray) -> None:
    for _ in range(20):
        tray.show_containers([container("web")])
        QTest.qWait(1)
    until(lambda: len(tray.menu().findChildren(QMenu, "tray_container_id-web")) == 1)


@pytest.mark.parametrize("text", HOSTILE)
def test_names_are_no_markup_and_no_shortcut(tray: Tray, text: str) -> None:
    tray.show_status(MachineStatus(state=State.FAILED, detail=text))
    tray.show_containers([container(text)])
    title = submenus(tray)[0].title()
    assert len(title) <= 400 and "\x1b" not in title and title.count("&") % 2 == 0
    icon = tray.findChild(QSystemTrayIcon)
    assert icon is not None and icon.toolTip() == "Moorage: Failed"


def test_missing_tray_is_said_once_after_ten_seconds(tray: Tray) -> None:
    said: list[bool] = []
    tray.missing.connect(lambda: said.append(True))
    steps = int(tray_module.GIVE_UP_S * 1000 / tray_module.LOOK_OFTEN_MS)
    for _ in range(steps - 1):
        tray._on_look()
    assert said == []
    for _ in range(10):
        tray._on_look()
    assert said == [True]


def test_late_tray_gets_a_new_icon(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tray.findChild(QSystemTrayIcon)
    monkeypatch.setattr(tray, "available", lambda: True)
    tray._on_look()
    assert tray.findChildren(QSystemTrayIcon)[-1] is not before
