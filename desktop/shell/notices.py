"""The one mouth of the app: every notice to the user goes through here, and the last ones are kept."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError
from desktop.core.signal import Signal
from desktop.views.notice_stack import Choice, Notice
from desktop.views.told import told

KEPT = 50


class Notices:
    """`said` carries each notice to the window, and to the desktop while that is hidden; `changed` is told when what
    is kept, or how much of it is unread, is another."""

    def __init__(self) -> None:
        self.kept: deque[Notice] = deque(maxlen=KEPT)
        self.said: Signal[Notice] = Signal()
        self.withdrawn: Signal[str] = Signal()
        self.changed: Signal[None] = Signal()
        self._unread: set[int] = set()

    @property
    def unread(self) -> int:
        return len(self._unread)

    def say(self, notice: Notice) -> None:
        notice = replace(notice, said_s=time.time())
        self.kept.append(notice)
        unread = [each for each in self.kept if id(each) in self._unread and not (each.key and each.key == notice.key)]
        self._unread = {id(each) for each in (*unread, notice)}
        self.said.emit(notice)
        self.changed.emit(None)

    def read(self, notice: Notice) -> None:
        """The user has seen it, and put it away."""
        if id(notice) in self._unread:
            self._unread.discard(id(notice))
            self.changed.emit(None)

    def read_all(self) -> None:
        self._unread.clear()

    def clear(self) -> None:
        self.kept.clear()
        self._unread.clear()
        self.changed.emit(None)

    def error(self, error: MoorageError, choice: Choice | None = None, key: str = "") -> None:
        """Tells a failure. The same failure again takes the place of the first."""
        self.say(
            Notice(
                told(error.what),
                told(error.why),
                told(error.next_step),
                kind="error",
                choices=(choice,) if choice else (),
                key=key or f"error:{error.what}",
            )
        )

    def failed(self, name: str, error: Exception) -> None:
        """What a task failed with; an error without words for users becomes one with words."""
        if not isinstance(error, MoorageError):
            error = unexpected(name, error)
        self.error(error)

    def withdraw(self, key: str) -> None:
        """Takes back a notice that is true no more; that it was said stays in the list."""
        self.withdrawn.emit(key)


def unexpected(name: str, error: BaseException) -> MoorageError:
    return MoorageError(
        QCoreApplication.translate("Notices", "Something unexpected went wrong: %1").replace("%1", name),
        f"{type(error).__name__}: {error}",
        QCoreApplication.translate("Notices", "The details are in the log crash.log. Going on may work."),
    )
