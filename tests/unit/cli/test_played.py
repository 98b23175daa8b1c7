"""The machine that `moorage app --fake` shows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.cli.played import played_home
from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MachineError
from desktop.core.machine import State
from desktop.services.setup import Setup


@pytest.fixture(autouse=True)
def environment_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", "/the/user's")


async def test_played_machine_can_be_started_and_goes_with_its_folder() -> None:
    with played_home([]) as home:
        assert await Setup(home).problem() == ""
        assert (await SupervisorClient(home.machine()).start()).state is State.RUNNING
        assert Path(os.environ["DOCKER_CONFIG"]).is_relative_to(home.base.parent)
    assert not home.base.parent.exists()
    with pytest.raises(SupervisorGone):
        await SupervisorClient(home.machine()).quit()


def test_wrong_scenario_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MachineError, match="did not start"), played_home(["nosuch"]):
        pass
    assert "There is no scenario 'nosuch'" in capfd.readouterr().err
