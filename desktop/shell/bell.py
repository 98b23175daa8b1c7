"""The bell of a console that nobody looks at becomes a notice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from desktop.views.console_pane import ConsolePane
from desktop.views.notice_stack import Notice

from .notices import Notices

if TYPE_CHECKING:
    from desktop.views.stream_pane import StreamPane

PAUSE_S = 20.0
"""A guest that rings all the time is told once in a while."""


class Bell(QObject):
    """Lives with its pane."""

    def __init__(self, pane: ConsolePane | StreamPane, notices: Notices) -> None:
        super().__init__(pane)
        self._pane, self._notices = pane, notices
        self._told_s = -PAUSE_S
        pane.rang.connect(self._on_rang)

    def _on_rang(self) -> None:
        now = time.monotonic()
        if now - self._told_s < PAUSE_S or (self._pane.isVisible() and self._pane.isActiveWindow()):
            return
        self._told_s = now
        words = QCoreApplication.translate("Bell", "The bell of a console rang: %1")
        self._notices.say(Notice(words.replace("%1", self._pane.name), key="bell"))
