"""The containers pane in a window of its own, measured: `pane_window.py filter|sort|scroll`, or `rows SOCKET`,
`listed SOCKET COUNT`.

One line of JSON a result, on standard output.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.core.engine import Container, EngineLink, Link, Port
from desktop.core.machine import MachineStatus, State
from desktop.core.settings import Theme
from desktop.models.container_columns import containers_model
from desktop.services.engine import EngineService
from desktop.views.container_pane import ContainerPane
from desktop.views.theme import Appearance

ROWS = 10_000
RUNS = 9
FILTERS = ("web-1", "status:exited name:web-1")
SETTLE_S = 30.0
NO_PAINTING_S = 0.3


class Window:
    """The pane over a service's stores, and the moments at which its table was painted."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.service = EngineService()
        self.pane = ContainerPane(containers_model())
        self.pane.model.follow(self.service.containers)
        self.pane.resize(1040, 700)
        self.pane.show_situation(MachineStatus(state=State.RUNNING), EngineLink(Link.UP))
        self.pane.show()
        self.pane.activateWindow()
        self.paints = Paints()
        self.pane.table.viewport().installEventFilter(self.paints)

    def painted_ms(self, act: Callable[[], object]) -> float:
        """From the beginning of an act until the table has been painted after it; of an act that changes nothing of
        what is seen, such as half a word for a column, what it took itself."""
        before = self.paints.count
        begun = time.perf_counter()
        act()
        acted = time.perf_counter()
        while self.paints.count == before and time.perf_counter() - acted < NO_PAINTING_S:
            self.app.processEvents()
        if self.paints.count == before:
            return (acted - begun) * 1e3
        self.app.processEvents()
        return (time.perf_counter() - begun) * 1e3


class Paints(QObject):
    """Counts paintings and calls `told` after each."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.told: Callable[[], object] = lambda: None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.count += 1
            QTimer.singleShot(0, self.told)  # when this painting is done
        return False


def _filter(window: Window) -> None:
    """Single keys, one after another, and taking them back."""
    edit = window.pane.findChild(QLineEdit, "containers_filter")
    assert edit is not None
    _fill(window)
    for _ in range(RUNS):
        keys: list[Callable[[], object]] = []
        for words in FILTERS:
            keys += [lambda key=key: QTest.keyClicks(edit, key) for key in words]
            keys += [lambda: QTest.keyClick(edit, Qt.Key.Key_Backspace)] * len(words)
        _say(worst_ms=max(window.painted_ms(key) for key in keys))


def _sort(window: Window) -> None:
    """Clicks on one header after another, both ways."""
    _fill(window)
    table = window.pane.table
    orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
    columns = range(len(window.pane.model.columns))
    for _ in range(RUNS):
        acts = [lambda c=c, o=o: table.sortByColumn(c, o) for c in columns for o in orders]
        _say(worst_ms=max(window.painted_ms(act) for act in acts))


def _fill(window: Window) -> None:
    names = ("web", "api", "db", "cache", "worker")
    states = ("running", "exited", "paused", "created")
    window.service.containers.apply(
        Container(
            id=f"{number * 7919 % 10**9:064x}", name=f"shop-{names[number % 5]}-{number * 31 % ROWS}",
            image=f"registry.local/shop/{names[number % 5]}:{number % 300}", state=states[number * 3 % 4],
            status="Up", created_s=1.7e9 + number * 977 % 10**7, ports=(Port(80, "tcp", "", 1024 + number),),
            cpu_percent=number * 13 % 977 / 10, memory_bytes=number * 104729 % 2**31,
        ) for number in range(ROWS)
    )  # fmt: skip
    for _ in range(20):
        window.app.processEvents()
        time.sleep(0.02)


def _scroll(window: Window) -> None:
    """By single rows, as a wheel does, and by pages."""
    _fill(window)
    bar = window.pane.table.verticalScrollBar()
    for _ in range(RUNS):
        steps = [3] * 150 + [bar.pageStep()] * 50
        ways = [*steps, *(-step for step in steps)]
        frames = sorted(window.painted_ms(lambda by=by: bar.setValue(bar.value() + by)) for by in ways)
        _say(p99_ms=frames[len(frames) * 99 // 100])


async def _listed(window: Window, path: Path, count: int) -> None:
    """From the call to the engine to the first painting with rows, and to the one that has them all, each time from
    nothing; and what the engine itself takes to list them, to anybody."""
    service = window.service
    service.link_changed.connect(lambda link: window.pane.show_situation(MachineStatus(state=State.RUNNING), link))
    for _ in range(3):
        before_s = await asyncio.to_thread(_asked_s, path)
        first_s, all_s = await _listed_s(window, path, count)
        _say(first_s=first_s, all_s=all_s, engine_s=(before_s + await asyncio.to_thread(_asked_s, path)) / 2)


async def _listed_s(window: Window, path: Path, count: int) -> tuple[float, float]:
    seen: list[float] = []
    done = asyncio.Event()

    def look() -> None:
        rows = window.pane.model.rowCount()
        if not seen and rows:
            seen.append(time.perf_counter())
        if rows >= count:
            seen.append(time.perf_counter())
            done.set()

    window.paints.told = look
    begun = time.perf_counter()
    following = asyncio.create_task(window.service.follow(path))
    try:
        await asyncio.wait_for(done.wait(), SETTLE_S)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
    return seen[0] - begun, seen[-1] - begun


def _asked_s(path: Path) -> float:
    """From the request to the last byte of the engine's list of all containers."""
    begun = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(path))
        asking.sendall(b"GET /containers/json?all=1 HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n")
        while asking.recv(1 << 20):
            pass
    return time.perf_counter() - begun


async def _rows(window: Window, path: Path) -> None:
    """Says when each new container was painted, and when as running, until standard input ends."""
    following = asyncio.create_task(window.service.follow(path))
    await _until(lambda: window.service.link.link is Link.UP)
    model, told = window.pane.model, set[tuple[str, str]]()

    def tell() -> None:
        for record in model.records():
            if model.place(record.id) is None:
                continue
            stages = ("row", "running") if record.state == "running" else ("row",)
            for stage in stages:
                if (record.name, stage) not in told:
                    told.add((record.name, stage))
                    _say(name=record.name, stage=stage, at_s=time.time())

    window.paints.told = tell
    _say(ready=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), ended.set)
    await ended.wait()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def _until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(SETTLE_S):
        while not what():
            await asyncio.sleep(0.02)


def _say(**result: Any) -> None:
    print(json.dumps(result), flush=True)


def main() -> None:
    app = QApplication(["moorage"])
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    Appearance(app).apply(Theme.LIGHT)
    loop = qasync.QEventLoop(app)
    with loop:
        what = sys.argv[1]
        if what in ("filter", "sort", "scroll"):
            asyncio.set_event_loop(loop)
            {"filter": _filter, "sort": _sort, "scroll": _scroll}[what](Window(app))
        elif what == "listed":
            loop.run_until_complete(_listed(Window(app), Path(sys.argv[2]), int(sys.argv[3])))
        else:
            loop.run_until_complete(_rows(Window(app), Path(sys.argv[2])))


if __name__ == "__main__":
    main()
