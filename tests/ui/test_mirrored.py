"""What draws its own words has them at the side to which the window reads."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from desktop.models.finder import Entry
from desktop.views.card import NAME_WIDTH_PX, Facts
from desktop.views.finder import Finder
from desktop.views.switch import GAP, TRACK_W, Switch

WIDTH = 500


@pytest.fixture(params=[Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def is_mirrored(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = QGuiApplication.layoutDirection()
    QGuiApplication.setLayoutDirection(request.param)
    yield request.param is Qt.LayoutDirection.RightToLeft
    QGuiApplication.setLayoutDirection(before)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def has_ink(widget: QWidget, area: QRect, is_mirrored: bool) -> bool:
    """Whether something is drawn in an area of the picture, as it is where the window reads to the right."""
    picture = widget.grab().toImage()
    if is_mirrored:
        picture = picture.flipped(Qt.Orientation.Horizontal)
    points = [(x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom())]
    return len({picture.pixelColor(x, y).rgba() for x, y in points}) > 1


def test_the_words_of_a_switch_are_beside_it(is_mirrored: bool) -> None:
    switch = Switch("a", "Build cache")
    switch.resize(WIDTH, 26)
    assert has_ink(switch, QRect(TRACK_W + GAP, 2, 40, 22), is_mirrored)
    assert not has_ink(switch, QRect(WIDTH - 60, 2, 58, 22), is_mirrored)
    switch.deleteLater()


def test_a_find_has_its_title_first_and_its_detail_last(is_mirrored: bool) -> None:
    window = QWidget()
    window.resize(700, 500)
    finder = Finder(window, "finder", "Find", "Find", lambda text: [Entry("A title that is long enough", "x")] * 2)
    rows = finder.findChild(QListWidget, "finder_list")
    assert rows is not None
    row = rows.visualItemRect(rows.item(1))
    assert has_ink(rows.viewport(), QRect(60, row.top() + 6, 40, row.height() - 12), is_mirrored)
    assert not has_ink(rows.viewport(), QRect(row.width() - 100, row.top() + 6, 60, row.height() - 12), is_mirrored)
    finder.reject()
    window.deleteLater()


def test_a_fact_is_beside_its_name(is_mirrored: bool) -> None:
    """One that reads to the right itself, as a command does, was at the far side of the window."""
    facts = Facts("facts", (("command", "Command"),))
    facts.show_value("command", "sleep 1000")
    facts.resize(WIDTH, 24)
    assert has_ink(facts, QRect(0, 2, 20, 20), is_mirrored)
    assert has_ink(facts, QRect(NAME_WIDTH_PX + 18, 2, 50, 20), is_mirrored)
    assert not has_ink(facts, QRect(WIDTH - 60, 2, 58, 20), is_mirrored)
    facts.deleteLater()
