"""Says "press Enter" over a console that shows nothing: a tty that waits at a prompt prints none for a new viewer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.terminal.session import TerminalSession

QUIET_MS = 1500


class IdleHint(QObject):
    """`begin` where a console was attached. Nothing is sent: `wanted` only says that the words would help."""

    wanted = Signal(bool)

    def __init__(self, session: TerminalSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self._on_quiet)
        self._is_shown = False

    def begin(self) -> None:
        self._timer.start()

    def look(self) -> None:
        """The screen may show something now."""
        if self._is_shown and not self._is_blank():
            self.end()
        elif self._timer.isActive():
            self._timer.start()

    def end(self) -> None:
        """Also where the user types."""
        self._timer.stop()
        if self._is_shown:
            self._is_shown = False
            self.wanted.emit(False)

    def _on_quiet(self) -> None:
        if self._is_blank():
            self._is_shown = True
            self.wanted.emit(True)

    def _is_blank(self) -> bool:
        return not self._session.screen.text().strip()
