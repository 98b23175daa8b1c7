"""Every page, tab and dialog at the least size of the window: nothing is cut, and all of it can be mirrored."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from tests.helpers.cut import cut

ROOT = Path(__file__).resolve().parents[2]
STOPS = 40
"""At least so many pages, tabs and dialogs are seen."""


def toured(tmp_path: Path, settings: str = "", translations: Path | None = None, **environment: str) -> dict[str, Any]:
    """What is wrong, by the stop; a process of its own, since Qt takes its scale once."""
    words = [sys.executable, "-m", "tests.helpers.tour", str(tmp_path / "m"), "--settings", settings]
    words += ["--translations", str(translations)] if translations is not None else []
    own = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    result = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr[-4000:]
    answer: dict[str, Any] = json.loads(result.stdout)
    assert len(answer["stops"]) >= STOPS
    return answer


def test_nothing_is_cut_at_double_size(tmp_path: Path) -> None:
    answer = toured(tmp_path, QT_SCALE_FACTOR="2")
    assert answer["scale"] == 2 and answer["faults"] == {}


def test_nothing_is_cut_in_chinese(tmp_path: Path, compiled: Path) -> None:
    assert toured(tmp_path, 'language = "zh_CN"\n', compiled)["faults"] == {}


def test_all_is_mirrored_but_terminals_and_logs(tmp_path: Path) -> None:
    assert toured(tmp_path, 'layout = "right-to-left"\n')["faults"] == {}


def shown(*parts: QWidget) -> QWidget:
    made = QWidget()
    made.setObjectName("made")
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    for number, part in enumerate(parts):
        part.setObjectName(f"part {number}")
        row.addWidget(part)
    made.show()
    return made


def squeezed(part: QWidget) -> QWidget:
    part.setFixedWidth(30)
    return part


def hinted() -> QWidget:
    edit = QLineEdit()
    edit.setPlaceholderText("many words to read")
    return squeezed(edit)


@pytest.mark.parametrize("make", [lambda: squeezed(QPushButton("Remove")), lambda: squeezed(QLabel("Remove it"))])
def test_cut_words_are_found(make: Any) -> None:
    made = shown(make())
    found = cut()
    made.deleteLater()
    assert any("cuts 'Remove" in fault for fault in found)


def test_cut_hints_and_what_sticks_out_are_found() -> None:
    made = shown(hinted())
    stray = QLabel("x", made)
    stray.setObjectName("stray")
    stray.move(500, 0)
    stray.show()
    found = cut()
    made.deleteLater()
    assert any("cuts its hint" in fault for fault in found) and any("sticks out" in fault for fault in found)
