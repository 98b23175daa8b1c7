"""`moorage console` on a terminal of its own, attached to the fake's tty."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from desktop.core.paths import Home
from tests.helpers.fake import fake_machine, play
from tests.helpers.terminal_program import TerminalProgram

DEADLINE_S = 20.0
ROOT = Path(__file__).resolve().parents[3]


def test_keys_of_screen_on_a_terminal(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    with fake_machine(home) as files:
        asyncio.run(play(files, "running"))
        with TerminalProgram([sys.executable, "-m", "desktop", "console"], environment) as console:
            assert console.prints("`help` tells", DEADLINE_S)
            console.type("\x01?")
            assert console.prints(r"C-a d detaches", DEADLINE_S)
            console.type("\x01i")
            assert console.prints(r"80x24, viewers: 1, log off", DEADLINE_S)
            console.type("\x01Hecho logged\r")
            assert console.prints(r"written to .*screenlog\.0", DEADLINE_S)
            assert console.prints(r"\nlogged\r", DEADLINE_S)
            console.type("\x01H")
            assert console.prints("No longer written", DEADLINE_S)
            console.type("\x01[")
            assert console.prints("Only the window has this key", DEADLINE_S)
            console.type("\x01d")
            assert console.prints(r"\[detached\]", DEADLINE_S)
            assert console.wait(DEADLINE_S) == 0
    log = tmp_path / "screenlog.0"
    assert b"\nlogged\r\n" in log.read_bytes() and log.stat().st_mode & 0o777 == 0o600


def test_without_a_prefix_every_byte_is_the_guests(home: Home) -> None:
    home.settings_file.write_text('console_prefix = "none"\n')
    environment = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    with fake_machine(home) as files:
        asyncio.run(play(files, "running"))
        with TerminalProgram([sys.executable, "-m", "desktop", "console"], environment) as console:
            assert console.prints("`help` tells", DEADLINE_S)
            console.type("\x01decho on\r")
            assert console.prints(r"decho: not found", DEADLINE_S)
