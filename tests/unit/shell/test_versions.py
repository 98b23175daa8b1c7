"""Pairs of versions that cannot work together."""

from __future__ import annotations

import sys

import PySide6
import pytest
from PySide6.QtCore import QObject

from desktop.core.errors import MoorageError
from desktop.shell.versions import refuse_bad_pair


@pytest.mark.parametrize(("python", "pyside"), [((3, 11), (6, 12, 0)), ((3, 10), (6, 12, 1)), ((3, 11), (6, 13, 0))])
def test_bad_pair_is_refused_in_words(python: tuple[int, ...], pyside: tuple[int, ...]) -> None:
    with pytest.raises(MoorageError, match=r"PySide6 6\.1\d\.\d does not work with Python 3\.1\d"):
        refuse_bad_pair(python, pyside)


@pytest.mark.parametrize(("python", "pyside"), [((3, 11), (6, 11, 3)), ((3, 12), (6, 12, 0)), ((3, 13), (6, 12, 0))])
def test_good_pair_is_not(python: tuple[int, ...], pyside: tuple[int, ...]) -> None:
    refuse_bad_pair(python, pyside)


def test_pair_that_runs_here_keeps_its_references() -> None:
    refuse_bad_pair(sys.version_info[:2], PySide6.__version_info__[:3])
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 100
