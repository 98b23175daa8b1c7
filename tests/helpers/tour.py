"""A program: the whole window over a played engine, each page, tab and dialog in turn; prints what is wrong there.

`python -m tests.helpers.tour HOME [--size WxH] [--settings TOML] [--pictures FOLDER]`; a JSON object comes out: the
`stops`, the `faults` by stop, and the `scale`. Qt's own environment decides the rest, such as QT_SCALE_FACTOR.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import qasync
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QMainWindow, QWidget

from desktop.app import App
from desktop.core.engine import Link
from desktop.core.machine import State
from desktop.core.paths import Home, MachineFiles, private_folder
from desktop.shell import language
from desktop.shell.crash import CrashLog
from desktop.shell.single_instance import SingleInstance
from desktop.views.side_bar import PAGES

from .cut import cut, pressed
from .fake import fake_machine, play
from .turned import not_turned

DEADLINE_S = 60.0
TRIES = 20
BARS = ("images_wishes", "log_bar", *(f"{page}_bar" for page in ("containers", "images", "volumes", "networks")))


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not holds():
            await asyncio.sleep(0.02)


async def settled() -> None:
    for _ in range(3):
        await asyncio.sleep(0.03)


async def stops(app: App, files: MachineFiles) -> AsyncIterator[str]:
    """Goes on to the next place when it is asked for one."""
    for page in PAGES:
        app.window.show_page(page)
        yield f"stopped {page}"
    await play(files, "running")
    await until(lambda: app.engine.link.link is Link.UP and app.machine.status.state is State.RUNNING)
    for page in PAGES:
        app.window.show_page(page)
        if page == "containers":
            await until(lambda: app.containers.model.rowCount() > 4)
            app.containers.table.selectRow(0)
        yield page
    async for name in _tabs(app):
        yield name
    async for name in _dialogs(app):
        yield name


async def _tabs(app: App) -> AsyncIterator[str]:
    record = next(record for record in app.engine.containers if record.name == "cache")
    app.window.show_page("containers")
    for tab in app.containers_page.tabs:
        app._on_containers(tab, [record.id])
        await asyncio.sleep(0.3)
        yield f"detail {tab}"
    app.containers_page.go_back()
    app.window.show_page("volumes")
    await until(lambda: len(app.engine.objects.volumes))
    app.object_feed.on_volumes("files", [next(iter(app.engine.objects.volumes)).name])
    await asyncio.sleep(0.3)
    yield "volume files"


async def _dialogs(app: App) -> AsyncIterator[str]:
    image = next(record for record in app.engine.images if record.tags)
    container = next(record for record in app.engine.containers if record.running)
    objects = app.engine.objects
    app.window.show_page("volumes")
    await until(lambda: len(objects.volumes))
    volume = next(iter(objects.volumes)).name

    def on_networks(act: str) -> None:
        app.object_feed.on_networks(act, [network.id for network in objects.networks if network.name == "bridge"])

    asked: tuple[tuple[str, Callable[[], object]], ...] = (
        ("run", lambda: app.runs.open()),
        ("pull", lambda: app.image_actions.on_wish("pull")),
        ("prune", lambda: app.image_actions.on_wish("prune")),
        ("login", lambda: app.image_actions.on_wish("login")),
        ("tag", lambda: app._on_images("tag", [image.id])),
        ("history", lambda: app._on_images("history", [image.id])),
        ("remove images", lambda: app._on_images("remove", [image.id])),
        ("rename", lambda: app._on_containers("rename", [container.id])),
        ("commit", lambda: app._on_containers("commit", [container.id])),
        ("remove containers", lambda: app._on_containers("remove", [container.id])),
        ("create volume", lambda: app.object_feed.on_volumes("create", [])),
        ("clone volume", lambda: app.object_feed.on_volumes("clone", [volume])),
        ("create network", lambda: on_networks("create")),
        ("connect network", lambda: on_networks("connect")),
        ("reset", lambda: app.machine_actions.reset()),
        ("delete everything", app.quitting.delete_everything),
        ("notices", lambda: app.notice_history.show()),
        ("palette", lambda: app._show_palette()),
        ("quit", lambda: app.quitting.request()),
    )
    for name, ask in asked:
        if name == "create network":  # networks are known while somebody looks at them
            app.window.show_page("networks")
            await until(lambda: len(objects.networks))
        ask()
        await until(_dialog)
        yield f"dialog {name}"
        while (dialog := _dialog()) is not None:
            dialog.reject()
            await settled()


class Strays(QObject):
    """What was shown as a window of its own, and is none."""

    def __init__(self, qt: QApplication) -> None:
        super().__init__()
        self.found: list[str] = []
        qt.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kinds = (Qt.WindowType.Dialog, Qt.WindowType.Popup, Qt.WindowType.ToolTip)
            if not isinstance(watched, QMainWindow) and watched.windowType() not in kinds:
                self.found.append(f"{watched.objectName() or type(watched).__name__} is a window of its own")
        return False

    def taken(self) -> list[str]:
        found, self.found = self.found, []
        return found


async def _lasting_faults(app: App) -> list[str]:
    """Of a page that has just been laid out, or is still read, on a busy computer too."""
    found: list[str] = []
    for _ in range(TRIES):
        await settled()
        found = cut() + not_turned() + _pressed(app)
        if not found:
            break
    return found


def _pressed(app: App) -> list[str]:
    """On the bars over the tables, which a notice leaves little room."""
    bars = [bar for name in BARS for bar in app.window.findChildren(QFrame, name) if bar.isVisible()]
    return [f"{bar.objectName()}: {part} is pressed" for bar in bars for part in pressed(bar)]


def _dialog() -> QDialog | None:
    shown = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()]
    return shown[0] if shown else None


async def _tour(qt: QApplication, home: Home, words: argparse.Namespace) -> dict[str, Any]:
    instance = SingleInstance(home)
    assert instance.acquire()
    app = App(qt, home, instance, CrashLog(home.base / "crash.log"))
    running = asyncio.create_task(app.main(hidden=False, page=None))
    faults: dict[str, list[str]] = {}
    strays = Strays(qt)
    seen, scale = [], 0.0
    try:
        await until(lambda: app.window.isVisible() and app.machine.status.since)
        app.window.resize(*(int(part) for part in words.size.split("x")))
        async for name in stops(app, home.machine()):
            seen.append(name)
            scale = app.window.devicePixelRatioF()
            if found := strays.taken() + await _lasting_faults(app):
                faults[name] = found
            if words.pictures is not None:
                shown: Any = _dialog() or app.window
                shown.grab().save(str(words.pictures / f"{name.replace(' ', '-')}.png"))
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # what is wrong here would be hidden by what does not end after it
    else:
        app.quitting.at_once()
        await running
        instance.close()
    return {"stops": seen, "faults": faults, "scale": scale}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--size", default="640x400")
    parser.add_argument("--settings", default="")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--translations", type=Path, help="compiled ones, where those in the sources may be old")
    words = parser.parse_args()
    if words.translations is not None:
        language.translations = lambda: words.translations
    home = Home(words.home)
    private_folder(home.base)
    home.settings_file.write_text(words.settings)
    qt = QApplication(["moorage"])
    qt.setStyle("Fusion")
    qt.setQuitOnLastWindowClosed(False)
    qt.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    with fake_machine(home), qasync.QEventLoop(qt) as loop:
        threads = ThreadPoolExecutor(2)
        loop.set_default_executor(threads)
        found = loop.run_until_complete(_tour(qt, home, words))
        threads.shutdown()
    print(json.dumps(found, ensure_ascii=False, indent=1))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
