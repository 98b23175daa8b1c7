"""The files that `moorage console` writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desktop.cli.console_log import ScreenLog


def test_a_pipe_that_nobody_reads_does_not_hold_up_the_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted in /tmp, say: the terminal is raw, and no key would be read any more."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("screenlog.0")
    log = ScreenLog()
    assert "screenlog.0 cannot be written" in log.switch(0) and not log.is_on
