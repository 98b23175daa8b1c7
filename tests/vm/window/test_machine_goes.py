"""A machine that is suspended, and stopped and started, under what a window has open: each pane says so and goes on."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import docker
import pytest
from PySide6.QtWidgets import QLabel

from desktop.app import App
from desktop.core.engine import Link
from desktop.core.machine import State
from desktop.core.paths import Home
from desktop.views.stream_words import Phase
from tests.helpers.busybox_image import IMAGE, busybox_tar
from tests.helpers.docker_cli import DockerCli
from tests.helpers.guest import DEADLINE_S
from tests.helpers.guest import wait_for as wait_at_most
from tests.helpers.log_watch import LogWatch
from tests.ui.test_container_detail import detail, lines, press, said, terminal
from tests.ui.test_every_widget import running_app

pytestmark = [pytest.mark.vm, pytest.mark.long]

TALK = "n=0; while :; do echo tick $n; n=$((n+1)); sleep 0.2; done"
TERMINALS = {"terminal": "terminal", "attached": "attach"}  # each in the tab of that key


async def until(condition: Callable[[], bool]) -> None:
    await wait_at_most(condition, DEADLINE_S)


async def test_suspended_stopped_and_started_under_log_stats_shell_and_attach(
    shared_home: Home, cli: DockerCli, logs: LogWatch
) -> None:
    async with running_app(shared_home, logs) as app:
        await app.machine.start()
        socket = app.machine.files.docker_socket
        id = await asyncio.to_thread(run_talker, str(socket))
        await until(lambda: app.engine.link.link is Link.UP and app.engine.containers.get(id) is not None)
        app.window.show_page("containers")
        app._on_containers("logs", [id])
        for tab, key in TERMINALS.items():
            detail(app).show_tab(key)
            await until(lambda tab=tab: phase(app, tab) is Phase.OPEN)  # type: ignore[misc]
        detail(app).show_tab("logs")
        await until(lambda: len(ticks(app)) > 5)
        await _suspended(app)
        await _resumed(app)
        await _stopped(app)
        told = await asyncio.to_thread(cli.run, "ps", socket=socket, check=False)
        assert told.returncode == 1
        assert b"Error response from daemon: The machine is stopped. Start it with `moorage start`." in told.stderr
        await _started(app)
        assert await asyncio.to_thread(held_by, str(socket)) == shown_by(app)
        await app.engine.remove(id, force=True)


async def _suspended(app: App) -> None:
    await app.machine.suspend()
    await until(lambda: said(app).startswith("The machine is suspended."))
    await until(lambda: phase(app, "terminal") is phase(app, "attached") is Phase.LOST)
    assert words(app, "terminal") == "The machine was suspended, which cut off this shell."
    assert words(app, "attached") == "The machine was suspended. talker goes on where it was when it resumes."
    detail(app).show_tab("stats")
    assert "suspended" in said(app) and cpu(app) == ""
    detail(app).show_tab("logs")


async def _resumed(app: App) -> None:
    """By the button that is there."""
    seen = len(ticks(app))
    press(app, "detail_situation_button")
    await until(lambda: app.machine.status.state is State.RUNNING and said(app) == "")
    await until(lambda: len(ticks(app)) > seen + 5)
    assert ticks(app) == list(range(len(ticks(app))))  # each line once, over the suspension
    await _looked_at_again(app)


async def _looked_at_again(app: App) -> None:
    """A new shell and another attachment, where they are asked for; the figures go on by themselves."""
    assert phase(app, "terminal") is Phase.LOST
    for tab, key in TERMINALS.items():
        detail(app).show_tab(key)
        terminal(app, tab).again_requested.emit()
        await until(lambda tab=tab: phase(app, tab) is Phase.OPEN)  # type: ignore[misc]
    detail(app).show_tab("stats")
    await until(lambda: "%" in cpu(app))


async def _stopped(app: App) -> None:
    await app.machine.stop()
    await until(lambda: said(app).startswith("The machine is stopped.") and cpu(app) == "")
    await until(lambda: phase(app, "terminal") is phase(app, "attached") is Phase.LOST)
    assert words(app, "terminal") == "The machine was stopped, and this shell ended with it."
    assert words(app, "attached") == "The machine was stopped, and talker with it."
    count = len(ticks(app))
    detail(app).show_tab("logs")
    assert len(ticks(app)) == count and said(app).startswith("The machine is stopped.")


async def _started(app: App) -> None:
    """By the button that is there. The talker begins anew, and so does what it counts."""
    seen = len(ticks(app))
    press(app, "detail_situation_button")
    await until(lambda: app.machine.status.state is State.RUNNING and said(app) == "")
    await until(lambda: len(ticks(app)) > seen + 5)
    told = ticks(app)
    again = told.index(0, 1)
    assert told == [*range(again), *range(len(told) - again)] and again >= seen
    await _looked_at_again(app)


def held_by(socket: str) -> dict[str, str]:
    """What the engine has: containers with their states, and images."""
    client = docker.DockerClient(base_url=f"unix://{socket}", timeout=300)
    try:
        containers = {str(each.id): str(each.status) for each in client.containers.list(all=True)}
        return containers | {str(each.id): "image" for each in client.images.list()}
    finally:
        client.close()


def shown_by(app: App) -> dict[str, str]:
    return {record.id: record.state for record in app.containers.model.records()} | {
        record.id: "image" for record in app.engine.images  # whose page nobody has opened
    }


def run_talker(socket: str) -> str:
    """Starts again with the machine."""
    client = docker.DockerClient(base_url=f"unix://{socket}", timeout=300)
    try:
        if not client.images.list(IMAGE):
            client.api.import_image_from_data(busybox_tar(), repository=IMAGE)
        options: dict[str, Any] = {"detach": True, "tty": True, "stdin_open": True}
        options["restart_policy"] = {"Name": "always"}
        return str(client.containers.run(IMAGE, ["sh", "-c", TALK], name="talker", **options).id)
    finally:
        client.close()


def ticks(app: App) -> list[int]:
    return [int(found[1]) for line in lines(app) if (found := re.search(r"tick (\d+)", line))]


def phase(app: App, tab: str) -> Phase | None:
    return getattr(terminal(app, tab), "phase", None)


def words(app: App, tab: str) -> str:
    return str(terminal(app, tab)._bar.words.text())


def cpu(app: App) -> str:
    label = detail(app).findChild(QLabel, "stats_cpu_now")
    return label.text() if label is not None else ""
