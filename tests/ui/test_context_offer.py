"""Whether `docker` shall use Moorage: asked once when the machine comes up, and switched in Overview."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.app import App
from desktop.core.engine import Link
from desktop.core.machine import State
from desktop.core.paths import Home, MachineFiles
from desktop.core.settings import UseContext
from desktop.engine import context
from desktop.engine.context import NAME, DockerContexts
from desktop.shell.context_offer import QUESTION
from desktop.views.plain import PlainLabel
from tests.helpers.fake import fake_machine, play
from tests.helpers.log_watch import LogWatch

from .test_every_widget import running_app, until

THEIRS = "work"


class DockerFolder:
    """A docker folder in which the user works with a context of their own."""

    def __init__(self, folder: Path) -> None:
        self._config = folder / "config.json"
        self._config.write_text(json.dumps({"currentContext": THEIRS, "credsStore": "pass"}))
        meta = DockerContexts({"DOCKER_CONFIG": str(folder)})._meta_file(THEIRS)
        meta.parent.mkdir(parents=True)
        endpoint = {"docker": {"Host": "unix:///their.sock"}}
        meta.write_text(json.dumps({"Name": THEIRS, "Metadata": {}, "Endpoints": endpoint}))

    @property
    def current(self) -> str:
        config: dict[str, Any] = json.loads(self._config.read_text())
        assert config["credsStore"] == "pass"
        return str(config["currentContext"])


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DockerFolder:
    """The command is there too."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "docker").touch(0o755)
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "folder"))
    return DockerFolder(tmp_path / "folder")


@pytest.fixture
def machine(home: Home) -> Iterator[MachineFiles]:
    with fake_machine(home) as files:
        yield files


async def come_up(app: App) -> None:
    await play(app.machine.files, "running")
    await is_up(app)


async def is_up(app: App) -> None:
    """With all that this begins: what is cut off half way outlives the window's loop."""
    await until(lambda: app.machine.status.state is State.RUNNING and app.engine.link.link is Link.UP)


def asked(app: App) -> list[str]:
    """The answers that the question offers, where it is asked."""
    return [choice.label for notice in app.window.notices.notices() if notice.key == QUESTION
            for choice in notice.choices]  # fmt: skip


async def answer(app: App, words: str) -> None:
    await until(lambda: bool(asked(app)))
    (button,) = (button for button in app.window.notices.findChildren(QPushButton) if button.text() == words)
    button.click()
    await until(lambda: not asked(app))


async def not_asked(app: App) -> bool:
    """After all that the coming up began has been done."""
    await until(lambda: bool(decided(app)))
    await asyncio.sleep(0.3)
    return not asked(app)


def decided(app: App) -> str:
    label = app.overview.findChild(PlainLabel, "context_decided")
    assert label is not None
    return label.text()


async def test_yes_makes_it_current_and_the_switch_gives_it_back(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch
) -> None:
    async with running_app(machine.home, logs) as app:
        switch = app.overview.connect_card.switch
        assert await not_asked(app) and THEIRS in decided(app)
        await come_up(app)
        await until(lambda: bool(asked(app)))
        assert docker.current == THEIRS
        await answer(app, "Yes")
        await until(switch.isChecked)
        assert docker.current == NAME and NAME in decided(app)
        switch.click()
        await until(lambda: not switch.isChecked())
        assert docker.current == THEIRS
        switch.click()
        await until(switch.isChecked)
        assert docker.current == NAME
    async with running_app(machine.home, logs) as app:  # whoever said yes is not asked again
        await is_up(app)
        assert await not_asked(app) and app.overview.connect_card.switch.isChecked()


async def test_no_is_kept_and_the_switch_still_acts(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch
) -> None:
    async with running_app(machine.home, logs) as app:
        await come_up(app)
        await answer(app, "No")
        await until(lambda: app.preferences.app.use_context is UseContext.NO)
        assert docker.current == THEIRS
        await app.machine.stop()
        await come_up(app)
        assert await not_asked(app)
    async with running_app(machine.home, logs) as app:
        await is_up(app)
        assert await not_asked(app) and docker.current == THEIRS
        app.overview.connect_card.switch.click()
        await until(app.overview.connect_card.switch.isChecked)
        assert docker.current == NAME


async def test_a_no_that_cannot_be_kept_is_told_in_words(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch
) -> None:
    async with running_app(machine.home, logs) as app:
        await come_up(app)
        machine.home.settings_file.mkdir()
        await answer(app, "No")
        await until(lambda: bool(app.window.notices.notices()))
        (notice,) = app.window.notices.notices()
        assert notice.what == f"{machine.home.settings_file} cannot be read"


async def test_later_asks_at_the_next_start_of_the_app_and_not_before(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch
) -> None:
    async with running_app(machine.home, logs) as app:
        await come_up(app)
        await answer(app, "Later")
        await app.machine.stop()
        await come_up(app)
        assert await not_asked(app) and docker.current == THEIRS
    async with running_app(machine.home, logs) as app:
        await is_up(app)
        await until(lambda: asked(app) == ["Yes", "No", "Later"])
        assert docker.current == THEIRS and app.preferences.app.use_context is UseContext.ASK


async def test_a_question_of_a_machine_that_stopped_goes(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch
) -> None:
    async with running_app(machine.home, logs) as app:
        await come_up(app)
        await until(lambda: bool(asked(app)))
        await app.machine.stop()
        await until(lambda: not asked(app))
        assert docker.current == THEIRS


async def test_without_the_command_nothing_is_asked_and_overview_says_why(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin" / "docker").unlink()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(context, "_CLI_FOLDERS", ())  # the computer of the test may have one
    async with running_app(machine.home, logs) as app:
        await come_up(app)
        assert await not_asked(app) and "There is no docker command on this host" in decided(app)
        assert docker.current == THEIRS


async def test_a_variable_that_outranks_it_is_named_and_the_switch_is_off(
    machine: MachineFiles, docker: DockerFolder, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///elsewhere.sock")
    async with running_app(machine.home, logs) as app:
        await come_up(app)
        assert await not_asked(app) and "DOCKER_HOST is set" in decided(app)
        assert not app.overview.connect_card.switch.isEnabled()


async def test_a_docker_folder_that_hangs_holds_up_nothing_else(
    machine: MachineFiles, docker: DockerFolder, tmp_path: Path, logs: LogWatch
) -> None:
    """In a network folder that is away: each look at Overview took a thread, and soon no setting was saved any more."""
    config = tmp_path / "folder" / "config.json"
    async with running_app(machine.home, logs) as app:
        await until(lambda: THEIRS in decided(app))
        config.unlink()
        os.mkfifo(config)
        for _ in range(3):
            app.context_offer.look()
            await asyncio.sleep(0)  # it begins
        try:
            async with asyncio.timeout(60):
                await app.preferences.put(console_font_px=15)
        finally:
            pipe = os.open(config, os.O_RDWR)
            config.unlink()
            os.close(pipe)  # who waits reads to the end of it
