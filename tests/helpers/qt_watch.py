"""Qt in tests: its messages go to the log, its windows must be gone when a test ends."""

from __future__ import annotations

import gc
import logging
import sys
import time
from typing import Any

_GRACE_S = 30.0
_OFFSCREEN_SAYS = "This plugin does not support "  # propagateSizeHints, raise, grabbing the keyboard


def messages_to_log() -> None:
    """Qt's warnings become records of the logger `qt`, which fail a test as any other."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    logger = logging.getLogger("qt")
    def log(kind: QtMsgType, _context: object, text: str) -> None:
        if not text.startswith(_OFFSCREEN_SAYS):
            logger.log(levels[kind], "%s", text)

    qInstallMessageHandler(log)


def windows() -> set[Any]:
    """The top-level widgets that there are; none where Qt is not loaded."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    application = widgets and widgets.QApplication.instance()
    return set(widgets.QApplication.topLevelWidgets()) if widgets and application else set()


def windows_left_since(before: set[Any]) -> list[str]:
    deadline = time.monotonic() + _GRACE_S
    while (left := windows() - before) and time.monotonic() < deadline:
        _delete_what_waits_for_it()
        del left
        gc.collect()
    return [f"window {type(widget).__name__} {widget.objectName()!r}" for widget in windows() - before]


def _delete_what_waits_for_it() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
