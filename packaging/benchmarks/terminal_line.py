"""A guest, the console broker and a window of its console, each in a process of its own, as in the app."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import qasync
from PySide6.QtWidgets import QApplication

from desktop.client.connection import Connection
from desktop.client.console import ConsoleConnection
from desktop.core.control import ConsoleRequest
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home, private_folder
from desktop.core.signal import Signal
from desktop.shell.console_link import ConsoleLink
from desktop.views.console_pane import ConsolePane
from desktop.views.console_tabs import ConsoleTabs
from desktop.views.terminal.widget import TerminalWidget
from desktop.views.terminal_style import TerminalStyle

COLUMNS, ROWS = 200, 60
ATTACH = "attach.sock"
_HERE = Path(__file__).parent


class Line:
    """The two processes on the other side of the window; both end at `close`."""

    def __init__(self, *words: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mb-line-", dir="/tmp"))
        files = Home(self.folder).machine()
        private_folder(files.folder)
        python = sys.executable
        self.guest = subprocess.Popen([python, str(_HERE / "terminal_echo.py"), str(files.console_socket), *words])
        while not files.console_socket.exists():
            if self.guest.poll() is not None:
                raise RuntimeError("the guest's end of the line has ended")
        command = [python, str(_HERE / "terminal_broker.py"), str(self.folder)]
        self.broker = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.broker.stdout is not None
        if self.broker.stdout.readline() != b"ready\n":
            raise RuntimeError("the broker does not come up")

    def close(self) -> None:
        for process in (self.broker, self.guest):
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder)


class OneMachine:
    """All of a machine that `ConsoleLink` asks for: it runs, and its console can be attached to."""

    def __init__(self, line: Line) -> None:
        self.status = MachineStatus(state=State.RUNNING)
        self.changed: Signal[MachineStatus] = Signal()
        self.attached = 0
        self._line = line

    async def console(self, _request: ConsoleRequest) -> ConsoleConnection:
        self.attached += 1
        return ConsoleConnection(await Connection(self._line.folder / ATTACH).__aenter__())


class Window:
    """The app's console page on that line."""

    def __init__(self, line: Line) -> None:
        self._loop = qasync.QEventLoop(QApplication.instance())
        asyncio.set_event_loop(self._loop)
        self.machine = OneMachine(line)
        self._pane = ConsolePane(TerminalStyle())
        self._page = ConsoleTabs(self._pane, list)
        self._pane.show_status(self.machine.status)
        self._pane.begin()
        display = self.terminal.display
        metrics, ratio = display.metrics, display.devicePixelRatioF()
        display.setFixedSize(round(COLUMNS * metrics.width / ratio) + 12, round(ROWS * metrics.height / ratio) + 12)
        self._page.show()
        self._page.adjustSize()
        self._page.activateWindow()
        self.terminal.setFocus()
        link = ConsoleLink(self.machine, self._page)  # type: ignore[arg-type]
        self._link = self._loop.create_task(link.run())

    @property
    def terminal(self) -> TerminalWidget:
        assert self._pane.terminal is not None
        return self._pane.terminal

    def run(self) -> None:
        """Until `end`."""
        self._ended = self._loop.create_future()
        self._loop.run_until_complete(self._ended)

    def end(self) -> None:
        if not self._ended.done():
            self._ended.set_result(None)

    def close(self) -> None:
        self._link.cancel()
        self._loop.run_until_complete(asyncio.wait([self._link]))
        self.terminal.close_terminal()
        self._page.close()
        self._loop.close()
