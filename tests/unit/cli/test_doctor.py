"""`moorage doctor` where there is nothing to look at yet."""

from pathlib import Path

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


async def test_no_name_of_a_file_reaches_the_terminal_as_it_is(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "\x1b]0;title\x07"
    folder.mkdir()
    (folder / "docker").touch(0o700)
    monkeypatch.setenv("PATH", str(folder))
    await examine(Home(home.base / "none").machine())
    said = capsys.readouterr().out
    assert "<U+001B>]0;title<U+0007>/docker" in said and "\x1b" not in said
