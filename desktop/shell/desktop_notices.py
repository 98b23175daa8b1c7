"""What is said while the window is hidden, as desktop notifications: never one per event."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.views.notice_stack import Notice

GATHERED_S = 1.0
PAUSE_S = 20.0
"""After a notification, what comes is gathered for so long."""
NAMED = 3
_WORST = ("error", "warning", "note")

translate = QCoreApplication.translate


class DesktopNotices:
    """`show` makes one notification; `is_hidden` says whether nobody sees the window."""

    def __init__(self, show: Callable[[Notice], None], is_hidden: Callable[[], bool]) -> None:
        self._show, self._is_hidden = show, is_hidden
        self._waiting: list[Notice] = []
        self._timer: asyncio.TimerHandle | None = None
        self._told_s = -PAUSE_S

    def on_notice(self, notice: Notice) -> None:
        if not self._is_hidden():
            return
        self._waiting = [other for other in self._waiting if not notice.key or other.key != notice.key]
        self._waiting.append(notice)
        if self._timer is None:
            wait_s = max(GATHERED_S, self._told_s + PAUSE_S - time.monotonic())
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._tell)

    def withdraw(self, key: str) -> None:
        """It is true no more."""
        self._waiting = [notice for notice in self._waiting if notice.key != key]

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        """Nothing, where the window was opened meanwhile: it has them all."""
        self._timer = None
        waiting, self._waiting = self._waiting, []
        if waiting and self._is_hidden():
            self._told_s = time.monotonic()
            self._show(waiting[0] if len(waiting) == 1 else _together(waiting))


def _together(notices: list[Notice]) -> Notice:
    """The worst of them first, as many by name as a notification has room for."""
    ordered = sorted(notices, key=lambda notice: _WORST.index(notice.kind))
    what = translate("DesktopNotices", "%1 notices").replace("%1", QLocale().toString(len(notices)))
    words = [notice.what for notice in ordered[:NAMED]] + (["…"] if len(ordered) > NAMED else [])
    return Notice(what, "\n".join(words), kind=ordered[0].kind)
