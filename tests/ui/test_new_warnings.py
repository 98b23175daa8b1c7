"""What comes up while the machine runs is told in a notice, wherever in the window the user is."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home
from desktop.models.container_columns import containers_model
from desktop.services.machine import MachineService
from desktop.shell.new_warnings import NewWarnings
from desktop.shell.notices import Notices
from desktop.shell.window import MainWindow
from desktop.views.container_pane import ContainerPane
from desktop.views.overview import Overview

OLD = "Moorage runs as root. It does not need to: any user can run it."
NEW = "web publishes 127.0.0.1:8080, which nginx (process 12) has. It is opened as soon as it is free"


async def test_a_new_warning_is_a_notice_while_it_is_true(home: Home) -> None:
    window = MainWindow(QSettings(str(home.base / "window.ini"), QSettings.Format.IniFormat))
    window.add_page("overview", Overview())
    window.add_page("containers", ContainerPane(containers_model(window)))
    notices, machine = Notices(), MachineService(home.machine())
    notices.said.connect(window.notices.show_notice)
    notices.withdrawn.connect(window.notices.put_away)
    warnings = NewWarnings(machine, notices, window)

    def shown(*now: str) -> list[tuple[str, str]]:
        machine.changed.emit(MachineStatus(state=State.RUNNING, warnings=now))
        return [(notice.what, notice.why) for notice in window.notices.notices()]

    window.show()
    window.show_page("containers")
    assert shown(OLD) == []  # it came with the machine
    assert shown(OLD, NEW) == [
        ("web publishes 127.0.0.1:8080, which nginx (process 12) has", "It is opened as soon as it is free")
    ]
    assert shown(OLD) == []
    shown(OLD, NEW)
    window.show_page("overview")  # where it stands among the others
    assert shown(OLD, NEW) == []
    settings = "A setting is wrong. line 1: Expected `int`. Your file is kept"
    warnings.tell_settings(settings)  # it stands in the overview
    assert shown(settings) == []
    window.show_page("containers")
    warnings.tell_settings(settings)
    assert shown(settings) == [("A setting is wrong", "line 1: Expected `int`. Your file is kept")]
    window.show_page("overview")
    assert shown(settings) == []
    del warnings
    window.close()
    window.deleteLater()
