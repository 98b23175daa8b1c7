"""What a console shows, as a screen reader finds it: from outside, through AT-SPI."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core.paths import Home
from tests.helpers.accessible import accessible
from tests.helpers.screen import end, screen

pytestmark = pytest.mark.desktop

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication
from desktop.core import frames
from desktop.views.stream_pane import StreamPane
from desktop.views.stream_words import Kind, Phase, Target
application = QApplication(["reader"])
pane = StreamPane(Target(Kind.SHELL, "id", "cache"))
pane.show_phase(Phase.OPEN)
pane.show()
lines = QSocketNotifier(0, QSocketNotifier.Type.Read)
lines.activated.connect(lambda: pane.receive(frames.OUTPUT, sys.stdin.readline().encode().replace(b"\\n", b"\\r\\n")))
application.exec()
"""


def test_the_text_of_the_screen_is_read_and_follows_it(home: Home) -> None:
    with screen(home.base) as shown:
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], env=shown.environment, cwd=ROOT, stdin=subprocess.PIPE, text=True
        )
        try:
            assert program.stdin is not None
            with accessible(shown, program.pid) as windows:
                program.stdin.write("first line\n")
                program.stdin.flush()
                node = windows.wait_for("Shell in cache", "text", holding="first line")
                assert node.text == "first line" and "focusable" not in node.states
                program.stdin.write("\x1b[2J\x1b[Hsecond 中文 line\n")
                program.stdin.flush()
                assert windows.wait_for(holding="second").text == "second 中文 line"
                shown.shoot(ROOT / ".artefacts" / "screenshots" / "screen-reader.png")
        finally:
            end(program)
            assert program.stdin is not None
            program.stdin.close()
