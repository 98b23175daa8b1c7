"""A container that comes up with a folder of this computer that is not shared is told of, until it is gone."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Container, Link
from desktop.core.store import Delta
from desktop.core.text import visible
from desktop.services.engine import EngineService
from desktop.views.notice_stack import Choice, Notice

from .notices import Notices
from .window import MainWindow


class UnsharedFolders:
    """Those that are there when the app connects to the engine have their mark in the containers pane alone."""

    def __init__(self, engine: EngineService, notices: Notices, window: MainWindow) -> None:
        self._engine, self._notices, self._window = engine, notices, window
        engine.containers.changed.connect(self._on_change)

    def _on_change(self, delta: Delta[Container]) -> None:
        for id in delta.removed:
            self._notices.withdraw(_key(id))
        for container in delta.added if self._engine.link.link is Link.UP else ():
            if container.unshared:
                self._say(container)

    def _say(self, container: Container) -> None:
        from desktop.models.container_columns import unshared_words

        translate = QCoreApplication.translate
        what = translate("UnsharedFolders", "%1 was given a folder that is not shared")
        next_step = translate("UnsharedFolders", "Share it in Settings, and restart the machine.")
        settings = Choice(translate("UnsharedFolders", "Settings"), lambda: self._window.show_page("settings"))
        self._notices.say(
            Notice(
                what.replace("%1", visible(container.name, 80)), unshared_words(container), next_step, kind="warning",
                choices=(settings,), key=_key(container.id),
            )
        )  # fmt: skip


def _key(id: str) -> str:
    return f"unshared:{id}"
