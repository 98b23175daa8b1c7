"""The files of `moorage console`."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from desktop.cli.console_log import write_hardcopy


def test_a_hardcopy_that_the_disk_does_not_take_leaves_no_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))  # as on a disk that is full
    try:
        told = write_hardcopy("words")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert told == "hardcopy.0 cannot be written: File too large"
    assert not list(tmp_path.iterdir())
    assert "hardcopy.0" in write_hardcopy("words") and Path("hardcopy.0").read_text() == "words\n"
