"""`terminal_window.py FILE`: cats a file through a pty into a console of 200 by 60 cells, says in JSON how it went."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication
from terminal_pty import COLUMNS, ROWS

from desktop.core import frames
from desktop.shell.thread_turns import shorten_turns
from desktop.terminal.screen import Screen
from desktop.views.terminal.widget import TerminalWidget

READ_BYTES = 1 << 18
SETTLE_MS = 400
PTY = Path(__file__).parent / "terminal_pty.py"


class Run:
    """One `cat`, from its start to the frame that shows its last line."""

    def __init__(self, text: Path) -> None:
        self.text = text
        self.frames = 0
        self.seconds = 0.0
        self.widget = TerminalWidget(lambda _kind, _payload: None)
        self.widget.display.refreshed.connect(self._on_refreshed)
        self._is_over = False
        self._socket, theirs = socket.socketpair()
        self._pty = subprocess.Popen([sys.executable, str(PTY), str(text)], stdin=theirs, start_new_session=True)
        theirs.close()
        resize(self.widget, COLUMNS, ROWS)
        self.widget.show()
        QTimer.singleShot(SETTLE_MS, self._start)

    def _start(self) -> None:
        screen = self.widget.session.screen
        assert (screen.columns, screen.rows) == (COLUMNS, ROWS), (screen.columns, screen.rows)
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)
        self._begun = time.perf_counter()
        self._socket.send(b"\n")

    def _read(self) -> None:
        data = self._socket.recv(READ_BYTES)
        if data:
            self.widget.receive(frames.OUTPUT, data)
        else:
            self._is_over = True
            self._notifier.setEnabled(False)
            self._pty.wait()
            self.widget.display.look()

    def _on_refreshed(self) -> None:
        self.frames += 1
        if self._is_over and not self.widget.queued_bytes:
            self.widget.display.repaint()
            self.seconds = time.perf_counter() - self._begun
            QApplication.quit()


def resize(widget: TerminalWidget, columns: int, rows: int) -> None:
    """Make room for so many cells and no more."""
    metrics, display = widget.display.metrics, widget.display
    ratio = display.devicePixelRatioF()
    extra = widget.sizeHint() - display.sizeHint()
    display.setMinimumSize(round(columns * metrics.width / ratio) + 12, round(rows * metrics.height / ratio) + 12)
    widget.resize(display.minimumSize() + extra)


def matches(run: Run) -> bool:
    """Whether the widget's screen is what the file comes to when it is parsed at once, its scrollback included."""
    other = Screen(COLUMNS, ROWS)
    other.feed(run.text.read_bytes().replace(b"\n", b"\r\n"))
    shown = run.widget.session.screen
    same = shown.changed_rows(full=True) == other.changed_rows(full=True)
    same = same and shown.cursor() == other.cursor() and shown.contents() == other.contents()
    other.close()
    return same


def main() -> None:
    application = QApplication(sys.argv[:1])
    shorten_turns()  # as the app does
    run = Run(Path(sys.argv[1]))
    application.exec()
    result = {
        "bytes": run.widget.session.bytes_received - newlines(run.text),
        "seconds": run.seconds,
        "frames": run.frames,
        "rss_mb": psutil.Process().memory_info().rss / 1e6,
        "matches": matches(run),
    }
    run.widget.close_terminal()
    print(json.dumps(result))


def newlines(text: Path) -> int:
    """The carriage returns that the pty adds."""
    return text.read_bytes().count(b"\n")


if __name__ == "__main__":
    main()
