"""`moorage doctor` where there is nothing to look at yet."""

import pytest

from desktop.cli.doctor import CHECKS, examine
from desktop.core.paths import Home


async def test_whoever_starts_with_nothing_hears_what_to_do(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = Home(home.base / "none")
    assert not await examine(nothing.machine())
    said = capsys.readouterr().out
    assert said.count("\n") == len(CHECKS)
    assert "Run `moorage guest build`" in said
    assert not nothing.base.exists()
