"""`terminal_probe.py key [flood] | repaint plain|colour | scrollback | quiet`: one measurement, said in JSON."""

from __future__ import annotations

import gc
import json
import random
import statistics
import sys
import time
from contextlib import closing

import psutil
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from terminal_line import COLUMNS, ROWS, Line, Window
from terminal_window import SETTLE_MS

from desktop.terminal.screen import Screen
from desktop.views.terminal.metrics import CellMetrics, default_family
from desktop.views.terminal.palette import DARK
from desktop.views.terminal.surface import Surface

KEYS, KEY_EVERY_MS = 200, (25, 60)
FRAMES = 60
LINES = 100_000
QUIET_S = 20.0


class Typist:
    """Types, and waits each time until what the program answers is painted. The answer rings the bell."""

    def __init__(self, window: Window) -> None:
        self.ms: list[float] = []
        self._window, self._display = window, window.terminal.display
        self._is_heard = False
        self._chance = random.Random(1)
        window.terminal.session.screen.on_bell = self._on_bell
        self._display.refreshed.connect(self._on_refreshed)
        QTimer.singleShot(SETTLE_MS * 2, self._type)

    def _type(self) -> None:
        self._is_heard = False
        self._begun = time.perf_counter()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, Qt.Key.Key_X, Qt.KeyboardModifier.NoModifier, "x")
            QApplication.sendEvent(self._display, event)

    def _on_bell(self) -> None:
        self._is_heard = True

    def _on_refreshed(self) -> None:
        if not self._is_heard:
            return
        self._is_heard = False
        self._display.repaint()
        self.ms.append((time.perf_counter() - self._begun) * 1000)
        if len(self.ms) == KEYS:
            self._window.end()
        else:
            QTimer.singleShot(self._chance.randrange(*KEY_EVERY_MS), self._type)


def key(*flood: str) -> dict[str, float]:
    """Milliseconds from a key to its answer's paint, through the broker and the line: the 95th
    percentile. Each of KEYS is typed some time after the last one was painted."""
    QApplication(sys.argv[:1])
    with closing(Line(*flood)) as line, closing(Window(line)) as window:
        typist = Typist(window)
        window.run()
        received, attached = window.terminal.session.bytes_received, window.machine.attached
    if attached != 1:
        raise RuntimeError("the window was too slow for the broker and let go")
    return {
        "value": statistics.quantiles(typist.ms, n=20)[18],
        "median": statistics.median(typist.ms),
        "received_mb": received / 1e6,
    }


def repaint(text: str) -> dict[str, float]:
    """Milliseconds to draw all of a screen and copy it to a window's pixels."""
    QApplication(sys.argv[:1])
    screen = Screen(COLUMNS, ROWS)
    screen.set_theme(DARK.foreground, DARK.background, DARK.cursor, DARK.palette())
    surface = Surface(CellMetrics(default_family(), 13), DARK)
    took = []
    for number in range(FRAMES):
        screen.feed(_frame(number, text == "colour"))
        begun = time.perf_counter()
        surface.refresh(screen)
        if not took:
            window = QPixmap(surface.size)
        painter = QPainter(window)
        surface.paint(painter, QPoint(0, 0))
        painter.end()
        took.append((time.perf_counter() - begun) * 1000)
    screen.close()
    return {"value": statistics.median(took[3:]), "best": min(took)}


def _frame(number: int, is_coloured: bool) -> bytes:
    """A full screen; the worst colours change both of them every four cells."""
    lines = []
    for y in range(ROWS):
        if is_coloured:
            parts = [
                f"\x1b[38;5;{(number + x + y) % 256};48;5;{(number + 3 * x + y) % 256}mabcd"
                for x in range(COLUMNS // 4)
            ]
            lines.append("".join(parts))
        else:
            lines.append("".join(chr(33 + (number + x + y) % 94) for x in range(COLUMNS)))
    return ("\x1b[H" + "\r\n".join(lines)).encode()


def scrollback() -> dict[str, float]:
    """Megabytes that 100,000 plain lines cost once they are compressed."""
    screen = Screen(COLUMNS, ROWS, LINES + ROWS)
    gc.collect()
    before = psutil.Process().memory_info().rss
    for start in range(0, LINES, 1000):
        text = "".join(
            f"{number} {'a line of the log ' * (2 + number % 7)}\r\n" for number in range(start, start + 1000)
        )
        screen.feed(text.encode())
    full = psutil.Process().memory_info().rss - before
    while screen.compress_step():
        continue
    kept = psutil.Process().memory_info().rss - before
    assert screen.scroll.total > LINES
    return {"value": kept / 1e6, "uncompressed": full / 1e6}


def quiet() -> dict[str, float]:
    """Percent of one processor that a quiet console in view costs, its broker and keeper included."""
    QApplication(sys.argv[:1])
    ours, times = psutil.Process(), list[tuple[float, float, float]]()

    def take(broker: psutil.Process) -> None:
        behind = sum(sum(each.cpu_times()[:2]) for each in (broker, *broker.children(recursive=True)))
        times.append((time.monotonic(), sum(ours.cpu_times()[:2]), behind))

    with closing(Line()) as line, closing(Window(line)) as window:
        broker = psutil.Process(line.broker.pid)
        for after_s in (3.0, 3.0 + QUIET_S):  # the first is when it has come to rest
            QTimer.singleShot(int(after_s * 1000), lambda: take(broker))
        QTimer.singleShot(int((3.2 + QUIET_S) * 1000), window.end)
        window.run()
    (begun, before, behind_before), (ended, after, behind_after) = times
    window_percent = 100 * (after - before) / (ended - begun)
    broker_percent = 100 * (behind_after - behind_before) / (ended - begun)
    return {"value": window_percent + broker_percent, "window": window_percent, "broker": broker_percent}


if __name__ == "__main__":
    print(
        json.dumps(
            {"key": key, "repaint": repaint, "scrollback": scrollback, "quiet": quiet}[sys.argv[1]](*sys.argv[2:])
        )
    )
