"""The whole window over the shipped fake, measured from within: `whole_window.py HOME burst EVENTS_A_SECOND`, or
`flood MB_A_SECOND`.

One line of JSON a result, on standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

import desktop.shell.plain_imports  # noqa: F401
from desktop.app import App
from desktop.client.connection import Connection
from desktop.core.engine import Link
from desktop.core.paths import Home
from desktop.engine.client import EngineClient
from desktop.shell.crash import CrashLog
from desktop.shell.garbage import Garbage
from desktop.shell.single_instance import SingleInstance
from desktop.shell.thread_turns import shorten_turns

ROWS = 10_000
STATE = 2
BURSTS, BURST_S = 3, 5.0
HEARTBEAT_MS = 2
SETTLE_S = 60.0
FLOODS, FLOOD_S = 3, 6.0
KEY_EVERY_S = 0.1
LINE_BYTES = 200  # of the fake's flood
NONE = Qt.KeyboardModifier.NoModifier


async def _burst(app: App) -> None:
    """An engine's events come by the thousand. A frame is the time between two turns of the window's loop; at the end
    the rows are compared with what the engine lists."""
    await _until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) >= ROWS)
    app.window.show_page("containers")
    app.containers.table.sortByColumn(STATE, Qt.SortOrder.AscendingOrder)  # rows that change have to move
    await asyncio.sleep(2.0)
    states = {record.id: record.state for record in app.engine.containers}
    changes = 0

    def count(delta: Any) -> None:
        """What the engine's events changed, and not what was measured meanwhile."""
        nonlocal changes
        for record in (*delta.added, *delta.updated):
            changes += states.get(record.id) != record.state
            states[record.id] = record.state

    app.engine.containers.changed.connect(count)
    await _play(app, f"burst={sys.argv[3]}")
    await asyncio.sleep(1.0)
    for _ in range(BURSTS):
        changes, begun = 0, time.perf_counter()
        worst_ms = await _worst_gap_ms(BURST_S)
        _say(worst_ms=worst_ms, changes=changes, seconds=time.perf_counter() - begun)
    await _play(app, "calm")
    _say(different=await _different(app))


async def _different(app: App) -> int:
    """How many rows are not as the engine lists them, once both have come to rest."""
    model, deadline = app.containers.model, time.monotonic() + SETTLE_S
    async with EngineClient(app.machine.files.engine_socket) as client:
        while True:
            shown = {record.id: record.state for record in model.records()}
            listed = {record.id: record.state for record in await client.containers()}
            different = len(set(shown.items()) ^ set(listed.items()))
            if not different or time.monotonic() > deadline:
                return different
            await asyncio.sleep(1.0)


async def _flood(app: App) -> None:
    """Keys are typed from outside the loop, as an X server sends them, and end with the painting that follows each."""
    await _until(lambda: app.engine.link.link is Link.UP and len(app.engine.containers) > 0)
    app.window.show_page("containers")
    written = next(record for record in app.engine.containers if record.running)
    app._on_containers("logs", [written.id])
    detail = app.containers_page.detail
    assert detail is not None
    edit = detail.findChild(QLineEdit, "log_search")
    assert edit is not None
    edit.setFocus()
    await _play(app, f"flood={sys.argv[3]}")
    await asyncio.sleep(2.0)
    view = detail.logs.view
    for _ in range(FLOODS):
        first = _newest(view)
        times = await _type(edit, FLOOD_S)
        last = _newest(view)
        seconds = (last[1] - first[1]).total_seconds()
        _say(
            p95_ms=sorted(times)[len(times) * 95 // 100], keys=len(times),
            mb_a_second=(last[0] - first[0]) * LINE_BYTES / seconds / 1e6,
        )  # fmt: skip
        edit.clear()
    await _play(app, "calm")


def _newest(view: Any) -> tuple[int, datetime]:
    """Which line of the flood is the newest that is shown, and when it was written: what is read is always some behind,
    and not always as much."""
    found = [shown for shown in view.shown[-50:] if shown.text[:9].isdigit()][-1]
    return int(found.text[:9]), datetime.fromisoformat(found.line.stamp[:26] + "+00:00")


class Painted(QObject):
    """Notes when a widget has been painted after a key."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.sent_s: float | None = None
        self.times_ms: list[float] = []
        self._keyed = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress:
            self._keyed = True
        elif event.type() is QEvent.Type.Paint and self._keyed:
            self._keyed = False
            QTimer.singleShot(0, self._on_painted)
        return False

    def _on_painted(self) -> None:
        if self.sent_s is not None:
            self.times_ms.append((time.perf_counter() - self.sent_s) * 1e3)
            self.sent_s = None


async def _type(edit: QLineEdit, seconds: float) -> list[float]:
    painted, over = Painted(edit), threading.Event()

    def press() -> None:
        while not over.wait(KEY_EVERY_S):
            if painted.sent_s is None:
                painted.sent_s = time.perf_counter()
                QCoreApplication.postEvent(edit, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_X, NONE, "x"))

    typing = threading.Thread(target=press)
    typing.start()
    await asyncio.sleep(seconds)
    over.set()
    typing.join()
    edit.removeEventFilter(painted)
    return painted.times_ms


async def _worst_gap_ms(seconds: float) -> float:
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer(interval=HEARTBEAT_MS, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start()
    await asyncio.sleep(seconds)
    timer.stop()
    return max(gaps) * 1e3


async def _play(app: App, scene: str) -> None:
    async with Connection(app.machine.files.control_socket) as connection:
        async for _ in connection.replies("fake", scenario=scene):
            pass


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(SETTLE_S):
        while not what():
            await asyncio.sleep(0.02)


def _say(**result: Any) -> None:
    print(json.dumps(result), flush=True)


async def _run(qt: QApplication, home: Home, measure: Callable[[App], Any]) -> None:
    instance = SingleInstance(home)
    assert instance.acquire()
    app = App(qt, home, instance, CrashLog(home.crash_log))
    running = asyncio.create_task(app.main(hidden=False, page="containers"))
    try:
        await _until(lambda: app.window.isVisible())
        app.window.activateWindow()
        await measure(app)
    finally:
        app.quitting.at_once()
        await running
        instance.close()


def main() -> None:
    """As the app itself is begun."""
    qt = QApplication(["moorage"])
    shorten_turns()
    Garbage(qt)
    qt.setQuitOnLastWindowClosed(False)
    qt.setStyle("Fusion")
    loop = qasync.QEventLoop(qt)
    threads = ThreadPoolExecutor(4)
    loop.set_default_executor(threads)
    with loop:
        loop.run_until_complete(_run(qt, Home(Path(sys.argv[1])), {"burst": _burst, "flood": _flood}[sys.argv[2]]))
        threads.shutdown(wait=False, cancel_futures=True)


if __name__ == "__main__":
    main()
