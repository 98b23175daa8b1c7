"""The docker context that a start writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop.core.machine import MachineStatus, State
from desktop.supervisor.docker_context import ContextWriter
from desktop.supervisor.publisher import Publisher
from tests.helpers.log_watch import LogWatch

SOCKET = Path("/home/u/vms/default/docker.sock")


async def begin_a_start() -> Publisher:
    publisher = Publisher(MachineStatus())
    writer = ContextWriter(SOCKET, publisher)
    publisher.move(State.STARTING)
    await writer.close()
    return publisher


async def test_a_start_writes_it_and_leaves_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    (tmp_path / "config.json").write_text('{"currentContext": "work"}')
    publisher = await begin_a_start()
    (meta,) = tmp_path.glob("contexts/meta/*/meta.json")
    assert json.loads(meta.read_text())["Endpoints"]["docker"]["Host"] == f"unix://{SOCKET}"
    assert (tmp_path / "config.json").read_text() == '{"currentContext": "work"}'
    assert publisher.status.warnings == ()


async def test_where_it_cannot_be_written_a_warning_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: LogWatch
) -> None:
    logs.expect("could not be written")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "file"))
    publisher = await begin_a_start()
    assert "docker context" in publisher.status.warnings[0]
