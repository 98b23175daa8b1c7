"""Deleting everything goes on to its end, whatever cannot be deleted, and says what that was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.errors import MoorageError
from desktop.core.paths import Home, MachineFiles
from desktop.engine.context import DockerContexts
from desktop.services.autostart import autostart
from desktop.services.everything import delete_everything
from desktop.shell.crash import LARGEST_LOG_BYTES, CrashLog
from tests.helpers.fake import fake_machine


@pytest.fixture
def machine(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MachineFiles]:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    home.settings_file.write_text('theme = "dark"\n')
    with fake_machine(home) as files:
        yield files
    home.base.mkdir(exist_ok=True)  # which the fixture of it takes away


async def test_all_goes(machine: MachineFiles) -> None:
    machine.home.crash_log.write_text("x" * (LARGEST_LOG_BYTES + 1))
    for log in (CrashLog(machine.home.crash_log), CrashLog(machine.home.crash_log)):
        log.open()  # the first puts what is too long aside
        log.close()
    contexts = DockerContexts()
    contexts.use(machine.docker_socket)
    await delete_everything(machine.home)
    assert not machine.home.base.exists()
    assert contexts.current().name == "default"


async def test_context_of_somebody_else_stays_and_is_told_when_all_else_is_gone(machine: MachineFiles) -> None:
    contexts = DockerContexts()
    contexts.write(machine.docker_socket)
    meta = contexts._meta_file("moorage")
    meta.write_text(json.dumps({"Name": "moorage"}))
    with pytest.raises(MoorageError, match=r"not all of it\. The docker context moorage was not made by Moorage"):
        await delete_everything(machine.home)
    assert meta.exists() and not machine.home.base.exists()


async def test_all_that_cannot_be_deleted_is_told(machine: MachineFiles, tmp_path: Path) -> None:
    DockerContexts().write(machine.docker_socket)
    (tmp_path / "docker/config.json").write_text("{")
    autostart().file.mkdir(parents=True)  # no file that could be taken away
    with pytest.raises(MoorageError) as raised:
        await delete_everything(machine.home)
    assert f"{tmp_path / 'docker/config.json'} cannot be read" in raised.value.why
    assert f"{autostart().file} cannot be written" in raised.value.why
    assert not machine.home.base.exists()


async def test_what_of_its_own_cannot_be_deleted_holds_up_nothing_else(machine: MachineFiles) -> None:
    machine.home.host_facts.mkdir()
    with pytest.raises(MoorageError, match=f"{machine.home.host_facts} cannot be deleted"):
        await delete_everything(machine.home)
    assert [path.name for path in machine.home.base.iterdir()] == [machine.home.host_facts.name]
