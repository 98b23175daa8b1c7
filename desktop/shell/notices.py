"""The one mouth of the app: every notice to the user goes through here, and the last ones are kept."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError
from desktop.core.signal import Signal
from desktop.views.notice_stack import Choice, Notice
from desktop.views.told import told

KEPT = 50


class Notices:
    """`said` carries each notice to the window, and to the tray while the window is hidden."""

    def __init__(self) -> None:
        self.kept: deque[Notice] = deque(maxlen=KEPT)
        self.said: Signal[Notice] = Signal()
        self.withdrawn: Signal[str] = Signal()

    def say(self, notice: Notice) -> None:
        self.kept.append(notice)
        self.said.emit(notice)

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
        """Takes back a notice that is true no more."""
        self.withdrawn.emit(key)


def unexpected(name: str, error: BaseException) -> MoorageError:
    return MoorageError(
        QCoreApplication.translate("Notices", "Something unexpected went wrong: %1").replace("%1", name),
        f"{type(error).__name__}: {error}",
        QCoreApplication.translate("Notices", "The details are in the log crash.log. Going on may work."),
    )
